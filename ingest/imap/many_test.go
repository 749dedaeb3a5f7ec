package imap_test

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/ingest"
	"rapport/ingest/imap"
)

// lines counts the connections that are open.
type lines struct {
	mu        sync.Mutex
	now, most int
}

func (l *lines) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now++
	l.most = max(l.most, l.now)
	return &line{Conn: c, closed: sync.OnceFunc(func() { l.mu.Lock(); defer l.mu.Unlock(); l.now-- })}, nil
}

type line struct {
	net.Conn
	closed func()
}

func (l *line) Close() error {
	defer l.closed()
	return l.Conn.Close()
}

// runMany lets n pollers run; stop ends all of them at once.
func (h *house) runMany(n int, config func(i int) (imap.Config, func(*ingest.PollerConfig))) (pollers []*ingest.Poller, stop func()) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for i := range n {
		p := h.poller(config(i))
		pollers = append(pollers, p)
		all.Go(func() { p.Run(ctx) })
	}
	stop = sync.OnceFunc(func() { cancel(); all.Wait() })
	h.t.Cleanup(stop)
	return pollers, stop
}

// put appends a mail to a folder.
func put(c *imapclient.Client, folder string, raw []byte) error {
	cmd := c.Append(folder, int64(len(raw)), nil)
	cmd.Write(raw)
	cmd.Close()
	_, err := cmd.Wait()
	return err
}

// TestManyMailboxesShareTheConnectionsOfAServer: there are fewer connections
// than folders. Each folder is read all the same, again and again, and in the
// end everything is closed.
func TestManyMailboxesShareTheConnectionsOfAServer(t *testing.T) {
	const mailboxes, limit = 12, 3
	h := newHouse(t)
	folder := func(i int) string { return fmt.Sprintf("Box%d", i) }
	h.client(func(c *imapclient.Client) error {
		for i := range mailboxes {
			if err := c.Create(folder(i), nil).Wait(); err != nil {
				return err
			}
			if err := put(c, folder(i), letter(i)); err != nil {
				return err
			}
		}
		return nil
	})
	before := runtime.NumGoroutine()
	gate, open := imap.NewGate(limit), &lines{}
	pollers, stop := h.runMany(mailboxes, func(i int) (imap.Config, func(*ingest.PollerConfig)) {
		c := plainConfig(h.dovecot.Addr)
		c.Gate, c.Folder, c.Dial = gate, folder(i), open.dial
		return c, func(pc *ingest.PollerConfig) { pc.Name, pc.Poll = c.Folder, 200*time.Millisecond }
	})
	h.until("all are read", func() bool {
		for _, p := range pollers {
			if p.Status().Counts.Filed != 1 {
				return false
			}
		}
		return true
	})
	h.client(func(c *imapclient.Client) error { return put(c, folder(7), letter(mailboxes)) })
	h.until("one is read again", func() bool { return pollers[7].Status().Counts.Filed == 2 })
	// A mailbox has its poller, the claim's keeper, and, connected, what go-imap
	// and the stages of reading need.
	if n := runtime.NumGoroutine() - before; n > 2*mailboxes+12*limit {
		t.Errorf("%d mailboxes need %d goroutines", mailboxes, n)
	}
	stop()
	h.until("nothing is left running", func() bool { return runtime.NumGoroutine() <= before })
	if open.most > limit || open.now != 0 {
		t.Errorf("%d connections at a time, %d are left; %d are allowed", open.most, open.now, limit)
	}
	for _, p := range pollers {
		if s := p.Status(); s.State != "stopped" || s.Trouble != "" {
			t.Errorf("status %+v", s)
		}
	}
}

// TestManyMailboxesAreWatchedAtOnce: connections that break and come back leave
// nothing behind.
func TestManyMailboxesAreWatchedAtOnce(t *testing.T) {
	const mailboxes = 50
	s := newScripted(t, letter(1))
	peers := map[*peer]bool{} // that the server knows to be waiting
	s.fault = func(p *peer, tag, command string) (bool, error) {
		if command == "IDLE" {
			s.change(func() { peers[p] = true })
		}
		return false, nil
	}
	waiting := func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(peers) == mailboxes }
	h := archive(t)
	before := runtime.NumGoroutine()
	pollers, stop := h.runMany(mailboxes, func(i int) (imap.Config, func(*ingest.PollerConfig)) {
		c := s.config()
		c.Timeout = 20 * time.Second
		return c, func(pc *ingest.PollerConfig) { pc.Name = fmt.Sprintf("box %d", i) }
	})
	watched := func() bool {
		for _, p := range pollers {
			if s := p.Status(); s.State != "idle" || s.Counts.Filed+s.Counts.Known != 1 {
				return false
			}
		}
		return true
	}
	h.until("all are watched", watched)
	h.until("the server knows it", waiting)
	first := runtime.NumGoroutine()
	for range 3 {
		s.change(func() {
			for p := range peers {
				p.Close()
			}
			clear(peers)
		})
		h.until("all are waiting again", waiting)
		h.until("all are watched again", watched)
	}
	// One left behind by each connection would be three for each mailbox. "first"
	// itself is a few off: not all that begins has begun when all are watched.
	h.until("broken connections leave no goroutines behind", func() bool { return runtime.NumGoroutine() <= first+mailboxes })
	stop()
	h.until("nothing is left running", func() bool { return runtime.NumGoroutine() <= before+1 }) // the server listens
	if h.messages() != 1 {
		t.Errorf("%d mails", h.messages())
	}
}
