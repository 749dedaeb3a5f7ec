package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

const cursorColumns = `name, uidvalidity, first_uid, last_uid, modseq, fence`

func scanCursor(row scanner) (c threads.Cursor, err error) {
	var modseq int64 // below 2^63: RFC 7162 section 3.1
	err = row.Scan(&c.Mailbox, &c.UIDValidity, &c.First, &c.LastUID, &modseq, &c.Fence)
	c.ModSeq = uint64(modseq)
	return c, err
}

// Claim takes or renews a mailbox for owner until the given time, under a new
// fence. It is ErrConflict while another owner's claim lasts.
func (s *Store) Claim(ctx context.Context, mailbox, owner string, until time.Time) (c threads.Cursor, err error) {
	err = s.write(ctx, func(t *tx) error {
		found, err := collect(t, scanCursor, `insert into mailbox (name, uidvalidity, first_uid, last_uid, modseq, fence, owner, until)
			values ($1, 0, 0, 0, 0, 1, $2, $3)
			on conflict (name) do update set fence = mailbox.fence + 1, owner = excluded.owner, until = excluded.until
			where mailbox.owner in ('', excluded.owner) or mailbox.until <= $4
			returning `+cursorColumns, mailbox, owner, ms(until), ms(t.at))
		if err == nil && len(found) == 0 {
			err = fmt.Errorf("%w: another process reads it", threads.ErrConflict)
		}
		if err == nil {
			c = found[0]
		}
		return err
	})
	if err != nil {
		return threads.Cursor{}, fmt.Errorf("claim mailbox %s: %w", mailbox, err)
	}
	return c, nil
}

// Unclaim gives a mailbox back, so that another process need not wait for the
// claim to end.
func (s *Store) Unclaim(ctx context.Context, c threads.Cursor) error {
	err := s.write(ctx, func(t *tx) error {
		n, err := t.exec(`update mailbox set owner = '', until = 0, fence = fence + 1 where name = $1 and fence = $2`, c.Mailbox, c.Fence)
		if err == nil && n == 0 {
			err = threads.ErrFenced
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("give back mailbox %s: %w", c.Mailbox, err)
	}
	return nil
}

// moveCursor writes how far a mailbox was read, if the claim still holds.
func (t *tx) moveCursor(c *threads.Cursor) error {
	n, err := t.exec(`update mailbox set uidvalidity = $3, first_uid = $4, last_uid = $5, modseq = $6 where name = $1 and fence = $2`,
		c.Mailbox, c.Fence, int64(c.UIDValidity), int64(c.First), int64(c.LastUID), int64(c.ModSeq))
	if err == nil && n == 0 {
		err = threads.ErrFenced
	}
	if err != nil {
		return fmt.Errorf("move the cursor of mailbox %s: %w", c.Mailbox, err)
	}
	return nil
}

// putPosition notes where a message lies. A server that was restored from an
// older backup gives a UID a second time: it is then that of the later mail.
func (t *tx) putPosition(p *threads.Position, message string) error {
	if p == nil {
		return nil
	}
	_, err := t.exec(`insert into mail_position (mailbox, uidvalidity, uid, message) values ($1, $2, $3, $4)
		on conflict (mailbox, uidvalidity, uid) do update set message = excluded.message`, p.Mailbox, int64(p.UIDValidity), int64(p.UID), message)
	if err != nil {
		return fmt.Errorf("note its place in mailbox %s: %w", p.Mailbox, err)
	}
	return nil
}

// Mailboxes returns how far each mailbox was read, by name.
func (s *Store) Mailboxes(ctx context.Context) ([]threads.Cursor, error) {
	all, err := read(ctx, s, scanCursor, `select `+cursorColumns+` from mailbox order by name`)
	if err != nil {
		return nil, fmt.Errorf("list mailboxes: %w", err)
	}
	return all, nil
}
