package main

import (
	"context"
	"time"

	"rapport/compose"
)

// The demo's mail server answers at once and nobody else works on its archive,
// so what a killed run left behind is taken up after seconds instead of minutes.
const (
	demoLease = 8 * time.Second // of which a letter may take three quarters
	demoWait  = time.Second
)

// settle runs the outbox until nothing of a report is on its way any more.
func (d *demoRun) settle(ctx context.Context, report string) error {
	var read time.Time // until when our own mailbox, where the copies are, was read
	outbox, err := d.outbox(func(c *compose.OutboxConfig) {
		c.Lease, c.Unknown.Wait = demoLease, demoWait
		c.Unknown.Watched = func(context.Context) (time.Time, error) { return read, nil }
	})
	if err != nil {
		return err
	}
	for {
		if _, err := outbox.Once(ctx); err != nil {
			return err
		}
		before := time.Now()
		if err := d.poll(ctx); err != nil {
			return err
		}
		read = before
		r, err := d.store.Report(ctx, report)
		if err != nil {
			return err
		}
		open := false
		for _, l := range r.Deliveries {
			open = open || !l.State.Final()
		}
		if !open {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}
