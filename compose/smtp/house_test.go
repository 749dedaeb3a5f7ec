package smtp_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/compose"
	"rapport/compose/smtp"
	"rapport/store"
	"rapport/threads"
)

const (
	ours     = "projects@agency.example"
	copies   = "copies@agency.example"
	replyKey = "a secret of thirty-two bytes, ok"
)

// clock is a clock that can be put forward, so that nobody waits for a lease.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

// house is a real archive in a file with reports to send.
type house struct {
	*store.Store
	*clock
	path     string
	approver *compose.Approver
	reports  int
	proved   int // letters of which only our own copy told that they had arrived
	when     func(threads.Letter, time.Time) time.Time
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{clock: &clock{}, path: filepath.Join(t.TempDir(), "rapport.db")}
	h.open(t)
	t.Cleanup(func() { h.Store.Close() })
	return h
}

func (h *house) open(t testing.TB) {
	t.Helper()
	var err error
	if h.Store, err = store.Open(context.Background(), store.Config{URL: h.path, Now: h.now}); err != nil {
		t.Fatal(err)
	}
	key, err := threads.NewReplyKey([]byte(replyKey))
	if err != nil {
		t.Fatal(err)
	}
	if h.approver, err = compose.NewApprover(compose.ApproverConfig{Archive: h.Store, Key: key, Now: h.now}); err != nil {
		t.Fatal(err)
	}
}

// report approves and releases a report to n recipients.
func (h *house) report(t testing.TB, n int) threads.Report {
	t.Helper()
	return h.scheduled(t, n, threads.Release{})
}

// scheduled approves a report to n recipients and releases it.
func (h *house) scheduled(t testing.TB, n int, how threads.Release) threads.Report {
	t.Helper()
	h.reports++
	r := &compose.Rendered{
		Project: "ACME-WEB", Period: fmt.Sprintf("2026-W%d", h.reports), Subject: fmt.Sprintf("[ACME-WEB] Report %d", h.reports),
		Language: "en", Text: "All is well.\n", HTML: "<p>All is well.</p>\n",
	}
	for i := range n {
		r.To = append(r.To, threads.Address{Address: fmt.Sprintf("c%d@client.example", i)})
	}
	approved, err := h.approver.Approve(t.Context(), compose.Order{
		Report: r, Draft: []byte("draft"), By: "mara", From: threads.Address{Name: "Mara", Address: ours},
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Release(t.Context(), approved.ID, how); err != nil {
		t.Fatal(err)
	}
	return approved
}

// outbox is a worker on the house that sends to addr.
func (h *house) outbox(t testing.TB, sender compose.Sender, archive compose.Outgoing) *compose.Outbox {
	t.Helper()
	o, err := compose.NewOutbox(compose.OutboxConfig{
		Archive: archive, Sender: sender, Owner: "test", From: ours, Copy: copies, Now: h.now, Lease: time.Hour, When: h.when,
		Unknown: compose.UnknownPolicy{
			Wait: time.Hour, Attempts: 1000,
			Watched: func(context.Context) (time.Time, error) { return h.now(), nil },
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func sendTo(t testing.TB, addr string) *smtp.Sender {
	t.Helper()
	s, err := smtp.New(smtp.Config{Address: addr, TLS: smtp.Plain, Timeout: 20 * time.Second, Final: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// letterOf is the letter that a mail is, by its signed reply address: that is
// how a copy in our own mailbox is recognised.
func letterOf(t testing.TB, raw string) string {
	t.Helper()
	key, err := threads.NewReplyKey([]byte(replyKey))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(raw, "\r\nReply-To: <")
	address, _, _ := strings.Cut(rest, ">")
	id, ok := key.Letter(threads.Tag(address))
	if !ok {
		t.Fatalf("a mail without our reply address: %q", address)
	}
	return id
}

// readCopies does what filing does when our own mailbox is read: a copy proves
// that the server has taken the letter. Broken leases are ended first.
func (h *house) readCopies(t testing.TB, s *sink) {
	t.Helper()
	if _, err := h.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, l := range s.letters() {
		seen[letterOf(t, l.raw)] = true
	}
	unsettled, err := h.Unsettled(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range unsettled {
		if !seen[d.Letter] {
			continue
		}
		if err := h.Resolve(t.Context(), d.Letter, threads.Taken, "our own copy came"); err != nil && !errors.Is(err, threads.ErrConflict) {
			t.Fatal(err)
		}
		h.proved++
	}
}

// settleAll lets everything come to its end, without further trouble; what missed
// its time is sent then.
func (h *house) settleAll(t testing.TB, s *sink) {
	t.Helper()
	for range 5 {
		s.quiet()
		h.forward(3 * time.Hour)
		h.readCopies(t, s)
		h.forward(3 * time.Hour)
		h.confirm(t)
		if _, err := h.outbox(t, sendTo(t, s.addr), h.Store).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// confirm says that what missed its time is still right.
func (h *house) confirm(t testing.TB) {
	t.Helper()
	reports, err := h.Reports(t.Context(), "ACME-WEB", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Missed() {
			if _, err := h.Release(t.Context(), r.ID, threads.Release{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// wantOnce fails unless each letter of the reports came to its recipient
// exactly once, and the archive says so.
func (h *house) wantOnce(t testing.TB, s *sink) {
	t.Helper()
	count := map[string]int{}
	for _, l := range s.letters() {
		count[letterOf(t, l.raw)]++
	}
	reports, err := h.Reports(t.Context(), "ACME-WEB", 1000)
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != h.reports {
		t.Errorf("%d reports, want %d", len(reports), h.reports)
	}
	for _, r := range reports {
		for _, d := range r.Deliveries {
			if d.State != threads.Taken || count[d.Letter] != 1 {
				t.Errorf("letter %s came %d times and is %s (%s)", d.Letter, count[d.Letter], d.State, d.Words)
			}
			delete(count, d.Letter)
		}
	}
	if len(count) > 0 {
		t.Errorf("letters that nobody wrote: %v", count)
	}
}
