package ingest

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/semaphore"

	"rapport/threads"
)

const (
	mostPerBatch  = 50       // mails in one transaction: more would hold the archive's lock for long
	bytesPerBatch = 8 << 20  // bytes in one FETCH, unless a single mail has more
	bytesAtOnce   = 24 << 20 // bytes fetched and not yet filed
	sizesAtOnce   = 500
)

// round reads until nothing new is left.
func (p *Poller) round(ctx context.Context, s Session) error {
	for {
		p.filing.Lock()
		last := p.cursor.LastUID
		p.filing.Unlock()
		uids, err := s.UIDs(ctx, last, time.Time{})
		if err != nil {
			return err
		}
		p.status.answered()
		p.filing.Lock()
		p.ledger.list(uids)
		fresh, again := p.ledger.todo(p.now())
		p.filing.Unlock()
		if len(fresh)+len(again) == 0 {
			return p.applyPolicy(ctx, s)
		}
		if err := p.read(ctx, s, fresh, again); err != nil {
			return err
		}
	}
}

// load is a batch on its way.
type load struct {
	received []Received
	filings  []threads.Filing
	uids     []uint32 // settled by this batch: those received and those found gone
	weight   int64
	end      func() // of its turn, if it is large
}

// read fetches, prepares and files mails.
func (p *Poller) read(ctx context.Context, s Session, fresh, again []uint32) error {
	room, flow := semaphore.NewWeighted(bytesAtOnce), p.c.Pipeline.newFlow()
	p.filing.Lock()
	validity := p.cursor.UIDValidity
	p.filing.Unlock()
	f := &fetcher{p: p, s: s, room: room, validity: validity, end: func() {}}
	err := inStages(ctx,
		func(ctx context.Context, handOn func(load)) error {
			f.handOn = handOn
			return f.all(ctx, fresh, again)
		},
		func(l *load) (err error) {
			l.filings, err = flow.prepare(ctx, l.received)
			return err
		},
		func(l load) error {
			weight, end := l.weight, l.end
			err := p.fileLoad(ctx, l.filings, l.uids)
			l = load{} // nothing holds the mails any more
			end()
			room.Release(weight)
			return err
		})
	f.end() // of a mail that was dropped on its way
	if err != nil {
		return err
	}
	return p.applyPolicy(ctx, s)
}

// fileLoad commits a batch. If that fails though the archive works, one of its
// mails is at fault: it is found by halving and put aside.
func (p *Poller) fileLoad(ctx context.Context, all []threads.Filing, uids []uint32) error {
	filed, err := p.commit(ctx, all, uids)
	if err == nil {
		p.count(all, filed)
		return nil
	}
	if ctx.Err() != nil || errors.Is(err, threads.ErrFenced) || errors.Is(err, threads.ErrFull) || len(all) == 0 {
		return err
	}
	if _, broken := p.commit(ctx, nil, nil); broken != nil {
		return err
	}
	if len(all) == 1 {
		m := all[0].Message
		p.putAside(threads.Owed{UID: all[0].Position.UID, Size: m.Size, Why: threads.WhyUnfiled, From: m.From, Subject: m.Subject}, err)
		return p.fileLoad(ctx, nil, without(uids, all[0].Position.UID))
	}
	half := len(all) / 2
	first, second := all[:half], all[half:]
	if err := p.fileLoad(ctx, first, uidsOf(first)); err != nil {
		return err
	}
	return p.fileLoad(ctx, second, without(uids, uidsOf(first)...))
}

func uidsOf(all []threads.Filing) []uint32 {
	var uids []uint32
	for _, x := range all {
		uids = append(uids, x.Position.UID)
	}
	return uids
}

func without(uids []uint32, those ...uint32) []uint32 {
	drop := map[uint32]bool{}
	for _, uid := range those {
		drop[uid] = true
	}
	var out []uint32
	for _, uid := range uids {
		if !drop[uid] {
			out = append(out, uid)
		}
	}
	return out
}

// count notes what was filed, and queues it for the folder policy.
func (p *Poller) count(all []threads.Filing, filed []threads.Filed) {
	if p.seen || p.moveTo != "" {
		p.filing.Lock()
		for i := range filed {
			p.after = append(p.after, all[i].Position.UID)
		}
		p.filing.Unlock()
	}
	p.status.change(func(s *Status) { s.Counts.add(filed) })
	p.showAsides()
	if len(filed) > 0 {
		var c Counts
		c.add(filed)
		p.log.Info("mailbox.filed", "new", c.Filed, "tray", c.Tray, "known", c.Known)
	}
}

// putAside notes a mail that cannot be read or filed now, and why.
func (p *Poller) putAside(o threads.Owed, why error) {
	o.Words = why.Error()
	p.filing.Lock()
	p.ledger.putAside(o, p.now())
	p.filing.Unlock()
	p.showAsides()
	p.log.Warn("mailbox.mail_aside", "uid", o.UID, "why", o.Why, "error", why)
}

func (p *Poller) showAsides() {
	p.filing.Lock()
	asides := len(p.ledger.asides)
	p.filing.Unlock()
	p.status.change(func(s *Status) { s.Counts.Aside = asides })
}

// wait waits for news from the server, for the poll interval where it tells
// none, or for the time at which a mail aside is due.
func (p *Poller) wait(ctx context.Context, s Session) error {
	most := jitter(p.c.Poll)
	p.filing.Lock()
	if due, ok := p.ledger.next(); ok {
		most = min(most, max(due.Sub(p.now()), 0))
	}
	p.filing.Unlock()
	// Even a server that tells by itself is looked at now and then: some are
	// silent about mail that came just before they were asked to tell.
	soon, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	news, err := s.Wait(soon)
	if errors.Is(err, ErrCannotWait) {
		<-soon.Done()
		err = nil
	}
	if err == nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil || news {
		return err
	}
	return s.Ping(ctx)
}
