package store

import (
	"context"
	"fmt"
	"math"

	"rapport/threads"
)

// Coverage tells what became of the mails of a mailbox as far as it was read:
// its account under the UIDVALIDITY of its cursor. Of a mailbox that was never
// read it is empty. Who reads a part of the archive learns only how many mails
// of that part are filed.
func (s *Store) Coverage(ctx context.Context, mailbox string) (c threads.Coverage, err error) {
	c.Owed = []threads.Owed{}
	err = s.view(ctx, func(t *tx) error {
		found, err := collect(t, scanCursor, `select `+cursorColumns+` from mailbox where name = $1`, mailbox)
		if err != nil || len(found) == 0 || found[0].UIDValidity == 0 {
			return err
		}
		return t.cover(&found[0], &c)
	})
	if err != nil {
		return threads.Coverage{}, fmt.Errorf("account for mailbox %s: %w", mailbox, err)
	}
	return c, nil
}

func (t *tx) cover(at *threads.Cursor, c *threads.Coverage) (err error) {
	first, last := at.First, at.LastUID
	if t.scope != nil {
		first, last = 0, math.MaxUint32
	}
	var latest, signed int64
	validity := int64(at.UIDValidity)
	if err := t.one(covered, []any{at.Mailbox, validity, int64(first), int64(last)}, &c.Filed, &c.Tray, &latest); err != nil {
		return err
	}
	c.Latest = moment(latest)
	if t.scope != nil {
		return nil
	}
	c.First, c.Last = first, last
	if err := t.one(`select coalesce(max(signed_at), 0) from coverage where mailbox = $1 and uidvalidity = $2`, []any{at.Mailbox, validity}, &signed); err != nil {
		return err
	}
	c.Signed = moment(signed)
	if c.Owed, err = t.owed(at.Mailbox, at.UIDValidity); err != nil {
		return err
	}
	owed := 0
	for _, o := range c.Owed {
		if c.First <= o.UID && o.UID <= c.Last {
			owed++
		}
	}
	c.Vanished = vanished(c.First, c.Last, c.Filed, owed)
	return nil
}

// covered looks at the message of no more positions than it must: a mailbox may
// have a hundred thousand. The cross join makes SQLite begin with the tray.
const covered = `select count(*),
	(select count(*) from message m cross join mail_position t
		where m.project = '' and m.dismissed = 0 and t.message = m.id and t.mailbox = $1 and t.uidvalidity = $2 and t.uid between $3 and $4),
	case when count(*) = 0 then 0 else (select m.filed_at from message m
		where exists (select 1 from mail_position l where l.message = m.id and l.mailbox = $1 and l.uidvalidity = $2)
		order by m.ord desc limit 1) end
	from mail_position p where p.mailbox = $1 and p.uidvalidity = $2 and p.uid between $3 and $4`

// FiledUIDs returns the UIDs of a mailbox under which the archive has mail, in
// their order.
func (s *Store) FiledUIDs(ctx context.Context, mailbox string, uidvalidity uint32) (uids []uint32, err error) {
	err = s.view(ctx, func(t *tx) error {
		uids, err = t.filedUIDs(mailbox, uidvalidity)
		return err
	})
	return uids, err
}

func (t *tx) filedUIDs(mailbox string, uidvalidity uint32) ([]uint32, error) {
	uids, err := collect(t, scalar[uint32], `select uid from mail_position where mailbox = $1 and uidvalidity = $2 order by uid`, mailbox, int64(uidvalidity))
	if err != nil {
		return nil, fmt.Errorf("read which mail of %s is filed: %w", mailbox, err)
	}
	return uids, nil
}

// vanished is how many of the UIDs from first to last are neither filed nor owed.
func vanished(first, last uint32, filed, owed int) int {
	return int(int64(last)-int64(first)) + 1 - filed - owed
}
