package main

import (
	"errors"
	"fmt"
	"os"

	"rapport/archive"
	"rapport/threads"
)

type logCmd struct {
	Recover logRecoverCmd `cmd:"" help:"Go on with a log whose end is lost, under a new key, and say so in the log."`
}

type logRecoverCmd struct {
	KeyFile    string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The new key, of another origin than the old one; log.key_file of the configuration unless given."`
	OldKey     string `placeholder:"KEY" required:"" help:"The public key of before, or a file with it."`
	Checkpoint string `placeholder:"FILE" required:"" help:"The last checkpoint that was published: the file beside the old key, or what a witness or an auditor has kept."`
}

// Run begins a new origin. The log keeps its lines; the first that the new key
// signs says what is lost.
func (c *logRecoverCmd) Run(e *env) error {
	old, oldText, err := readKeyArgument("--old-key", c.OldKey, archive.ReadPublic)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(c.Checkpoint)
	if err != nil {
		return fmt.Errorf("read the checkpoint: %w", err)
	}
	lost, err := archive.OpenCheckpoint(signed, old)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Checkpoint, err)
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
	if n.Key.Origin() == lost.Origin {
		return usagef("the new key is of the same log %s; make another one with: rapport key new FILE", lost.Origin)
	}
	switch err := n.Continues(e.ctx, lost); {
	case err == nil:
		return fmt.Errorf("%w: nothing is lost: the log continues this checkpoint of %d lines; sign it with the old key", threads.ErrConflict, lost.Size)
	case !errors.Is(err, archive.ErrForked):
		return err
	}
	if err := h.store.Record(e.ctx, n.Key.Recovery(oldText, lost)); err != nil {
		return err
	}
	if signed, err = n.Succeed(e.ctx); err != nil {
		return err
	}
	if err := h.store.ForgetFolders(e.ctx); err != nil {
		return err
	}
	fmt.Fprintf(e.err, "The log goes on as %s. Tell everyone who checks: give them the new public key, and say what was lost and why.\n", n.Key.Origin())
	_, err = e.out.Write(signed)
	return err
}
