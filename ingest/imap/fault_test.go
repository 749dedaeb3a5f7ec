package imap_test

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/ingest"
)

// TestFaults: whatever a server does wrong, in the end every mail is filed with
// all its bytes, or is named as one that cannot be read.
func TestFaults(t *testing.T) {
	cut := errors.New("cut")
	for _, c := range []struct {
		name   string
		script func(s *scripted)
		aside  int // mails that cannot be read
	}{
		{"the connection is cut inside of a mail, once", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if uid != 40 || p.n > 1 {
					return false, nil
				}
				p.say("* %d FETCH (UID %d BODY[] {%d}", number, uid, len(raw))
				p.Write(raw[:len(raw)/2])
				return true, cut
			}
		}, 0},
		{"the connection is cut inside of one mail each time", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if uid != 40 {
					return false, nil
				}
				p.say("* %d FETCH (UID %d BODY[] {%d}", number, uid, len(raw))
				p.Write(raw[:len(raw)/2])
				return true, cut
			}
		}, 1},
		{"the connection is cut after the mails and before the OK", func(s *scripted) {
			s.fault = func(p *peer, tag, command string) (bool, error) {
				if p.n == 1 && strings.Contains(command, "BODY.PEEK[]") {
					s.answer(p, "*", command) // "* OK done" is not the answer
					return true, cut
				}
				return false, nil
			}
		}, 0},
		{"the server says nothing more", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if uid != 30 || p.n > 1 {
					return false, nil
				}
				p.say("* %d FETCH (UID %d BODY[] {%d}", number, uid, len(raw))
				io.Copy(io.Discard, p)
				return true, cut
			}
		}, 0},
		{"the server says nothing at all", func(s *scripted) {
			s.fault = func(p *peer, tag, command string) (bool, error) {
				if p.n <= 2 && strings.HasPrefix(command, "EXAMINE") {
					io.Copy(io.Discard, p)
					return true, cut
				}
				return false, nil
			}
		}, 0},
		{"BYE", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if p.n > 2 {
					return false, nil
				}
				p.say("* BYE shutting down")
				return true, cut
			}
		}, 0},
		{"the UID comes behind the mail", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if uid%7 != 0 {
					return false, nil
				}
				p.say("* %d FETCH (BODY[] {%d}", number, len(raw))
				p.Write(raw)
				p.say(" UID %d)", uid)
				return true, nil
			}
		}, 0},
		{"changed flags come before the mail", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if uid%9 == 0 && s.fetched(uid) == 1 {
					p.say("* %d FETCH (UID %d FLAGS (\\Seen))", number, uid)
				}
				return false, nil
			}
		}, 0},
		{"a mail is announced before its bytes are there", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				switch {
				case uid == 50 && s.fetched(uid) < 3:
					p.say("* %d FETCH (UID %d BODY[] {0}", number, uid)
					p.say(")")
				case uid == 51 && s.fetched(uid) < 3:
					p.say("* %d FETCH (UID %d BODY[] NIL)", number, uid)
				default:
					return false, nil
				}
				return true, nil
			}
		}, 0},
		{"sizes that are far too small", func(s *scripted) {
			s.mails[20] = append(slices.Clone(s.mails[20]), strings.Repeat("more\r\n", 500_000)...)
			s.sizes[20] = 10
		}, 0},
		{"NO to one mail", func(s *scripted) {
			s.fault = func(p *peer, tag, command string) (bool, error) {
				if f := strings.Fields(command); strings.Contains(command, "BODY.PEEK[]") && f[0] == "UID" && inSet(f[2], 33) {
					p.say("%s NO [SERVERBUG] internal error", tag)
					return true, nil
				}
				return false, nil
			}
		}, 1},
		{"a response that go-imap does not know", func(s *scripted) {
			s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
				if uid == 60 {
					p.say("* %d FETCH (UID %d X-ODD 1 BODY[] {%d}", number, uid, len(raw))
					p.Write(raw)
					p.say(")")
				}
				return uid == 60, nil
			}
		}, 1},
		{"an answer to ID that breaks go-imap", func(s *scripted) {
			s.caps = "IMAP4rev1 ID"
			s.fault = func(p *peer, tag, command string) (bool, error) {
				if strings.HasPrefix(command, "ID ") {
					p.say("* ID (\"name\" NIL)")
				}
				return false, nil
			}
		}, 0},
		{"a line without an end", func(s *scripted) {
			s.fault = func(p *peer, tag, command string) (bool, error) {
				if p.n > 1 || !strings.HasPrefix(command, "EXAMINE") {
					return false, nil
				}
				p.Write([]byte("* OK "))
				junk := []byte(strings.Repeat("x", 64<<10))
				for {
					if _, err := p.Write(junk); err != nil {
						return true, err
					}
				}
			}
		}, 0},
		{"a mail that is deleted while it is fetched", func(s *scripted) {
			s.fault = func(p *peer, tag, command string) (bool, error) {
				if strings.Contains(command, "BODY.PEEK[]") {
					s.mu.Lock()
					delete(s.mails, 70)
					s.mu.Unlock()
				}
				return false, nil
			}
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mails [][]byte
			for i := range 80 {
				mails = append(mails, letter(i+1))
			}
			s := newScripted(t, mails...)
			c.script(s)
			h := archive(t)
			p := h.poller(s.config(), nil)
			h.run(p)
			h.until("everything is read", func() bool {
				counts := p.Status().Counts
				s.mu.Lock()
				defer s.mu.Unlock()
				return counts.Filed+counts.Aside == len(s.mails) && counts.Aside == c.aside
			})
			s.mu.Lock()
			defer s.mu.Unlock()
			missing := 0
			for _, raw := range s.mails {
				if !h.has(raw) {
					missing++
				}
			}
			if missing != c.aside || h.messages() != len(s.mails)-missing {
				t.Errorf("%d mails are missing, and the archive has %d", missing, h.messages())
			}
			if owed := h.coverage("box").Owed; len(owed) == 0 && missing > 0 && (!strings.Contains(p.Status().Trouble, "UID") || h.cursor().LastUID >= 80) {
				t.Errorf("trouble %q, cursor %+v", p.Status().Trouble, h.cursor())
			} else if len(owed) > missing {
				t.Errorf("owed %+v, but only %d are missing", owed, missing)
			}
		})
	}
}

func TestAMailThatWasAsideIsFiledAfterARestart(t *testing.T) {
	s := newScripted(t, letter(1), letter(2), letter(3))
	s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
		if uid == 2 {
			p.say("* %d FETCH (UID %d BODY[] {0}", number, uid)
			p.say(")")
		}
		return uid == 2, nil
	}
	h := archive(t)
	slow := func(c *ingest.PollerConfig) { c.Retry = time.Hour }
	if c := h.once(h.poller(s.config(), slow)); c.Filed != 2 || c.Aside != 1 || h.account() != "1..3: 2 filed, 0 vanished, 2 owed (unreadable)" {
		t.Errorf("%+v, %s", c, h.account())
	}
	s.change(func() { s.body = nil })
	if c := h.once(h.poller(s.config(), slow)); c.Filed != 1 || c.Known != 0 || h.account() != "1..3: 3 filed, 0 vanished" {
		t.Errorf("after the restart %+v, %s", c, h.account())
	}
}

func TestNewUIDsForAllMail(t *testing.T) {
	s := newScripted(t, letter(1), letter(2), letter(3))
	h := archive(t)
	h.once(h.poller(s.config(), nil))
	s.change(func() {
		s.uidValidity = 8
		s.mails = map[uint32][]byte{1: letter(3), 2: letter(1), 3: letter(4)}
	})
	if c := h.once(h.poller(s.config(), nil)); c.Filed != 1 || c.Known != 2 {
		t.Errorf("%+v", c)
	}
	if h.messages() != 4 || h.cursor().UIDValidity != 8 || h.cursor().LastUID != 3 {
		t.Errorf("%d mails, cursor %+v", h.messages(), h.cursor())
	}
}

func TestAServerThatWasRestoredFromABackup(t *testing.T) {
	s := newScripted(t, letter(1), letter(2), letter(3), letter(4), letter(5))
	h := archive(t)
	h.once(h.poller(s.config(), nil))
	s.change(func() { s.mails = map[uint32][]byte{1: letter(1), 2: letter(2), 3: letter(6)} }) // 3 is used again
	if c := h.once(h.poller(s.config(), nil)); c.Filed != 1 || !h.has(letter(6)) {
		t.Errorf("%+v", c)
	}
	s.change(func() { s.mails[4] = letter(7) })
	if c := h.once(h.poller(s.config(), nil)); c.Filed != 1 || !h.has(letter(7)) {
		t.Errorf("then %+v", c)
	}
}

func TestIDComesBetweenLoginAndSelect(t *testing.T) {
	s := newScripted(t, letter(1))
	s.caps = "IMAP4rev1 ID"
	said := false
	s.fault = func(p *peer, tag, command string) (bool, error) { // as NetEase
		said = said || strings.HasPrefix(command, "ID ")
		if strings.HasPrefix(command, "EXAMINE") && !said {
			p.say("%s NO EXAMINE Unsafe Login. Please contact kefu@188.com for help", tag)
			return true, nil
		}
		return false, nil
	}
	h := archive(t)
	if c := h.once(h.poller(s.config(), nil)); c.Filed != 1 {
		t.Errorf("%+v", c)
	}
}

func TestAServerWithoutIDLEIsPolled(t *testing.T) {
	s := newScripted(t, letter(1))
	s.caps = "IMAP4rev1"
	h := archive(t)
	p := h.poller(s.config(), func(c *ingest.PollerConfig) { c.Poll = 10 * time.Millisecond })
	stop := h.run(p)
	h.until("the first mail", func() bool { return h.has(letter(1)) })
	s.mu.Lock()
	s.mails[2] = letter(2)
	s.mu.Unlock()
	h.until("the second mail", func() bool { return h.has(letter(2)) })
	stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(s.commands, "IDLE") || s.logins != 1 {
		t.Errorf("%d logins, commands %v", s.logins, s.commands)
	}
}

func TestADeadConnectionInIDLEIsNoticed(t *testing.T) {
	s := newScripted(t, letter(1))
	s.fault = func(p *peer, tag, command string) (bool, error) {
		if p.n == 1 && command == "IDLE" { // a router that has forgotten us: nothing comes back
			p.say("+ idling")
			io.Copy(io.Discard, p)
			return true, io.EOF
		}
		return false, nil
	}
	c := s.config()
	c.Idle = 50 * time.Millisecond
	h := archive(t)
	p := h.poller(c, nil)
	h.run(p)
	h.until("the first mail", func() bool { return h.has(letter(1)) })
	s.mu.Lock()
	s.mails[2] = letter(2)
	s.mu.Unlock()
	h.until("the second mail", func() bool { return h.has(letter(2)) })
}

func TestAnotherProcessReadsTheMailbox(t *testing.T) {
	s := newScripted(t, letter(1))
	h := archive(t)
	_, err := h.store.Claim(context.Background(), "box", "somebody else", time.Now().Add(time.Hour))
	h.must(err)
	p := h.poller(s.config(), nil)
	h.run(p)
	h.until("it shows", func() bool { return strings.Contains(p.Status().Trouble, "Another process") })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.logins != 0 || p.Status().State == "stopped" {
		t.Errorf("%d logins, status %+v", s.logins, p.Status())
	}
}

func TestATakenOverMailboxIsLeft(t *testing.T) {
	s := newScripted(t, letter(1))
	h := archive(t)
	p := h.poller(s.config(), func(c *ingest.PollerConfig) {
		c.Lease, c.MinWait, c.MaxWait = 60*time.Millisecond, time.Minute, time.Minute
	})
	h.run(p)
	h.until("the mailbox is watched", func() bool { return p.Status().State == "idle" })
	h.until("the same installation, started once more, reads on", func() bool {
		c, err := h.store.Claim(context.Background(), "box", "test", time.Now().Add(time.Hour))
		h.must(err)
		c.LastUID = 99
		_, err = h.store.File(context.Background(), &c, nil)
		return err == nil // the first one may have renewed its claim in between
	})
	h.until("the mailbox is left", func() bool { return strings.Contains(p.Status().Trouble, "meanwhile") })
}
