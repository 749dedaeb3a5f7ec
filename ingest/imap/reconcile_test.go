package imap_test

import (
	"context"
	"database/sql"
	"testing"

	"rapport/ingest"
)

// filed reads the UIDs that the archive has straight from its tables.
func (h *house) filed(ctx context.Context, mailbox string, uidvalidity uint32) ([]uint32, error) {
	db, err := sql.Open("sqlite3", "file:"+h.database+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `select uid from mail_position where mailbox = ? and uidvalidity = ?`, mailbox, uidvalidity)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var uids []uint32
	for rows.Next() {
		var uid uint32
		if err := rows.Scan(&uid); err != nil {
			return nil, err
		}
		uids = append(uids, uid)
	}
	return uids, rows.Err()
}

func TestAGapBelowTheCursorIsFoundAndFetched(t *testing.T) {
	s := newScripted(t, letter(1), letter(2), letter(3), letter(4), letter(5))
	h := archive(t)
	small := func(c *ingest.PollerConfig) { c.MaxSize = 100 }
	compared := func(c *ingest.PollerConfig) { c.Filed = h.filed }
	s.sizes[3] = 5000 // over the limit when its turn comes
	for uid, raw := range s.mails {
		if uid != 3 {
			s.mails[uid] = raw[:90]
		}
	}
	if c := h.once(h.poller(s.config(), small)); c.Filed != 4 || c.Aside != 1 || h.cursor().LastUID != 5 {
		t.Fatalf("%+v, cursor %+v", c, h.cursor())
	}
	s.change(func() {
		delete(s.mails, 1)
		delete(s.mails, 2)
		delete(s.sizes, 3) // the limit was raised
	})
	p := h.poller(s.config(), compared)
	if c := h.once(p); c.Filed != 1 || !h.has(letter(3)) || h.cursor().LastUID != 5 {
		t.Errorf("%+v, cursor %+v", c, h.cursor())
	}
	if a := p.Status().Account; a == nil || a.First != 1 || a.Last != 5 || a.Filed != 2 || a.Vanished != 2 || a.Missing != 1 {
		t.Errorf("account %v", a)
	}
	again := h.poller(s.config(), compared)
	h.once(again)
	if a := again.Status().Account; a.Missing != 0 || a.Filed != 3 {
		t.Errorf("then %v", a)
	}
}

func TestWhatIsOlderThanTheFirstVisitIsNoGap(t *testing.T) {
	s := newScripted(t, letter(1), letter(2))
	h := archive(t)
	now := func(c *ingest.PollerConfig) { c.Filed, c.Start = h.filed, ingest.Start{} }
	h.once(h.poller(s.config(), now))
	s.change(func() { s.mails[3] = letter(3) })
	h.once(h.poller(s.config(), now))
	if c := h.once(h.poller(s.config(), now)); c.Filed != 0 || h.messages() != 1 {
		t.Errorf("%+v, %d mails", c, h.messages())
	}
}
