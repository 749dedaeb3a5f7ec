package imap_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	audit "rapport/archive"
	"rapport/ingest"
	"rapport/store"
	"rapport/threads"
)

func (h *house) coverage(mailbox string) threads.Coverage {
	h.t.Helper()
	c, err := h.store.Coverage(context.Background(), mailbox)
	h.must(err)
	return c
}

// account is the mailbox in one line.
func (h *house) account() string {
	h.t.Helper()
	c := h.coverage("box")
	s := fmt.Sprintf("%d..%d: %d filed, %d vanished", c.First, c.Last, c.Filed, c.Vanished)
	for _, o := range c.Owed {
		s += fmt.Sprintf(", %d owed (%s)", o.UID, o.Why)
	}
	return s
}

// whole holds the archive against its log.
func (h *house) whole() {
	h.t.Helper()
	h.must(h.store.Snapshot(context.Background(), func(s *store.Snapshot) error {
		r, err := (&audit.Check{}).Run(context.Background(), s)
		h.must(err)
		for _, f := range r.Findings {
			h.t.Errorf("%s: %s", f.Place, f.Words)
		}
		if r.Rows[string(threads.EntryCoverage)] == 0 {
			h.t.Error("no account is signed")
		}
		return nil
	}))
}

// databases runs a test with an archive in each database.
func databases(t *testing.T, test func(t *testing.T, h *house)) {
	t.Run("SQLite", func(t *testing.T) { test(t, archive(t)) })
	t.Run("PostgreSQL", func(t *testing.T) {
		h := archive(t)
		h.inPostgres()
		test(t, h)
	})
}

func limit(n int64) func(*ingest.PollerConfig) {
	return func(c *ingest.PollerConfig) { c.MaxSize = n }
}

func TestAMailOverTheLimitIsOwedUntilTheLimitIsRaised(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		long := append(letter(1), strings.Repeat("More of the same.\r\n", 10_000)...)
		s := newScripted(t, long) // alone in its mailbox
		for range 2 {             // each is a new process
			if c := h.once(h.poller(s.config(), limit(1000))); c.Filed != 0 || c.Aside != 1 || h.account() != "1..1: 0 filed, 0 vanished, 1 owed (too-large)" {
				t.Fatalf("%+v, %s", c, h.account())
			}
		}
		o := h.coverage("box").Owed[0]
		if o.From != (threads.Address{Name: "Ann", Address: "ann@acme.example"}) || o.Subject != "Note 1" || o.Size != int64(len(long)) || o.Since.IsZero() {
			t.Errorf("owed %+v", o)
		}
		if s.fetched(1) != 0 {
			t.Error("a mail over the limit was fetched")
		}
		h.whole()
		s.change(func() { s.mails[2] = letter(2) })
		if c := h.once(h.poller(s.config(), nil)); c.Filed != 2 || c.Aside != 0 || h.account() != "1..2: 2 filed, 0 vanished" || !h.has(long) {
			t.Errorf("%+v, %s", c, h.account())
		}
		h.whole()
	})
}

func TestAMailBeforeTheFirstFiledOneIsOwed(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		s := newScripted(t, letter(1), letter(2))
		s.fault = func(p *peer, tag, command string) (bool, error) {
			if f := strings.Fields(command); strings.Contains(command, "BODY.PEEK[]") && f[0] == "UID" && inSet(f[2], 1) {
				p.say("%s NO [SERVERBUG] internal error", tag)
				return true, nil
			}
			return false, nil
		}
		for i := range 2 {
			if c := h.once(h.poller(s.config(), nil)); c.Filed != 1-i || c.Aside != 1 || h.account() != "1..2: 1 filed, 0 vanished, 1 owed (unreadable)" {
				t.Fatalf("%+v, %s", c, h.account())
			}
		}
		h.whole()
		s.change(func() { s.fault = nil })
		if c := h.once(h.poller(s.config(), nil)); c.Filed != 1 || h.account() != "1..2: 2 filed, 0 vanished" {
			t.Errorf("%+v, %s", c, h.account())
		}
		h.whole()
	})
}

func TestAnOwedMailThatIsDeletedHasVanished(t *testing.T) {
	s := newScripted(t, letter(1), letter(2))
	h := archive(t)
	s.sizes[2] = 1 << 20
	h.once(h.poller(s.config(), limit(1000)))
	s.change(func() { delete(s.mails, 2); s.uidNext = 3 })
	if h.once(h.poller(s.config(), limit(1000))); h.account() != "1..2: 1 filed, 1 vanished" {
		t.Error(h.account())
	}
	h.whole()
}

func TestAMailWhoseHeaderBreaksTheConnectionIsOwedWithoutIt(t *testing.T) {
	s := newScripted(t, letter(1), letter(2))
	s.sizes[1] = 1 << 20
	s.fault = func(p *peer, tag, command string) (bool, error) {
		if strings.Contains(command, "BODY.PEEK[]<") {
			return true, fmt.Errorf("cut")
		}
		return false, nil
	}
	h := archive(t)
	if h.once(h.poller(s.config(), limit(1000))); h.account() != "1..2: 1 filed, 0 vanished, 1 owed (too-large)" {
		t.Error(h.account())
	}
	s.change(func() { s.fault = nil })
	h.once(h.poller(s.config(), limit(1000)))
	if o := h.coverage("box").Owed[0]; o.Subject != "Note 1" {
		t.Errorf("then %+v", o)
	}
	h.whole()
}

func TestAGapBelowTheCursorIsFoundAndFetched(t *testing.T) {
	s := newScripted(t, letter(1), letter(2), letter(3), letter(4), letter(5))
	h := archive(t)
	first := h.poller(s.config(), nil)
	h.once(first)
	h.sql(`delete from mail_position where uid in (1, 3)`)
	s.change(func() { delete(s.mails, 2) })
	if c := h.once(h.poller(s.config(), nil)); c.Known != 2 || c.Filed != 0 || h.account() != "1..5: 5 filed, 0 vanished" {
		t.Errorf("%+v, %s", c, h.account())
	}
	h.whole()
}

func TestWhatIsOlderThanTheFirstVisitIsNoGap(t *testing.T) {
	s := newScripted(t, letter(1), letter(2))
	h := archive(t)
	now := func(c *ingest.PollerConfig) { c.Start = ingest.Start{} }
	h.once(h.poller(s.config(), now))
	s.change(func() { s.mails[3] = letter(3) })
	h.once(h.poller(s.config(), now))
	if c := h.once(h.poller(s.config(), now)); c.Filed != 0 || h.account() != "3..3: 1 filed, 0 vanished" {
		t.Errorf("%+v, %s", c, h.account())
	}
	h.whole()
}

// A process that is killed leaves behind what it could not file.
func TestAMailOverTheLimitIsOwedThroughAKill(t *testing.T) {
	h := newHouse(t)
	large := append(letter(1), strings.Repeat("0123456789abcdef0123456789abcdef0123456789abcdef\r\n", 40_000)...)
	h.dovecot.Append(t, user, large)
	config, err := json.Marshal(child{Archive: h.url, Server: h.dovecot.Addr, MaxSize: 1 << 20})
	h.must(err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childConfig+"="+string(config))
	h.must(cmd.Start())
	h.until("the mail is owed", func() bool { return len(h.coverage("box").Owed) == 1 })
	h.must(cmd.Process.Kill())
	cmd.Wait()
	h.dovecot.Append(t, user, letter(2))
	owner := func(c *ingest.PollerConfig) { c.MaxSize = 1 << 20 }
	if c := h.once(h.poller(plainConfig(h.dovecot.Addr), owner)); c.Filed != 1 || h.account() != "1..2: 1 filed, 0 vanished, 1 owed (too-large)" {
		t.Errorf("%+v, %s", c, h.account())
	}
	h.whole()
	if c := h.once(h.poller(plainConfig(h.dovecot.Addr), nil)); c.Filed != 1 || h.account() != "1..2: 2 filed, 0 vanished" {
		t.Errorf("%+v, %s", c, h.account())
	}
	h.complete()
	h.whole()
}
