package imap

import (
	"context"
	"sync/atomic"
)

// Gate limits the connections to one server: many allow ten or fewer from one
// address. Mailboxes on that server share it; whoever waits at the gate makes
// those inside leave as soon as they are idle.
type Gate struct {
	slots   chan struct{}
	waiting atomic.Int32
}

// NewGate lets n connections in at a time.
func NewGate(n int) *Gate { return &Gate{slots: make(chan struct{}, max(n, 1))} }

func (g *Gate) enter(ctx context.Context) error {
	if g == nil {
		return nil
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (g *Gate) leave() {
	if g != nil {
		<-g.slots
	}
}

// crowded reports whether somebody waits outside.
func (g *Gate) crowded() bool { return g != nil && g.waiting.Load() > 0 }
