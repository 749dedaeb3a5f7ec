package imap_test

import (
	"sync/atomic"
	"testing"
	"time"

	"rapport/ingest"
)

// TestAGapIsFoundOnDovecot: whatever made the cursor pass mails that are not
// filed, the comparison with the server finds them, and they are fetched.
func TestAGapIsFoundOnDovecot(t *testing.T) {
	h := newHouse(t)
	for i := range 3 {
		h.dovecot.Append(t, user, letter(i))
	}
	if c := h.once(h.poller(h.config(), nil)); c.Filed != 3 {
		t.Fatalf("%+v", c)
	}
	for i := range 4 {
		h.dovecot.Append(t, user, letter(3+i))
	}
	h.sql(`update mailbox set last_uid = 6`) // and 4, 5 and 6 were never fetched
	h.client(remove(2, 5))                   // of which one was filed
	if c := h.once(h.poller(h.config(), after("seen"))); c.Filed != 3 || h.account() != "1..7: 6 filed, 1 vanished" {
		t.Errorf("%+v, %s", c, h.account())
	}
	h.holdsAll(6)
	// The policy is for what was missing as well.
	if seen := h.folder("INBOX", "SEEN"); !same(seen, h.dovecot.Inbox(t, user)) {
		t.Errorf("of %d mails %d are marked", len(h.dovecot.Inbox(t, user)), len(seen))
	}
}

// TestAGapIsFoundWithoutARestart: a mailbox that is watched without a break is
// compared once a day.
func TestAGapIsFoundWithoutARestart(t *testing.T) {
	h := newHouse(t)
	for i := range 3 {
		h.dovecot.Append(t, user, letter(i))
	}
	var later atomic.Int64
	p := h.poller(h.config(), func(c *ingest.PollerConfig) {
		c.Poll = 20 * time.Millisecond
		c.Now = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	stop := h.run(p)
	h.until("all is read", func() bool { s := p.Status(); return s.Counts.Filed == 3 && s.State == "idle" })
	h.sql(`delete from mail_position where uid = 2`)
	later.Store(int64(25 * time.Hour))
	h.until("the gap is found", func() bool { return p.Status().Counts.Known == 1 })
	stop()
	if h.account() != "1..3: 3 filed, 0 vanished" || h.messages() != 3 {
		t.Errorf("%s, %d mails", h.account(), h.messages())
	}
	h.whole()
}
