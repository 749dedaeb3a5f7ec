package store

import (
	"errors"
	"fmt"

	"rapport/threads"
)

// MailEvidence returns what opens a mail's commitment in the log: its salt and
// the canonical value, which hash to the commitment.
func (s *Snapshot) MailEvidence(id string) (salt, value []byte, err error) {
	m, err := s.t.message(id)
	if err != nil {
		return nil, nil, err
	}
	p := prepared{Filing: threads.Filing{Message: m}}
	if err := s.t.one(`select source, salt, body, evidence from message where id = $1`, []any{id}, &p.Source, &p.salt, &p.body, &p.form); err != nil {
		return nil, nil, fmt.Errorf("read message %s: %w", id, err)
	}
	body, err := s.t.packer.dec.DecodeAll(p.body, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("message %s is damaged: %w", id, err)
	}
	return p.salt, mailEvidence(&p, string(body)), nil
}

// ItemRecords gives the records of a mail's items and of their answers.
func (s *Snapshot) ItemRecords(message string, do func(threads.Record) error) error {
	return errors.Join(s.items(do, `where i.message = $1`, message), s.answers(do, `where i.message = $1`, message))
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
