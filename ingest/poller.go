package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"rapport/threads"
)

// PollerConfig is what a Poller needs.
type PollerConfig struct {
	Name     string // our name for the mailbox; the archive remembers it by this
	Mailbox  Mailbox
	Pipeline *Pipeline
	Cursors  Cursors
	// Owner names this installation. A process that starts again under the same
	// name takes its mailboxes back at once; another waits until a claim ends.
	Owner string
	Start Start
	After string        // "keep" (or ""), "seen" or "move FOLDER"
	Poll  time.Duration // how often to look where the server does not tell; 0 means 2 minutes

	MaxSize int64         // of a larger mail only the header is read; 0 means 50 MB
	Lease   time.Duration // how long a claim lasts without being renewed; 0 means 1 minute
	MinWait time.Duration // before the first new attempt after trouble; 0 means 1 second
	MaxWait time.Duration // 0 means 5 minutes
	Retry   time.Duration // before a mail that cannot be read is tried again; 0 means 10 seconds
	Now     func() time.Time
	Log     *slog.Logger
}

// Start says from where on a mailbox is read when it is read for the first
// time: everything, what came since a day, or (the zero value) only what comes
// from now on.
type Start struct {
	All   bool
	Since time.Time
}

// Poller reads one mailbox. Its state is the cursor in the archive.
type Poller struct {
	c      PollerConfig
	seen   bool   // folder policy: mark as seen
	moveTo string // folder policy: move there
	log    *slog.Logger
	now    func() time.Time

	filing   sync.Mutex     // held while the cursor is used or renewed
	cursor   threads.Cursor // as committed
	ledger   ledger
	most     int             // mails in the next batch; halved when a batch fails
	after    []uint32        // filed, and waiting for the folder policy
	begun    bool            // some of these may be moved in part: an attempt was broken off
	caughtUp bool            // what an earlier process has filed was seen to
	avoid    map[uint32]bool // filed mails that are not compared with the server's again
	compared time.Time       // when the server was last compared with the archive
	unsigned bool            // what is owed has changed since the account was signed
	refused  string          // what the server refused of it, in words

	status statusBoard
}

// NewPoller checks its configuration.
func NewPoller(c PollerConfig) (*Poller, error) {
	if c.Name == "" || c.Mailbox == nil || c.Pipeline == nil || c.Cursors == nil || c.Owner == "" {
		return nil, errors.New("ingest: PollerConfig.Name, Mailbox, Pipeline, Cursors and Owner are required")
	}
	p := &Poller{c: c, most: mostPerBatch, avoid: map[uint32]bool{}, log: c.Log, now: c.Now}
	switch word, folder, _ := strings.Cut(c.After, " "); {
	case word == "" || word == "keep" && folder == "":
	case word == "seen" && folder == "":
		p.seen = true
	case word == "move" && strings.TrimSpace(folder) != "":
		p.moveTo = strings.TrimSpace(folder)
	default:
		return nil, fmt.Errorf("mailbox %s: %q is nothing that can be done with filed mail; use keep, seen or move FOLDER", c.Name, c.After)
	}
	defaults := []struct {
		field *time.Duration
		value time.Duration
	}{{&p.c.Poll, 2 * time.Minute}, {&p.c.Lease, time.Minute}, {&p.c.MinWait, time.Second}, {&p.c.MaxWait, 5 * time.Minute}, {&p.c.Retry, 10 * time.Second}}
	for _, d := range defaults {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	if p.c.MaxSize <= 0 {
		p.c.MaxSize = 50 << 20
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	p.log = p.log.With("mailbox", c.Name)
	p.ledger = ledger{retry: p.c.Retry}
	p.status.now = p.now
	return p, nil
}

// Run reads the mailbox until ctx ends. Trouble is shown in Status and tried
// again; it never ends Run.
func (p *Poller) Run(ctx context.Context) error {
	defer p.leave(ctx)
	waits := p.newWaits()
	for ctx.Err() == nil {
		visit, err := p.visit(ctx, true)
		if ctx.Err() != nil {
			break
		}
		if visit.progress {
			waits.Reset()
		}
		pause := waits.after(err)
		p.trouble(err, pause)
		sleep(ctx, pause)
	}
	return nil
}

// Once reads what is there and returns.
func (p *Poller) Once(ctx context.Context) (Counts, error) {
	defer p.leave(ctx)
	before := p.Status().Counts
	waits := p.newWaits()
	const most = 20 // enough to find one bad mail among fifty by halving
	for try := 1; ; try++ {
		visit, err := p.visit(ctx, false)
		counts := p.Status().Counts.minus(before)
		if err == nil || ctx.Err() != nil || !visit.opened || try == most {
			return counts, err
		}
		sleep(ctx, waits.after(err))
	}
}

// leave notes what could not be read and gives the mailbox back, also when ctx
// has ended.
func (p *Poller) leave(ctx context.Context) {
	p.status.set("stopped")
	if p.cursor.Fence == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	p.ledger.leave()
	_, err := p.commit(ctx, nil, nil)
	err = errors.Join(err, p.c.Cursors.Unclaim(ctx, p.cursor))
	if err != nil && !errors.Is(err, threads.ErrFenced) {
		p.log.Warn("mailbox.unclaim_failed", "error", err)
	}
	p.cursor.Fence = 0
}

// visited tells how far a visit to the server got.
type visited struct {
	opened   bool // the folder could be opened
	progress bool // all that was there was read, or something was filed
}

// visit claims the mailbox, opens it, reads what is new and, if stay, waits for
// more until something fails.
func (p *Poller) visit(ctx context.Context, stay bool) (v visited, err error) {
	p.status.set("connecting")
	if err := p.claim(ctx); err != nil {
		return v, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var keeper sync.WaitGroup
	keeper.Go(func() { p.keepClaim(ctx, cancel) })
	defer keeper.Wait()
	defer cancel(nil)

	s, err := p.c.Mailbox.Open(ctx, p.seen || p.moveTo != "")
	if err != nil {
		return v, err
	}
	defer s.Close()
	v.opened = true
	p.log.Info("mailbox.connected", "messages", s.Folder().Messages)
	if err := p.align(ctx, s); err != nil {
		return v, err
	}
	if err := p.recall(ctx); err != nil {
		return v, err
	}
	if err := p.catchUp(ctx, s); err != nil {
		return v, err
	}
	for {
		p.status.set("reading")
		before, began := p.Status().Counts, p.now()
		err := p.look(ctx, s)
		v.progress = v.progress || err == nil || p.Status().Counts != before
		if err != nil {
			return v, causeOf(ctx, err)
		}
		p.filing.Lock()
		words, all := lines(p.refused, p.ledger.words(p.now())), !p.ledger.unread(p.c.Pipeline.directory().IsOurs)
		p.filing.Unlock()
		p.status.fine(words, began, all)
		if !stay {
			return v, nil
		}
		p.status.set("idle")
		if err := p.wait(ctx, s); err != nil {
			return v, causeOf(ctx, err)
		}
	}
}

// lines joins what there is to say.
func lines(all ...string) string {
	return strings.Join(distinct(all), "\n")
}

// causeOf tells why the context ended, if that is what failed.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}
