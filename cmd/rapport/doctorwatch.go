package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/ingest"
)

// watch are our mailboxes while something is awaited in them.
type watch struct {
	arrivals chan arrival
	boxes    int
	cancel   context.CancelFunc
	all      sync.WaitGroup
}

const (
	mostOfProbe = 256 << 10       // a larger mail is none of ours; a bounce may quote one
	lookEvery   = 2 * time.Second // where a server does not tell of new mail
	lookAnyway  = 10 * time.Second
)

// watch opens every mailbox, to read only, and hands on what comes from now on.
func (d *doctor) watch(ctx context.Context, c *chart) *watch {
	ctx, cancel := context.WithCancel(ctx)
	w := &watch{arrivals: make(chan arrival), cancel: cancel}
	for _, m := range d.config().Mailboxes {
		box, err := d.waiting(m)
		var s ingest.Session
		if err == nil {
			s, err = box.Open(ctx, false)
		}
		var after uint32
		if err == nil {
			after, err = lastUID(ctx, s)
		}
		if err != nil {
			c.wrong("round-trip.mailbox", "", "mailbox %s cannot be watched: %v", m.Name, err)
			continue
		}
		w.boxes++
		w.all.Go(func() {
			defer s.Close()
			for ctx.Err() == nil {
				if after, err = w.look(ctx, m.Name, s, after, d.now); err != nil {
					w.tell(ctx, arrival{mailbox: m.Name, broken: err})
					return
				}
				rest(ctx, s)
			}
		})
	}
	return w
}

func (w *watch) stop() {
	w.cancel()
	w.all.Wait()
}

// waiting is a mailbox whose IDLE is short, should the server tell of nothing.
func (d *doctor) waiting(m config.Mailbox) (ingest.Mailbox, error) {
	c, err := d.imapConfig(m)
	if err != nil {
		return nil, err
	}
	c.Idle = lookAnyway
	return d.mailboxBy(c, m)
}

// lastUID is the UID after which everything is new.
func lastUID(ctx context.Context, s ingest.Session) (uint32, error) {
	if next := s.Folder().UIDNext; next > 0 {
		return next - 1, nil
	}
	uids, err := s.UIDs(ctx, 0, time.Time{})
	if err != nil || len(uids) == 0 {
		return 0, err
	}
	return uids[len(uids)-1], nil
}

// look hands on the mails above a UID.
func (w *watch) look(ctx context.Context, mailbox string, s ingest.Session, after uint32, now func() time.Time) (uint32, error) {
	uids, err := s.UIDs(ctx, after, time.Time{})
	if err != nil || len(uids) == 0 {
		return after, err
	}
	sizes, err := s.Sizes(ctx, uids)
	if err != nil {
		return after, err
	}
	for _, uid := range uids {
		if size := sizes[uid]; size > 0 && size <= mostOfProbe {
			mails, err := s.Fetch(ctx, []uint32{uid}, mostOfProbe+4096)
			if err != nil && !errors.Is(err, ingest.ErrRefused) {
				return after, err
			}
			for _, m := range mails {
				if len(m.Raw) == 0 {
					return after, nil // Exchange tells of mails before they are there
				}
				w.tell(ctx, arrival{mailbox: mailbox, raw: m.Raw, received: m.InternalDate, seen: now()})
			}
		}
		after = uid
	}
	return after, nil
}

func (w *watch) tell(ctx context.Context, a arrival) {
	select {
	case w.arrivals <- a:
	case <-ctx.Done():
	}
}

// rest waits for news, or a while.
func rest(ctx context.Context, s ingest.Session) {
	if _, err := s.Wait(ctx); !errors.Is(err, ingest.ErrCannotWait) {
		return
	}
	t := time.NewTimer(lookEvery)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
