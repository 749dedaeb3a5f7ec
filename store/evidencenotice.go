package store

import (
	"fmt"

	"rapport/threads"
)

// notices gives what was sent by itself, and each of its steps.
func (s *Snapshot) notices(do func(threads.Record) error) error {
	err := s.each("notices", func(row scanner) error {
		var salt, packed []byte
		var with string
		n, err := scanNotice(prefixed{row, []any{&salt, &packed, &with}})
		if err != nil {
			return err
		}
		if len(salt) == 0 {
			r := emptied(threads.Record{Entry: noticeEntry(&n, nil)}, salt, []string{with}, string(packed))
			if n.Answers == with { // else only its bytes are erased
				r = emptied(r, salt, []string{with}, string(packed), n.To.Name, n.To.Address, n.Subject, n.MessageID)
			}
			return do(r)
		}
		e := noticeEntry(&n, salt)
		if with != "" {
			e.Commit = "" // nothing of it was erased
		}
		if n.SHA != "" {
			if _, err := s.t.packer.unpack(n.SHA, packed); err != nil {
				e.Commit = "" // no commitment is right for damaged bytes
			}
		}
		return do(threads.Record{Entry: e})
	}, `select x.salt, x.raw, x.erased_with, `+noticeColumns)
	if err != nil {
		return err
	}
	return s.each("deliveries of notices", func(row scanner) error {
		r := threads.Record{Entry: threads.Entry{Type: threads.EntryNoticeDelivery}}
		var at int64
		var words, with string
		var salt []byte
		if err := row.Scan(&r.Entry.Subject, &r.N, &at, &r.Entry.State, &words, &salt, &r.Entry.Project, &with); err != nil {
			return fmt.Errorf("a step of a notice: %w", err)
		}
		r.Entry.At, r.Entry.Commit = moment(at), threads.Commit(salt, []byte(words))
		return do(emptied(r, salt, []string{with}, words))
	}, `select e.notice, e.n, e.at_ms, e.state, e.words, e.salt, coalesce(x.project, ''), coalesce(x.erased_with, '') from notice_event e left join notice x on x.id = e.notice`)
}
