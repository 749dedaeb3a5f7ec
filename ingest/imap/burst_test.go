package imap_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"rapport/ingest"
)

// TestABurstWhileTheServerIsWatched: thousands of mails come at once while the
// mailbox is in IDLE, and some more while they are filed. Each is filed once, in
// bounded memory, and the mailbox is watched again.
func TestABurstWhileTheServerIsWatched(t *testing.T) {
	h := newHouse(t)
	p := h.poller(h.config(), func(c *ingest.PollerConfig) { c.Poll = time.Hour }) // the server has to tell
	stop := h.run(p)
	watched := func() bool { return p.Status().State == "idle" }
	h.until("the mailbox is watched", watched)
	goroutines := runtime.NumGoroutine() // the watch may have some yet to begin

	const burst, late, most = 3000, 10, 150 << 20
	const few = 10 // of sixty batches, each of which may leave something
	for i := range burst {
		h.drop(i)
	}
	for i := range late {
		h.dovecot.Deliver(t, user, letter(burst+i)) // over LMTP, which adds lines on top
	}
	peak := uint64(0)
	h.until("the burst is filed", func() bool {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapAlloc)
		return p.Status().Counts.Filed == burst+late
	})
	h.until("the mailbox is watched again", watched)
	h.until("nothing is left running", func() bool { return runtime.NumGoroutine() <= goroutines+few })
	h.dovecot.Deliver(t, user, letter(burst+late))
	h.until("one more mail is filed", func() bool { return p.Status().Counts.Filed == burst+late+1 })
	stop()
	if s := p.Status(); s.Counts.Known != 0 || s.Counts.Aside != 0 || s.Trouble != "" {
		t.Errorf("status %+v", s)
	}
	if peak > most {
		t.Errorf("the heap grew to %d MB", peak>>20)
	}
	h.complete()
	t.Logf("the heap grew to %d MB", peak>>20)
}

// drop puts a mail into the Maildir as a local delivery does: written in tmp,
// shown in new.
func (h *house) drop(n int) {
	h.t.Helper()
	maildir, name := h.dovecot.Maildir(user), fmt.Sprintf("%d.burst", 1_700_000_000+n)
	h.must(os.WriteFile(filepath.Join(maildir, "tmp", name), letter(n), 0o644))
	h.must(os.Rename(filepath.Join(maildir, "tmp", name), filepath.Join(maildir, "new", name)))
}
