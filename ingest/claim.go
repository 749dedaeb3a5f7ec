package ingest

import (
	"context"
	"errors"
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

// commit files mails and settles UIDs, in one transaction with the
// cursor. Only what was committed is taken into our own books.
func (p *Poller) commit(ctx context.Context, all []threads.Filing, settled []uint32) ([]threads.Filed, error) {
	p.filing.Lock()
	defer p.filing.Unlock()
	next := p.cursor
	next.LastUID = p.ledger.upTo(next.LastUID, settled)
	filed, err := p.c.Pipeline.archive.File(ctx, &next, all)
	if err != nil {
		return nil, err
	}
	p.cursor = next
	p.ledger.settle(settled, next.LastUID)
	return filed, nil
}
