package ingest

import (
	"context"
	"errors"
	"testing"
	"time"

	"rapport/threads"
)

// noCursors and noMailbox are never asked.
type (
	noCursors struct{ Cursors }
	noMailbox struct{ Mailbox }
)

func waitsOf(t *testing.T) waits {
	t.Helper()
	p, err := NewPoller(PollerConfig{Name: "box", Mailbox: noMailbox{}, Pipeline: &Pipeline{}, Cursors: noCursors{}, Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return p.newWaits()
}

// TestPausesAfterTrouble: they grow up to a limit, are longer after a refused
// login, begin anew when things go well, and differ between mailboxes.
func TestPausesAfterTrouble(t *testing.T) {
	broken := errors.New("connection reset")
	w := waitsOf(t)
	mean := time.Second
	for n := range 20 {
		got := w.after(broken)
		if got < mean/2 || got > mean*3/2 {
			t.Errorf("pause %d is %s, want %s give or take half", n+1, got, mean)
		}
		mean = min(2*mean, 5*time.Minute)
	}
	w.Reset()
	if got := w.after(broken); got > 2*time.Second {
		t.Errorf("after a good visit the pause is %s", got)
	}
	first := map[time.Duration]bool{}
	for range 20 {
		w := waitsOf(t)
		first[w.after(broken)] = true
		w.Reset()
		if got := w.after(ErrLogin); got < 5*time.Second || got > 15*time.Second {
			t.Errorf("after a refused login the pause is %s", got)
		}
		if got := w.after(threads.ErrConflict); got > time.Minute {
			t.Errorf("while another process reads the pause is %s", got)
		}
	}
	if len(first) < 10 {
		t.Errorf("20 mailboxes come back at %d moments", len(first))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sleep(ctx, time.Hour) // returns
}
