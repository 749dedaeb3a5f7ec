package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// errMoved: while our claim had lapsed another process has read on.
var errMoved = errors.New("another process has read this mailbox meanwhile")

// claim takes the mailbox and learns how far it was read.
func (p *Poller) claim(ctx context.Context) error {
	p.filing.Lock()
	defer p.filing.Unlock()
	c, err := p.c.Cursors.Claim(ctx, p.c.Name, p.c.Owner, p.now().Add(p.c.Lease))
	if err != nil {
		return err
	}
	if c.UIDValidity != p.cursor.UIDValidity || c.LastUID != p.cursor.LastUID {
		p.ledger.reset()
	}
	p.cursor = c
	return nil
}

// keepClaim renews the claim until ctx ends. If it is lost, the visit is.
func (p *Poller) keepClaim(ctx context.Context, lost context.CancelCauseFunc) {
	renew := time.NewTicker(p.c.Lease / 3)
	defer renew.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-renew.C:
			if err := p.renew(ctx); err != nil {
				lost(err)
				return
			}
		}
	}
}

func (p *Poller) renew(ctx context.Context) error {
	p.filing.Lock()
	defer p.filing.Unlock()
	c, err := p.c.Cursors.Claim(ctx, p.c.Name, p.c.Owner, p.now().Add(p.c.Lease))
	if err != nil {
		return err
	}
	moved := c.UIDValidity != p.cursor.UIDValidity || c.LastUID != p.cursor.LastUID
	p.cursor.Fence = c.Fence
	if moved {
		return errMoved
	}
	return nil
}

// commit files mails and settles UIDs, in one transaction with the cursor and
// with what it passes that is owed. Only what was committed is taken into our
// own books.
func (p *Poller) commit(ctx context.Context, all []threads.Filing, settled []uint32) ([]threads.Filed, error) {
	p.filing.Lock()
	defer p.filing.Unlock()
	next := p.ledger.passing(p.cursor, settled)
	filed, err := p.c.Pipeline.archive.File(ctx, &next, all)
	if err != nil {
		return nil, err
	}
	p.ledger.passed(next, settled)
	p.unsigned = p.unsigned || len(next.Owing)+len(next.Settled) > 0
	next.Owing, next.Settled = nil, nil
	p.cursor = next
	return filed, nil
}

// recall takes up what is noted as owed.
func (p *Poller) recall(ctx context.Context) error {
	p.filing.Lock()
	defer p.filing.Unlock()
	if p.ledger.recalled {
		return nil
	}
	owed, err := p.c.Cursors.Owed(ctx, p.c.Name, p.cursor.UIDValidity)
	if err != nil {
		return fmt.Errorf("begin with mailbox %s: %w", p.c.Name, err)
	}
	p.ledger.recall(owed)
	return nil
}
