package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"

	"rapport/cmd/rapport/config"
	"rapport/compose"
	"rapport/ingest"
	"rapport/ingest/imap"
	"rapport/mail"
)

// connectionsPerServer is how many connections one server gets from us at a
// time: providers refuse more from one address.
const connectionsPerServer = 5

// workers are what runs beside the pages: a poller for each mailbox, the outbox,
// and who signs the log.
type workers struct {
	pollers map[string]*ingest.Poller // by mailbox
	outbox  *compose.Outbox           // nil if nothing can be sent
	notices *compose.Outbox           // of what is sent by itself; nil likewise
	notary  *notary                   // nil if the log has no key
	dailies *dailies                  // nil if there is no daily mail
	stamper *stamper                  // nil if no authority stamps checkpoints
	mailing *publisher                // of checkpoints; nil likewise
	auto    *automatic                // reminders and receipts; nil likewise
	house   *house
}

func (h *house) newWorkers() (*workers, error) {
	w := &workers{house: h}
	var err error
	if w.pollers, err = h.pollers(h.installation()); err != nil {
		return nil, err
	}
	if h.config().Log.KeyFile != "" {
		if w.notary, err = h.notary(""); err != nil {
			return nil, err
		}
		if w.stamper, err = h.stamper(); err != nil {
			return nil, err
		}
	}
	if h.config().SMTP.Server != "" {
		w.outbox, err = h.outbox(func(c *compose.OutboxConfig) { c.Unknown.Watched = w.watched })
		if err != nil {
			return nil, err
		}
		if w.notices, err = h.noticeOutbox(); err != nil {
			return nil, err
		}
		if w.auto, err = h.automatic(time.Now); err != nil {
			return nil, err
		}
		if h.config().Log.Mail.At != "" {
			if w.mailing, err = h.newPublisher(w.notary); err != nil {
				return nil, err
			}
		}
		if h.config().Notices.Daily.At != "" {
			if w.dailies, err = w.newDailies(); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// status tells how the reading of a mailbox goes, its trouble with the next step.
func (w *workers) status(mailbox string) (ingest.Status, bool) {
	p := w.pollers[mailbox]
	if p == nil {
		return ingest.Status{}, false
	}
	s := p.Status()
	for _, m := range w.house.config().Mailboxes {
		if m.Name == mailbox {
			s.Trouble = plainTrouble(m.Server.Host(), s.Trouble)
		}
	}
	return s, true
}

// watched is until when all our mailboxes have been read completely: a copy of
// a letter that is not there by then will not come. A mailbox in trouble holds
// it back.
func (w *workers) watched(context.Context) (time.Time, error) {
	var least time.Time
	for _, p := range w.pollers {
		read := p.Status().Read
		if read.IsZero() {
			return time.Time{}, nil
		}
		if least.IsZero() || read.Before(least) {
			least = read
		}
	}
	return least, nil
}

// run works until ctx ends and everything has come to rest. One worker's end
// never stops another.
func (w *workers) run(ctx context.Context) {
	var all sync.WaitGroup
	start := func(name string, run func(context.Context) error) {
		all.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				w.house.log.Error("worker.ended", "worker", name, "error", err)
			}
		})
	}
	for name, p := range w.pollers {
		start(name, p.Run)
	}
	if w.outbox != nil {
		start("outbox", w.outbox.Run)
		start("notices", w.notices.Run)
	}
	if w.auto != nil {
		start("automatic", w.auto.run)
	}
	start("retention", w.house.runRetention)
	start("index", w.house.finishIndex)
	if w.dailies != nil {
		start("daily", w.dailies.run)
	}
	if w.stamper != nil {
		start("stamper", w.stamper.run)
	}
	if w.mailing != nil {
		start("checkpoint-mail", w.mailing.run)
	}
	if w.house.config().IMAPArchive.Used() {
		start("archive-imap", w.house.runArchiveServer)
	}
	if w.house.config().Metrics.Listen != "" {
		start("metrics", w.serveMetrics)
	}
	if w.notary != nil {
		start("notary", func(ctx context.Context) error { return w.notary.run(ctx, w.house.config().Log.Every) })
	}
	all.Wait()
}

// finishIndex indexes what a newer form of the index has put on its list, as
// long as that gets shorter.
func (h *house) finishIndex(ctx context.Context) error {
	for {
		if n, err := h.store.Repair(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// pollers are made for every configured mailbox; owner is who claims them.
func (h *house) pollers(owner string) (map[string]*ingest.Poller, error) {
	pipeline, err := h.pipeline()
	if err != nil {
		return nil, err
	}
	gates := map[string]*imap.Gate{}
	pollers := map[string]*ingest.Poller{}
	for _, m := range h.config().Mailboxes {
		host := m.Server.Host()
		if gates[host] == nil {
			gates[host] = imap.NewGate(connectionsPerServer)
		}
		mailbox, err := h.mailbox(m, gates[host])
		if err != nil {
			return nil, fmt.Errorf("mailbox %s: %w", m.Name, err)
		}
		pollers[m.Name], err = ingest.NewPoller(ingest.PollerConfig{
			Name: m.Name, Mailbox: mailbox, Pipeline: pipeline, Cursors: h.store, Owner: owner,
			Start: ingest.Start{All: m.Start.All, Since: m.Start.Since}, After: m.After, Poll: m.Poll,
			MaxSize: int64(h.config().Limits.Message), Now: time.Now, Log: h.log,
		})
		if err != nil {
			return nil, err
		}
	}
	return pollers, nil
}

func (h *house) mailbox(m config.Mailbox, gate *imap.Gate) (ingest.Mailbox, error) {
	c, err := h.imapConfig(m)
	if err != nil {
		return nil, err
	}
	c.Gate = gate
	return h.mailboxBy(c, m)
}

// mailboxBy is the mailbox with the login that it wants.
func (h *house) mailboxBy(c imap.Config, m config.Mailbox) (ingest.Mailbox, error) {
	if !m.OAuth.Used() {
		return imap.New(c)
	}
	tokens, err := h.tokens(m.Name, m.Username, m.OAuth)
	if err != nil {
		return nil, err
	}
	c.SASL = func(ctx context.Context) (sasl.Client, error) {
		return tokens.SASL(ctx, strings.ToUpper(m.OAuth.Mechanism), string(m.Server))
	}
	box, err := imap.New(c)
	return tokenMailbox{box, tokens}, err
}

// imapConfig is the way to a mailbox with a password.
func (h *house) imapConfig(m config.Mailbox) (imap.Config, error) {
	roots, err := h.config().Roots(m.CAFile)
	return imap.Config{
		Address: string(m.Server), TLS: imap.Mode(m.TLS), AllowPlaintext: m.AllowPlaintext, RootCAs: roots,
		Username: m.Username, Password: func(context.Context) (string, error) { return m.Password() },
		Folder: m.Folder, Version: programVersion(),
	}, err
}

// pipeline is the way of a mail from bytes into the archive.
func (h *house) pipeline() (*ingest.Pipeline, error) {
	read, err := h.readers.of(h.config().Reader, h.log)
	if err != nil {
		return nil, err
	}
	return ingest.NewPipeline(ingest.PipelineConfig{
		Archive: h.store, Directory: h.projects, Key: h.key, Extract: read,
		Limits: mail.Limits{Part: int64(h.config().Limits.Attachment)}, Now: time.Now, Corrections: h.corrections,
		Authenticate: h.authenticate,
	})
}

// pollOnce reads every mailbox once, side by side. Trouble with one does not
// hold up another; all of it is in the error.
func (h *house) pollOnce(ctx context.Context, owner string) (map[string]ingest.Counts, error) {
	pollers, err := h.pollers(owner)
	if err != nil {
		return nil, err
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	counts, trouble := map[string]ingest.Counts{}, error(nil)
	for name, p := range pollers {
		all.Go(func() {
			c, err := p.Once(ctx)
			mu.Lock()
			defer mu.Unlock()
			counts[name] = c
			if err != nil {
				trouble = errors.Join(trouble, fmt.Errorf("mailbox %s: %w", name, err))
			}
		})
	}
	all.Wait()
	return counts, trouble
}
