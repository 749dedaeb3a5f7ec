package main

import (
	"crypto/rand"
	"fmt"

	"rapport/archive"
	"rapport/threads"
)

type keyRotateCmd struct {
	File    string `arg:"" help:"Where to write the new key."`
	KeyFile string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The key that signs the log now; log.key_file of the configuration unless given."`
}

// Run hands both logs over: the old key signs the line that names the new one.
func (c *keyRotateCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	old, err := h.notary(c.KeyFile)
	if err != nil {
		return err
	}
	if _, err := old.checkpoints(e.ctx); err != nil { // the old key must be able to sign
		return err
	}
	key, err := archive.NewKey(old.archive.Key.Origin(), rand.Reader)
	if err != nil {
		return err
	}
	if err := writeKey(c.File, key.Secret()); err != nil {
		return err
	}
	next, err := h.notary(c.File)
	if err != nil {
		return err
	}
	err = h.store.Record(e.ctx, []threads.Entry{old.archive.Key.Rotation(next.archive.Key)}, []threads.Entry{old.access.Key.Rotation(next.access.Key)})
	if err == nil {
		_, err = next.archive.Succeed(e.ctx, old.archive.Key)
	}
	if err == nil {
		_, err = next.access.Succeed(e.ctx, old.access.Key)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, key.Public())
	fmt.Fprintf(e.err, "Write %s into log.key_file, give everyone who checks the new public key, and keep the old key until they have it.\n", c.File)
	return nil
}
