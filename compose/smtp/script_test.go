package smtp_test

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
)

// script is a mail server that says what it is told to. Each string is one
// connection, line by line:
//
//	S: text      the server says
//	C: words     the client is expected to say something that begins so
//	D            the client sends a letter, up to the final dot
//	D half       the client sends a part of a letter; the server reads no further
//	hang         the server says nothing until the client has gone
//
// At the end of its lines the server closes the connection.
type script struct {
	addr string
	hung chan struct{} // closed when the server begins to be silent

	mu      sync.Mutex
	faults  []string
	letters []string
	opened  int
	done    sync.WaitGroup
}

func play(t *testing.T, sessions ...string) *script {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{addr: l.Addr().String(), hung: make(chan struct{})}
	s.done.Go(func() {
		for _, lines := range sessions {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.opened++
			s.mu.Unlock()
			s.session(conn, strings.Split(strings.TrimSpace(lines), "\n"))
		}
	})
	t.Cleanup(func() {
		l.Close()
		s.done.Wait()
		for _, f := range s.faults {
			t.Error(f)
		}
	})
	return s
}

// seen is what has happened so far.
func (s *script) seen() (sessions int, letters []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened, s.letters
}

func (s *script) session(conn net.Conn, lines []string) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for _, line := range lines {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "S: "):
			conn.Write([]byte(line[3:] + "\r\n"))
		case strings.HasPrefix(line, "C: "):
			got, err := r.ReadString('\n')
			if err != nil || !strings.HasPrefix(got, line[3:]) {
				s.fault("expected %q, got %q %v", line[3:], got, err)
				return
			}
		case line == "D half":
			r.ReadString('\n')
		case line == "D":
			if !s.letter(r) {
				return
			}
		case line == "hang":
			close(s.hung)
			for {
				if _, err := r.ReadByte(); err != nil {
					return
				}
			}
		}
	}
}

func (s *script) letter(r *bufio.Reader) bool {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			s.fault("the letter ended after %q: %v", b.String(), err)
			return false
		}
		if line == ".\r\n" {
			s.mu.Lock()
			s.letters = append(s.letters, b.String())
			s.mu.Unlock()
			return true
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

func (s *script) fault(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, sprintf(format, args...))
}

// hello is how every session begins, for servers that take what they are given.
const hello = `
	S: 220 mx.example ESMTP
	C: EHLO rapport.agency.example
	S: 250-mx.example
	S: 250 SIZE 100000
`

// pipelining is the same for a server that takes several commands at once.
var pipelining = strings.NewReplacer("S: 250 SIZE 100000", "S: 250-SIZE 100000\n\tS: 250 PIPELINING")

// envelope are the commands before the letter.
const envelope = `
	C: MAIL FROM:<pm@agency.example> SIZE=
	S: 250 2.1.0 Ok
	C: RCPT TO:<ann@client.example>
	S: 250 2.1.5 Ok
`

// given is a letter, handed over up to the final dot.
const given = envelope + `
	C: DATA
	S: 354 go on
	D
`
