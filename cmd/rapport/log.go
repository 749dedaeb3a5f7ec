package main

import (
	"context"
	"errors"
	"fmt"

	"rapport/archive"
	"rapport/threads"
)

type logCmd struct {
	Recover logRecoverCmd `cmd:"" help:"Go on with a log whose end is lost, under a new key, and say so in the log."`
}

type logRecoverCmd struct {
	KeyFile    string   `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The new key, of another origin than the old one; log.key_file of the configuration unless given."`
	OldKey     string   `placeholder:"KEY" required:"" help:"The public key of before, or a file with it."`
	Checkpoint []string `placeholder:"FILE" required:"" help:"The last checkpoints that were published: the file beside the old key, or what a witness or an auditor has kept, a mail too; may be repeated."`
}

// Run begins a new origin for both logs. They keep their lines; the first that
// the new key signs says what is lost.
func (c *logRecoverCmd) Run(e *env) error {
	old, err := readKeyArgument("--old-key", c.OldKey, archive.ReadPublic)
	if err != nil {
		return err
	}
	oldAccess, err := old.Access()
	if err != nil {
		return err
	}
	kept, err := readCheckpoints(c.Checkpoint)
	if err != nil {
		return err
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	n, err := h.notary(c.KeyFile)
	if err != nil {
		return err
	}
	if n.archive.Key.Origin() == old.Name() {
		return usagef("the new key is of the same log %s; make another one with: rapport key new FILE", old.Name())
	}
	logs := []*recovery{
		{ledger: h.store, next: &n.archive, old: old},
		{ledger: h.store.AccessLog(), next: &n.access, old: oldAccess},
	}
	if err := recoverable(e.ctx, logs, kept); err != nil {
		return err
	}
	if err := h.store.Recover(e.ctx, logs[0].line(), logs[1].line()); err != nil {
		return err
	}
	for _, log := range logs {
		if _, err := log.next.Succeed(e.ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.err, "The log goes on as %s. Tell everyone who checks: give them the new public key, and say what was lost and why.\n", n.archive.Key.Origin())
	signed, err := n.checkpoints(e.ctx)
	if err != nil {
		return err
	}
	_, err = e.out.Write(signed)
	return err
}

// recovery is one log on its way to a new origin.
type recovery struct {
	ledger
	next *archive.Notary
	old  *archive.PublicKey
	last *archive.Checkpoint // the longest that the old key has signed, nil if there is none
}

// recoverable finds for each log the last checkpoint that was published. Of one
// of them something must be lost, or there is nothing to recover.
func recoverable(ctx context.Context, logs []*recovery, kept [][]byte) error {
	lost := false
	for _, log := range logs {
		if err := log.find(ctx, kept); err != nil {
			return err
		}
		if log.last == nil {
			continue
		}
		err := log.next.Continues(ctx, *log.last)
		if err != nil && !errors.Is(err, archive.ErrForked) {
			return err
		}
		lost = lost || err != nil
	}
	switch {
	case logs[0].last == nil:
		return usagef("--checkpoint: none is by the key of --old-key for the log %s", logs[0].old.Name())
	case !lost:
		return fmt.Errorf("%w: nothing is lost: the log continues this checkpoint of %d lines; sign it with the old key", threads.ErrConflict, logs[0].last.Size)
	}
	return nil
}

// find looks through what was kept, and for the other log through what the
// restored store has, since it may never have been published.
func (r *recovery) find(ctx context.Context, kept [][]byte) error {
	if archive.IsAccess(r.old.Name()) {
		latest, err := r.LatestCheckpoint(ctx)
		if err != nil {
			return err
		}
		kept = append(kept[:len(kept):len(kept)], latest)
	}
	for _, signed := range kept {
		c, err := archive.OpenCheckpoint(signed, r.old)
		if err == nil && (r.last == nil || c.Size > r.last.Size) {
			r.last = &c
		}
	}
	return nil
}

// line is what the log says of it, nothing if nothing was ever published.
func (r *recovery) line() []threads.Entry {
	if r.last == nil {
		return nil
	}
	return []threads.Entry{r.next.Key.Recovery(r.old, *r.last)}
}
