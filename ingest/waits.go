package ingest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"

	"rapport/threads"
)

// waits are the growing pauses after trouble, with jitter, so that many
// mailboxes do not come back to a server all at once.
type waits struct {
	*backoff.ExponentialBackOff
	poller *Poller
}

func (p *Poller) newWaits() waits {
	return waits{&backoff.ExponentialBackOff{
		InitialInterval: p.c.MinWait, MaxInterval: p.c.MaxWait, Multiplier: 2, RandomizationFactor: 0.5,
	}, p}
}

// after is how long to wait after this error.
func (w waits) after(err error) time.Duration {
	c := w.poller.c
	switch {
	case errors.Is(err, ErrCrowded):
		return jitter(c.Poll)
	case errors.Is(err, threads.ErrConflict):
		return jitter(c.Lease / 2)
	case errors.Is(err, ErrLogin):
		return min(10*w.NextBackOff(), c.MaxWait) // more attempts may lock the account
	}
	return w.NextBackOff()
}

// jitter is d, give or take a tenth.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + rand.N(d/5+1)
}

// sleep waits, or returns early when ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// trouble shows what went wrong and when it is tried again.
func (p *Poller) trouble(err error, pause time.Duration) {
	p.status.set("waiting")
	if errors.Is(err, ErrCrowded) || err == nil {
		return
	}
	words := fmt.Sprintf("%v. Next attempt in %s.", err, pause.Round(time.Second))
	if errors.Is(err, threads.ErrConflict) {
		words = "Another process reads this mailbox. It is taken over when that process stops."
	}
	if mails := p.ledger.words(p.now()); mails != "" {
		words += "\n" + mails
	}
	p.status.change(func(s *Status) { s.Trouble = words })
	p.log.Warn("mailbox.trouble", "error", err, "pause", pause)
}
