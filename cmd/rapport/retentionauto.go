package main

import (
	"context"
	"errors"
	"time"
)

// retentionEvery is how often a server looks whether mail is due.
const retentionEvery = time.Hour

// runRetention erases by itself what is due in the projects that say so, and
// what earlier erasures have left in the files of the database, until ctx ends.
func (h *house) runRetention(ctx context.Context) error {
	return repeatedly(ctx, retentionEvery, func() error { return h.retain(ctx, time.Now()) },
		func(err error) { h.log.Error("retention.trouble", "error", err) })
}

// automaticLogin stands where a person would, in what the server does by itself.
const automaticLogin = "automatic"

// retain does one round. Trouble with one project does not hold up another.
func (h *house) retain(ctx context.Context, now time.Time) error {
	var errs []error
	d := h.projects()
	for i := range d.Projects {
		p := &d.Projects[i]
		if !p.Retention.Automatic {
			continue
		}
		mails, err := h.eraseDue(ctx, p, now, automaticLogin, func(t *dueThread, _ error) {
			h.log.Info("retention.stays", "project", p.Key, "thread", t.ID, "hold", t.Held)
		})
		if mails > 0 {
			h.log.Info("retention.erased", "project", p.Key, "mails", mails)
		}
		errs = append(errs, err)
	}
	return errors.Join(append(errs, h.bookErased(ctx), h.store.Scrub(ctx))...)
}
