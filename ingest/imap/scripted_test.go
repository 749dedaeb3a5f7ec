package imap_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/ingest/imap"
)

// scripted is a small IMAP server that makes the mistakes a test asks for.
type scripted struct {
	t        testing.TB
	listener net.Listener
	begin    func() // accepts connections from now on

	mu          sync.Mutex
	caps        string
	uidValidity uint32
	uidNext     uint32 // 0: one more than the highest
	mails       map[uint32][]byte
	sizes       map[uint32]int // told sizes that are not true
	fetches     map[uint32]int // how often a body was asked for
	logins      int
	open        int      // connections now
	mostOpen    int      // connections at the same time, so far
	commands    []string // names of the commands that came

	// fault may answer a command itself and return true; an error ends the connection.
	fault func(c *peer, tag, command string) (bool, error)
	// body may write the answer for one mail itself.
	body func(c *peer, number int, uid uint32, raw []byte) (bool, error)
}

// peer is one connection.
type peer struct {
	net.Conn
	in *bufio.Reader
	n  int // which connection this is, from 1
}

func (p *peer) say(format string, args ...any) { fmt.Fprintf(p, format+"\r\n", args...) }

func newScripted(t testing.TB, mails ...[]byte) *scripted {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scripted{t: t, listener: l, caps: "IMAP4rev1 IDLE", uidValidity: 7, mails: map[uint32][]byte{}, sizes: map[uint32]int{}, fetches: map[uint32]int{}}
	for i, raw := range mails {
		s.mails[uint32(i+1)] = raw
	}
	var open sync.WaitGroup
	s.begin = sync.OnceFunc(func() {
		open.Go(func() {
			for n := 1; ; n++ {
				c, err := l.Accept()
				if err != nil {
					return
				}
				open.Go(func() { s.serve(&peer{c, bufio.NewReader(c), n}) })
			}
		})
	})
	t.Cleanup(func() { l.Close(); open.Wait() })
	return s
}

// change changes the server while it may be in use.
func (s *scripted) change(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// fetched is how often a mail's bytes were asked for.
func (s *scripted) fetched(uid uint32) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetches[uid]
}

// config is the way to the scripted server, which begins to serve, with little
// patience.
func (s *scripted) config() imap.Config {
	s.begin()
	return imap.Config{Address: s.listener.Addr().String(), TLS: imap.None, AllowPlaintext: true, Username: "u",
		Password: func(context.Context) (string, error) { return "p", nil }, Timeout: 300 * time.Millisecond, Dial: s.dial}
}

func (s *scripted) serve(p *peer) {
	defer p.Close()
	if done, err := s.goWrong(p, "", "GREETING"); err != nil {
		return
	} else if !done {
		p.say("* OK [CAPABILITY %s] ready", s.caps)
	}
	for {
		line, err := p.in.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.mu.Lock()
		s.commands = append(s.commands, strings.ToUpper(strings.Fields(command + " ?")[0]))
		s.mu.Unlock()
		if done, err := s.goWrong(p, tag, command); err != nil {
			return
		} else if done {
			continue
		}
		if s.answer(p, tag, command) != nil {
			return
		}
	}
}

// goWrong asks for the test's fault: at the greeting, at each command, and at
// DONE, which ends IDLE.
func (s *scripted) goWrong(p *peer, tag, command string) (done bool, err error) {
	s.mu.Lock()
	fault := s.fault
	s.mu.Unlock()
	if fault == nil {
		return false, nil
	}
	return fault(p, tag, command)
}

// counted is a connection that is counted while our side has it open: the server
// may notice its end after the next one has begun.
type counted struct {
	net.Conn
	ended func()
}

func (c counted) Close() error {
	c.ended()
	return c.Conn.Close()
}

func (s *scripted) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	s.change(func() {
		s.open++
		s.mostOpen = max(s.mostOpen, s.open)
	})
	return counted{c, sync.OnceFunc(func() { s.change(func() { s.open-- }) })}, nil
}

// answer does what a server should.
func (s *scripted) answer(p *peer, tag, command string) error {
	words := strings.Fields(strings.ToUpper(command))
	switch words[0] {
	case "CAPABILITY":
		p.say("* CAPABILITY %s", s.caps)
	case "LOGIN":
		s.mu.Lock()
		s.logins++
		s.mu.Unlock()
	case "SELECT", "EXAMINE":
		s.mu.Lock()
		uids := s.uids()
		next := s.uidNext
		if next == 0 && len(uids) > 0 {
			next = uids[len(uids)-1] + 1
		}
		p.say("* %d EXISTS", len(uids))
		p.say("* OK [UIDVALIDITY %d] given", s.uidValidity)
		if next > 0 {
			p.say("* OK [UIDNEXT %d] next", next)
		}
		s.mu.Unlock()
	case "IDLE":
		p.say("+ idling")
		if _, err := p.in.ReadString('\n'); err != nil {
			return err
		}
		if done, err := s.goWrong(p, tag, "DONE"); err != nil || done {
			return err
		}
	case "UID":
		if err := s.uid(p, words[1:]); err != nil {
			return err
		}
	case "FETCH": // by number
		s.mu.Lock()
		n, _ := strconv.Atoi(words[1])
		uid := s.uids()[n-1]
		s.mu.Unlock()
		if err := s.fetch(p, []uint32{uid}, true); err != nil {
			return err
		}
	case "LOGOUT":
		p.say("* BYE")
		p.say("%s OK", tag)
		return io.EOF
	}
	p.say("%s OK done", tag)
	return nil
}

func (s *scripted) uids() []uint32 {
	var uids []uint32
	for uid := range s.mails {
		uids = append(uids, uid)
	}
	sort.Slice(uids, func(i, j int) bool { return uids[i] < uids[j] })
	return uids
}

func (s *scripted) uid(p *peer, words []string) error {
	s.mu.Lock()
	uids := s.uids()
	s.mu.Unlock()
	switch words[0] {
	case "SEARCH":
		if words[1] != "UID" { // by flags, which nobody sets here
			words = []string{"", "", "1:*"}
		}
		first, _, _ := strings.Cut(words[2], ":")
		from, _ := strconv.Atoi(first)
		line := "* SEARCH"
		for i, uid := range uids {
			if int(uid) >= from || i == len(uids)-1 { // "n:*" always has the last
				line += fmt.Sprintf(" %d", uid)
			}
		}
		p.say("%s", line)
		return nil
	case "FETCH":
		var asked []uint32
		for _, uid := range uids {
			if inSet(words[1], uid) {
				asked = append(asked, uid)
			}
		}
		line := strings.Join(words, " ")
		if _, piece, ok := strings.Cut(line, "BODY.PEEK[]<"); ok {
			return s.piece(p, asked, piece)
		}
		return s.fetch(p, asked, strings.Contains(line, "BODY.PEEK[]"))
	}
	return nil
}

func inSet(set string, uid uint32) bool {
	for _, r := range strings.Split(set, ",") {
		first, last, ok := strings.Cut(r, ":")
		if !ok {
			last = first
		}
		a, _ := strconv.Atoi(first)
		b, _ := strconv.Atoi(last)
		if int(uid) >= a && int(uid) <= b {
			return true
		}
	}
	return false
}

func (s *scripted) fetch(p *peer, asked []uint32, bodies bool) error {
	for _, uid := range asked {
		s.mu.Lock()
		raw, size := s.mails[uid], len(s.mails[uid])
		if told, ok := s.sizes[uid]; ok {
			size = told
		}
		number := sort.Search(len(s.uids()), func(i int) bool { return s.uids()[i] >= uid }) + 1
		if bodies {
			s.fetches[uid]++
		}
		body := s.body
		s.mu.Unlock()
		if !bodies {
			p.say("* %d FETCH (UID %d RFC822.SIZE %d)", number, uid, size)
			continue
		}
		if body != nil {
			if done, err := body(p, number, uid, raw); err != nil {
				return err
			} else if done {
				continue
			}
		}
		give(p, number, uid, raw)
	}
	return nil
}

// piece answers "offset.length>)".
func (s *scripted) piece(p *peer, asked []uint32, piece string) error {
	var from, n int
	if _, err := fmt.Sscanf(piece, "%d.%d>", &from, &n); err != nil {
		return err
	}
	for i, uid := range asked {
		s.mu.Lock()
		raw := s.mails[uid]
		s.mu.Unlock()
		raw = raw[min(from, len(raw)):min(from+n, len(raw))]
		p.say("* %d FETCH (UID %d BODY[]<%d> {%d}", i+1, uid, from, len(raw))
		p.Write(raw)
		p.say(")")
	}
	return nil
}

// give is the answer with a mail as it should be.
func give(p *peer, number int, uid uint32, raw []byte) {
	p.say("* %d FETCH (UID %d INTERNALDATE \"02-Nov-2026 09:00:00 +0000\" BODY[] {%d}", number, uid, len(raw))
	p.Write(raw)
	p.say(")")
}
