package main

import (
	"crypto/rand"
	"fmt"

	"rapport/archive"
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
	for _, log := range []struct {
		ledger
		old, next *archive.Notary
	}{{h.store, &old.archive, &next.archive}, {h.store.AccessLog(), &old.access, &next.access}} {
		if err := log.Record(e.ctx, log.old.Key.Rotation(log.next.Key)); err != nil {
			return err
		}
		if _, err := log.next.Succeed(e.ctx, log.old.Key); err != nil {
			return err
		}
	}
	fmt.Fprintln(e.out, key.Public())
	fmt.Fprintf(e.err, "Write %s into log.key_file, give everyone who checks the new public key, and keep the old key until they have it.\n", c.File)
	return nil
}
