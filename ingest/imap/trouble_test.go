package imap_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"rapport/ingest"
	"rapport/ingest/imap"
)

// TestTroubleAtEachStep: at every step a server may say nothing more, say BYE,
// or be gone. The next connection does what was left to do, and the trouble that
// was shown is over.
func TestTroubleAtEachStep(t *testing.T) {
	gone := errors.New("gone")
	ways := map[string]func(p *peer) error{
		"silent": func(p *peer) error { io.Copy(io.Discard, p); return gone },
		"BYE":    func(p *peer) error { p.say("* BYE going down for maintenance"); return gone },
		"gone":   func(*peer) error { return gone },
	}
	for _, step := range []string{"GREETING", "LOGIN", "CAPABILITY", "ID", "SELECT", "UID SEARCH UNSEEN", "UID SEARCH UID",
		"(UID RFC822.SIZE)", "BODY.PEEK[]", "UID STORE", "IDLE", "DONE", "NOOP"} {
		for way, end := range ways {
			t.Run(step+", "+way, func(t *testing.T) {
				t.Parallel()
				s := newScripted(t, letter(1), letter(2), letter(3))
				s.caps = "IMAP4rev1 IDLE ID"
				reached := 0
				s.fault = func(p *peer, tag, command string) (bool, error) {
					if strings.Contains(command, step) && s.first(&reached) {
						return true, end(p)
					}
					return false, nil
				}
				c := s.config()
				c.Idle = 20 * time.Millisecond // so that IDLE ends, and NOOP comes
				h := archive(t)
				p := h.poller(c, after("seen"))
				stop := h.run(p)
				h.until("the step", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return reached > 0 })
				s.change(func() { s.mails[4] = letter(4) })
				h.until("everything is read", func() bool {
					s := p.Status()
					return s.Counts.Filed == 4 && s.Trouble == "" && s.State == "idle"
				})
				stop()
				if n := h.messages(); n != 4 || h.cursor().LastUID != 4 {
					t.Errorf("%d mails, cursor %+v", n, h.cursor())
				}
			})
		}
	}
}

// first counts, and reports whether it is the first time.
func (s *scripted) first(n *int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	*n++
	return *n == 1
}

func TestASilentGoodbyeHoldsUpNobody(t *testing.T) {
	s := newScripted(t, letter(1))
	s.fault = func(p *peer, tag, command string) (bool, error) {
		if command == "LOGOUT" {
			io.Copy(io.Discard, p)
			return true, io.EOF
		}
		return false, nil
	}
	h := archive(t)
	if c := h.once(h.poller(s.config(), nil)); c.Filed != 1 {
		t.Errorf("%+v", c)
	}
}

// TestAMailboxInTroubleHoldsUpNoOther: two mailboxes share the only connection
// that a server gives; one of them can never log in, since the server hangs.
func TestAMailboxInTroubleHoldsUpNoOther(t *testing.T) {
	s := newScripted(t, letter(1))
	s.fault = func(p *peer, tag, command string) (bool, error) {
		if strings.HasPrefix(command, "LOGIN") && strings.Contains(command, "stuck") {
			io.Copy(io.Discard, p)
			return true, io.EOF
		}
		return false, nil
	}
	h, gate := archive(t), imap.NewGate(1)
	open := func(name string) *ingest.Poller {
		c := s.config()
		c.Username, c.Gate = name, gate
		return h.poller(c, func(c *ingest.PollerConfig) { c.Name, c.Poll = name, 20*time.Millisecond })
	}
	stuck, well := open("stuck"), open("well")
	h.run(stuck)
	h.until("one is stuck", func() bool { return strings.Contains(stuck.Status().Trouble, "nothing for") })
	h.run(well)
	h.until("the other reads", func() bool { return well.Status().Counts.Filed == 1 })
	s.change(func() { s.mails[2] = letter(2) })
	h.until("the other reads on", func() bool { return well.Status().Counts.Filed == 2 })
	if trouble := stuck.Status().Trouble; !strings.Contains(trouble, "log in to") || !strings.Contains(trouble, "Next attempt in") {
		t.Errorf("the trouble is %q", trouble)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mostOpen != 1 {
		t.Errorf("%d connections at a time", s.mostOpen)
	}
}
