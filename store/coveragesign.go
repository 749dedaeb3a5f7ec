package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rapport/threads"
)

// betweenSigned is how long a signed account is good enough if nothing has changed.
const betweenSigned = 24 * time.Hour

// SignCoverage puts the account of a mailbox into the log, after somebody has compared
// it with the server, and returns it. If it is the last one again, and not a day
// old, nothing is written. It is ErrFenced when another process has claimed the
// mailbox.
func (s *Store) SignCoverage(ctx context.Context, cursor threads.Cursor) (c threads.Coverage, err error) {
	err = s.write(ctx, func(t *tx) error {
		now, err := t.coverageNow(&cursor)
		if err != nil {
			return err
		}
		if err := t.cover(&cursor, &c); err != nil {
			return err
		}
		now.tray = c.Tray
		last, err := collect(t, scanCoverage, `select `+coverageColumns+`where mailbox = $1 and uidvalidity = $2 order by n desc limit 1`,
			cursor.Mailbox, int64(cursor.UIDValidity))
		if err != nil {
			return err
		}
		if len(last) > 0 {
			if now.n = last[0].n + 1; now.same(&last[0]) && t.at.Sub(last[0].signed) < betweenSigned {
				return nil
			}
		}
		c.Signed = t.at
		return t.insertCoverage(now)
	})
	if err != nil {
		return threads.Coverage{}, fmt.Errorf("sign the account of mailbox %s: %w", cursor.Mailbox, err)
	}
	return c, nil
}

// coverageNow reads the sets of UIDs as they are now, if the claim still holds.
func (t *tx) coverageNow(c *threads.Cursor) (*coverageRow, error) {
	found, err := collect(t, scanCursor, `select `+cursorColumns+` from mailbox where name = $1 and fence = $2`+t.dialect.lock, c.Mailbox, c.Fence)
	if err == nil && len(found) == 0 {
		err = threads.ErrFenced
	}
	if err != nil {
		return nil, err
	}
	*c = found[0]
	filed, err := t.filedUIDs(c.Mailbox, c.UIDValidity)
	if err != nil {
		return nil, err
	}
	owed, err := t.owed(c.Mailbox, c.UIDValidity)
	if err != nil {
		return nil, err
	}
	uids := make([]uint32, len(owed))
	for i, o := range owed {
		uids[i] = o.UID
	}
	return &coverageRow{mailbox: c.Mailbox, uidvalidity: c.UIDValidity, n: 1, first: c.First, last: c.LastUID,
		filed: uidSetOf(inRange(filed, c.First, c.LastUID)).String(), owed: uidSetOf(inRange(uids, c.First, c.LastUID)).String()}, nil
}

// inRange is the part of ascending UIDs from first to last.
func inRange(uids []uint32, first, last uint32) []uint32 {
	from, _ := slices.BinarySearch(uids, first)
	to, found := slices.BinarySearch(uids, last)
	if found {
		to++
	}
	return uids[from:max(from, to)]
}

// coverageRow is an account as it was signed.
type coverageRow struct {
	id          string
	mailbox     string
	uidvalidity uint32
	n           int
	first, last uint32
	filed       string // a uidSet
	tray        int
	owed        string // a uidSet
	signed      time.Time
	salt        []byte
}

const coverageColumns = `id, mailbox, uidvalidity, n, first_uid, last_uid, filed, tray, owed, signed_at, salt from coverage `

func scanCoverage(row scanner) (c coverageRow, err error) {
	var signed int64
	err = row.Scan(&c.id, &c.mailbox, &c.uidvalidity, &c.n, &c.first, &c.last, &c.filed, &c.tray, &c.owed, &signed, &c.salt)
	c.signed = moment(signed)
	return c, err
}

func (c *coverageRow) same(d *coverageRow) bool {
	return c.first == d.first && c.last == d.last && c.filed == d.filed && c.tray == d.tray && c.owed == d.owed
}

func (t *tx) insertCoverage(c *coverageRow) error {
	c.id, c.signed, c.salt = t.ids.New(threads.CoveragePrefix), t.at, t.salt()
	_, err := t.exec(`insert into coverage (id, mailbox, uidvalidity, n, first_uid, last_uid, filed, tray, owed, signed_at, salt)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, c.id, c.mailbox, int64(c.uidvalidity), c.n, int64(c.first), int64(c.last),
		c.filed, c.tray, c.owed, ms(c.signed), c.salt)
	if err != nil {
		return err
	}
	t.record(coverageEntry(c))
	return nil
}

// coverageEntry records an account. Its figures are in the clear: they are about
// no person, and speak for themselves to whoever reads the log. Of a damaged
// row no commitment is right.
func coverageEntry(c *coverageRow) threads.Entry {
	e := threads.Entry{At: c.signed, Type: threads.EntryCoverage, Subject: c.id}
	filed, errFiled := parseUIDSet(c.filed)
	owed, errOwed := parseUIDSet(c.owed)
	if errFiled != nil || errOwed != nil {
		return e
	}
	e.State = fmt.Sprintf("UIDs %d..%d: %d filed, %d of them in the tray, %d vanished, %d owed",
		c.first, c.last, filed.size(), c.tray, vanished(c.first, c.last, filed.size(), owed.size()), owed.size())
	e.Commit = threads.Commit(c.salt, coverageEvidence(c))
	return e
}

// coverageEvidence is what the log commits to about an account.
func coverageEvidence(c *coverageRow) []byte {
	return evidence(struct {
		V           int    `json:"v"`
		Mailbox     string `json:"mailbox"`
		UIDValidity uint32 `json:"uidvalidity"`
		N           int    `json:"n"`
		First       uint32 `json:"first"`
		Last        uint32 `json:"last"`
		Filed       string `json:"filed"`
		Tray        int    `json:"tray"`
		Owed        string `json:"owed"`
	}{1, c.mailbox, c.uidvalidity, c.n, c.first, c.last, c.filed, c.tray, c.owed})
}
