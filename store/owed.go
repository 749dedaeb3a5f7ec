package store

import (
	"context"
	"errors"
	"fmt"

	"rapport/threads"
)

// owedRow is an owed mail with what its log entry is made of.
type owedRow struct {
	threads.Owed
	id          string
	mailbox     string
	uidvalidity uint32
	salt        []byte
}

const owedColumns = `id, mailbox, uidvalidity, uid, size, why, words, from_name, from_address, subject, since, salt from owed `

func scanOwed(row scanner) (o owedRow, err error) {
	var since int64
	err = row.Scan(&o.id, &o.mailbox, &o.uidvalidity, &o.UID, &o.Size, &o.Why, &o.Words, &o.From.Name, &o.From.Address, &o.Subject, &since, &o.salt)
	o.Since = moment(since)
	return o, err
}

// Owed returns the mails of a mailbox that are on the server and not filed, by UID.
func (s *Store) Owed(ctx context.Context, mailbox string, uidvalidity uint32) (all []threads.Owed, err error) {
	err = s.view(ctx, func(t *tx) error {
		all, err = t.owed(mailbox, uidvalidity)
		return err
	})
	return all, err
}

func (t *tx) owed(mailbox string, uidvalidity uint32) ([]threads.Owed, error) {
	rows, err := collect(t, scanOwed, `select `+owedColumns+`where mailbox = $1 and uidvalidity = $2 order by uid`, mailbox, int64(uidvalidity))
	if err != nil {
		return nil, fmt.Errorf("read what is owed of mailbox %s: %w", mailbox, err)
	}
	all := make([]threads.Owed, len(rows))
	for i, r := range rows {
		all[i] = r.Owed
	}
	return all, nil
}

// noteOwed writes what the cursor passes without filing it, and takes out what
// is no longer owed. It comes after the filing, which tells what became of a mail.
func (t *tx) noteOwed(c *threads.Cursor) error {
	stale, err := collect(t, scanOwed, `select `+owedColumns+`where mailbox = $1 and uidvalidity <> $2 order by uidvalidity, uid`, c.Mailbox, int64(c.UIDValidity))
	if err != nil {
		return fmt.Errorf("look for what was owed of mailbox %s: %w", c.Mailbox, err)
	}
	for i := range stale { // all mail is read again under new UIDs
		if err := t.settleOwed(&stale[i], "", "renumbered"); err != nil {
			return err
		}
	}
	for _, uid := range c.Settled {
		if err := t.ended(c, uid); err != nil {
			return err
		}
	}
	for _, o := range c.Owing {
		if err := t.owe(c, o); err != nil {
			return err
		}
	}
	return nil
}

// ended settles an owed mail that is filed now, or gone from the server.
func (t *tx) ended(c *threads.Cursor, uid uint32) error {
	o, err := t.owedAt(c, uid)
	if err != nil || o == nil {
		return err
	}
	var message string
	err = t.one(`select message from mail_position where mailbox = $1 and uidvalidity = $2 and uid = $3`,
		[]any{c.Mailbox, int64(c.UIDValidity), int64(uid)}, &message)
	if errors.Is(err, threads.ErrNotFound) {
		return t.settleOwed(o, "", "gone")
	}
	if err != nil {
		return fmt.Errorf("look for mail %d of mailbox %s: %w", uid, c.Mailbox, err)
	}
	return t.settleOwed(o, message, "filed")
}

// owe notes a mail as owed. What was noted of it before ends.
func (t *tx) owe(c *threads.Cursor, mail threads.Owed) error {
	old, err := t.owedAt(c, mail.UID)
	if err != nil {
		return err
	}
	if old != nil {
		mail.Since = old.Since
		if err := t.settleOwed(old, "", "noted anew"); err != nil {
			return err
		}
	}
	if mail.Since.IsZero() {
		mail.Since = t.at
	}
	o := owedRow{mail, t.ids.New(threads.OwedPrefix), c.Mailbox, c.UIDValidity, t.salt()}
	for _, text := range []*string{&o.mailbox, &o.Words, &o.From.Name, &o.From.Address, &o.Subject} {
		*text = cleanText(*text)
	}
	_, err = t.exec(`insert into owed (id, mailbox, uidvalidity, uid, size, why, words, from_name, from_address, subject, since, salt)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		o.id, o.mailbox, int64(o.uidvalidity), int64(o.UID), o.Size, string(o.Why), o.Words, o.From.Name, o.From.Address, o.Subject, ms(o.Since), o.salt)
	if err != nil {
		return fmt.Errorf("note mail %d of mailbox %s as owed: %w", o.UID, o.mailbox, err)
	}
	t.record(owedEntry(&o))
	return nil
}

// owedAt is the owed mail with a UID, nil if it is not owed.
func (t *tx) owedAt(c *threads.Cursor, uid uint32) (*owedRow, error) {
	found, err := collect(t, scanOwed, `select `+owedColumns+`where mailbox = $1 and uidvalidity = $2 and uid = $3`, c.Mailbox, int64(c.UIDValidity), int64(uid))
	if err != nil {
		return nil, fmt.Errorf("look whether mail %d of mailbox %s is owed: %w", uid, c.Mailbox, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return &found[0], nil
}

func (t *tx) settleOwed(o *owedRow, message, end string) error {
	if _, err := t.exec(`delete from owed where id = $1`, o.id); err != nil {
		return fmt.Errorf("settle mail %d of mailbox %s: %w", o.UID, o.mailbox, err)
	}
	t.record(threads.Entry{Type: threads.EntrySettled, Subject: o.id, Ref: message, State: end})
	return nil
}

// owedEntry records that a mail is owed.
func owedEntry(o *owedRow) threads.Entry {
	value := evidence(struct {
		V           int    `json:"v"`
		UIDValidity uint32 `json:"uidvalidity"`
		UID         uint32 `json:"uid"`
		Size        int64  `json:"size"`
		Since       int64  `json:"since"`
		Fields      string `json:"fields"`
	}{1, o.uidvalidity, o.UID, o.Size, ms(o.Since), threads.Digest(o.mailbox, o.Words, o.From.Name, o.From.Address, o.Subject)})
	return threads.Entry{Type: threads.EntryOwed, Subject: o.id, State: string(o.Why), Commit: threads.Commit(o.salt, value)}
}
