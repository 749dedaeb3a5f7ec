package imap

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// conn is the raw connection, below TLS, under our own deadlines and limits.
// go-imap sets deadlines of its own, which fit neither IDLE nor a slow server;
// they are ignored. It also sets no bound on what a server may send.
type conn struct {
	net.Conn
	timeout time.Duration

	mu     sync.Mutex
	busy   bool  // the server owes us an answer
	budget int64 // bytes that it may still send
	failed error // how reading ended; go-imap tries it several times more
}

var errTooMuch = errors.New("the server sends more than it was asked for")

// unasked is what a server may send beside answers: notices of new mail and
// changed flags.
const unasked = 1 << 20

func newConn(c net.Conn, timeout time.Duration) *conn {
	return &conn{Conn: c, timeout: timeout, budget: unasked}
}

// expect starts the wait for an answer of at most n bytes, beside some notices.
func (c *conn) expect(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy, c.budget = true, n+unasked
	c.Conn.SetReadDeadline(time.Now().Add(c.timeout))
}

// rest ends the wait: nothing is owed, so silence is no fault.
func (c *conn) rest() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy, c.budget = false, unasked
	c.Conn.SetReadDeadline(time.Time{})
}

func (c *conn) Read(b []byte) (int, error) {
	c.mu.Lock()
	if c.budget <= 0 {
		c.failed = errTooMuch
	}
	if c.failed != nil {
		defer c.mu.Unlock()
		return 0, c.failed
	}
	if c.busy {
		c.Conn.SetReadDeadline(time.Now().Add(c.timeout))
	}
	c.mu.Unlock()
	n, err := c.Conn.Read(b)
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		err = fmt.Errorf("the server has said nothing for %s", c.timeout)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budget -= int64(n)
	c.failed = err
	return n, err
}

func (c *conn) Write(b []byte) (int, error) {
	c.Conn.SetWriteDeadline(time.Now().Add(c.timeout))
	return c.Conn.Write(b)
}

// The deadlines that go-imap and TLS set are not ours.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }
