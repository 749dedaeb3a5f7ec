package imap

import (
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of a connection before somebody has logged in on it: anybody can open
// one, and each that waits takes the place of a reader.
const (
	loginTime  = time.Minute // TLS and all
	loginBytes = 64 << 10
	perAddress = 16 // connections at a time, logged in or not
)

// guests bounds who has not logged in. Addresses of this machine are not
// counted: all that comes through a proxy has the same one.
type guests struct {
	net.Listener
	mu   sync.Mutex
	from map[netip.Addr]int
}

func newGuests(l net.Listener) *guests {
	return &guests{Listener: l, from: map[netip.Addr]int{}}
}

func (g *guests) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := g.take(conn, address(conn)); c != nil {
			return c, nil
		}
		conn.Close()
	}
}

// take makes a guest of a connection, nil if there are enough from there.
func (g *guests) take(conn net.Conn, from netip.Addr) *guest {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !from.IsLoopback() {
		if g.from[from] >= perAddress {
			return nil
		}
		g.from[from]++
	}
	c := &guest{Conn: conn, left: loginBytes}
	c.gone = sync.OnceFunc(func() { g.leave(from) })
	c.late = time.AfterFunc(loginTime, func() { c.Close() })
	return c
}

func (g *guests) leave(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.from[from]--; g.from[from] <= 0 {
		delete(g.from, from)
	}
}

// address is where a connection comes from.
func address(conn net.Conn) netip.Addr {
	if a, err := netip.ParseAddrPort(conn.RemoteAddr().String()); err == nil {
		return a.Addr().Unmap()
	}
	return netip.Addr{}
}

// guest is a connection on which nobody has logged in yet.
type guest struct {
	net.Conn
	known atomic.Bool
	left  int // bytes that may still come; read by one goroutine
	late  *time.Timer
	gone  func()
}

var errGuest = errors.New("too much was sent before the login")

func (c *guest) Read(b []byte) (int, error) {
	if c.known.Load() {
		return c.Conn.Read(b)
	}
	if c.left <= 0 {
		return 0, errGuest
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

func (c *guest) Close() error {
	c.late.Stop()
	c.gone()
	return c.Conn.Close()
}

// welcome lifts the bounds for whoever has logged in.
func welcome(conn net.Conn) {
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	if c, ok := conn.(*guest); ok {
		c.known.Store(true)
		c.late.Stop()
	}
}
