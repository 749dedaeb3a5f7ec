package store

import (
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// MailEvidence returns what opens a mail's commitment in the log: its salt and
// the canonical value, which hash to the commitment; and what was read from the
// mail, of which the value has a digest.
func (s *Snapshot) MailEvidence(id string) (salt, value, read []byte, err error) {
	m, err := s.t.message(id)
	if err != nil {
		return nil, nil, nil, err
	}
	p := prepared{Filing: threads.Filing{Message: m}}
	if err := s.t.one(`select source, salt, body, evidence, dismissed <> 0 from message where id = $1`, []any{id}, &p.Source, &p.salt, &p.body, &p.form, &p.dismissed); err != nil {
		return nil, nil, nil, fmt.Errorf("read message %s: %w", id, err)
	}
	body, err := s.t.packer.dec.DecodeAll(p.body, nil)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("message %s is damaged: %w", id, err)
	}
	return p.salt, mailEvidence(&p, string(body)), body, nil
}

// ItemRecords gives the records of a mail's items, of what they were between the
// changes of the mail, and of all answers to them. Items that are no more have
// records too; none of them belongs to mail that was erased.
func (s *Snapshot) ItemRecords(message string, do func(threads.Record) error) error {
	if err := s.items(do, `where i.message = $1 order by i.number`, message); err != nil {
		return err
	}
	if err := s.pastItems(message, do); err != nil {
		return err
	}
	return s.answers(do, `where i.message = $1 order by a.item, a.n`, message)
}

// pastItems gives what the items of a mail were before its changes, and before
// those were undone.
func (s *Snapshot) pastItems(message string, do func(threads.Record) error) error {
	var salt []byte
	if err := s.t.one(`select salt from message where id = $1`, []any{message}, &salt); err != nil || len(salt) == 0 {
		return err
	}
	if err := s.readChanged(); err != nil {
		return err
	}
	for _, id := range s.changed[message] {
		var before, undone string
		if err := s.t.unbound().one(`select before, undone from change where id = $1`, []any{id}, &before, &undone); err != nil {
			return err
		}
		for _, text := range []string{before, undone} {
			var snapshots []was
			if err := fromJSON(text, &snapshots); err != nil {
				return fmt.Errorf("change %s: %w", id, err)
			}
			for _, w := range snapshots {
				for i := range w.Items {
					item := &w.Items[i]
					if item.Message != message {
						continue
					}
					for form := 1; form <= itemForm; form++ { // nobody has written down which it was
						r := opened(itemEntryIn(form, item, salt), salt, itemValue(form, item))
						r.Item, r.Past = item, true
						if err := do(r); err != nil {
							return err
						}
					}
				}
			}
		}
	}
	return nil
}

// readChanged finds once, for all mail that is asked about, which changes each
// had; also those of other projects, in which it may have been then.
func (s *Snapshot) readChanged() error {
	if s.changed != nil {
		return nil
	}
	changed := map[string][]string{}
	t := s.t.unbound()
	rows, err := collect(t, func(row scanner) (c [2]string, err error) { return c, row.Scan(&c[0], &c[1]) }, `select id, messages from change order by n`)
	for i := 0; err == nil && i < len(rows); i++ {
		var messages []string
		err = fromJSON(rows[i][1], &messages)
		for _, m := range messages {
			changed[m] = append(changed[m], rows[i][0])
		}
	}
	if err != nil {
		return fmt.Errorf("read the changes: %w", err)
	}
	s.changed = changed
	return nil
}

// Message reads one message.
func (s *Snapshot) Message(id string) (threads.Message, error) { return s.t.message(id) }

// Leaf returns one line of the log.
func (s *Snapshot) Leaf(n int64) (line []byte, err error) {
	if err = s.t.one(`select line from log_leaf where log = $1 and n = $2`, []any{s.log, n}, &line); err != nil {
		err = fmt.Errorf("read line %d of the log: %w", n, err)
	}
	return line, err
}

// MailPlace is where one mail of a project stands, without reading the mail.
type MailPlace struct {
	ID, Thread string
	Received   time.Time
}

// MailOf lists the mail of a project in the order in which it came.
func (s *Snapshot) MailOf(project string) ([]MailPlace, error) {
	return collect(s.t, func(row scanner) (p MailPlace, err error) {
		var received int64
		err = row.Scan(&p.ID, &p.Thread, &received)
		p.Received = moment(received)
		return p, err
	}, `select id, thread, received from message where project = $1 order by ord`, project)
}

// ReportRecords gives the records of the report whose own mail this is: its
// approval, its letters and the steps of their delivery.
func (s *Snapshot) ReportRecords(message string, do func(threads.Record) error) error {
	return errors.Join(s.reports(do, `where message = $1`, message), s.letters(do, `where r.message = $1`, message),
		s.events(do, `where r.message = $1`, message))
}

// ChangeRecords gives the records of a decision: that it was made, and undone.
func (s *Snapshot) ChangeRecords(id string, do func(threads.Record) error) error {
	return s.changes(do, `where id = $1`, id)
}

// AccountRecords gives the latest signed account of each mailbox in which one of
// these mails lay.
func (s *Snapshot) AccountRecords(messages []string, do func(threads.Record) error) error {
	return s.each("signed accounts", func(row scanner) error {
		c, err := scanCoverage(row)
		if err != nil {
			return err
		}
		return do(threads.Record{Entry: coverageEntry(&c), Salt: c.salt, Value: coverageEvidence(&c)})
	}, `select `+coverageColumns+`where n = (select max(n) from coverage other where other.mailbox = coverage.mailbox and other.uidvalidity = coverage.uidvalidity)
		and exists (select 1 from mail_position p where p.mailbox = coverage.mailbox and p.uidvalidity = coverage.uidvalidity and `+
		s.t.dialect.in("p.message", 1)+`) order by mailbox, uidvalidity`, list(s.t.dialect, messages))
}

// RawMail returns the exact bytes of a message.
func (s *Snapshot) RawMail(sha string) ([]byte, error) { return s.t.getRaw(sha) }

// Tile returns the hashes of a tile of the log.
func (s *Snapshot) Tile(level int, n int64) (data []byte, err error) {
	err = s.t.one(`select data from log_tile where log = $1 and level = $2 and n = $3`, []any{archiveLog, level, n}, &data)
	return data, err
}
