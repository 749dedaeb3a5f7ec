package servers

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// policy is what Postfix asks about each recipient (SMTPD_POLICY_README). It
// runs inside the test, so that a test can change the answers at any time
// without a reload.
type policy struct {
	listener net.Listener

	mu      sync.Mutex
	actions map[string]string // recipient → access(5) action
}

func newPolicy(t testing.TB) *policy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("policy service for Postfix: %v", err)
	}
	p := &policy{listener: l, actions: map[string]string{}}
	go p.serve()
	t.Cleanup(func() { l.Close() })
	return p
}

func (p *policy) addr() string { return p.listener.Addr().String() }

func (p *policy) set(recipient, action string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.actions[strings.ToLower(recipient)] = action
}

func (p *policy) action(recipient string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a := p.actions[strings.ToLower(recipient)]; a != "" {
		return a
	}
	return "DUNNO"
}

// serve answers until the listener is closed. Postfix ends the connections.
func (p *policy) serve() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.answer(conn)
	}
}

// answer reads requests, each of name=value lines up to an empty line.
func (p *policy) answer(conn net.Conn) {
	defer conn.Close()
	recipient := ""
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), "=")
		switch name {
		case "recipient":
			recipient = value
		case "":
			fmt.Fprintf(conn, "action=%s\n\n", p.action(recipient))
		}
	}
}
