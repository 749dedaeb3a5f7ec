package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"syscall"
	"time"

	"rapport/archive"
	"rapport/threads"
)

type checkpointCmd struct {
	KeyFile string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The key that signs the log, as \"rapport key new\" made it; log.key_file of the configuration unless given."`
}

// Run prints the newest checkpoint, and signs one if the log has grown.
func (c *checkpointCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	n, err := h.notary(c.KeyFile)
	if err != nil {
		return err
	}
	signed, err := n.checkpoint(e.ctx)
	if err != nil {
		return err
	}
	_, err = e.out.Write(signed)
	return err
}

// notary signs this house's log.
type notary struct {
	archive.Notary
	keyFile   string
	observers []archive.Observer
	log       *slog.Logger
}

// notary reads the key in a file, or in the one that the configuration names.
// What was signed last is also remembered beside the key, which does not go
// back when a database does.
func (h *house) notary(keyFile string) (*notary, error) {
	if keyFile = cmp.Or(keyFile, h.config.Log.KeyFile); keyFile == "" {
		return nil, usagef("the log has no key: make one with \"rapport key new FILE\" and write its path into log.key_file, or give --key-file")
	}
	key, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	n := &notary{keyFile: keyFile, log: h.log}
	n.Notary = archive.Notary{Log: h.store, Key: key, Books: []archive.Notebook{h.store, fileBook(keyFile + ".checkpoint")}}
	client := &http.Client{Timeout: witnessTimeout}
	for _, w := range h.config.Log.Witnesses {
		v, err := archive.ReadWitness(w.Key)
		if err != nil {
			return nil, usagef("log.witnesses: %s: %v", w.URL, err)
		}
		n.observers = append(n.observers, archive.Observer{URL: w.URL, Key: v, Client: client})
	}
	return n, nil
}

// witnessTimeout is how long one witness may take.
const witnessTimeout = 15 * time.Second

// checkpoint signs the log as it is, and has it cosigned. A witness that cannot
// be reached is asked again with the next checkpoint; one that has seen another
// history is an alarm.
func (n *notary) checkpoint(ctx context.Context) ([]byte, error) {
	// Who signs takes turns: the book beside the key must never go back.
	unlock, err := lock(n.keyFile, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer unlock()
	signed, err := n.Checkpoint(ctx)
	if errors.Is(err, archive.ErrForked) {
		return nil, fmt.Errorf("%w: %w; nothing was signed: find the newest backup, or run rapport verify and keep both histories", threads.ErrConflict, err)
	}
	if err != nil {
		return nil, err
	}
	signed, err = n.Cosign(ctx, signed, n.observers)
	if errors.Is(err, archive.ErrForked) {
		return nil, fmt.Errorf("%w: %w; run rapport verify, and ask the witness for the checkpoint that it has seen", threads.ErrConflict, err)
	}
	if err != nil {
		n.log.Warn("log.not-cosigned", "error", err)
	}
	return signed, nil
}

// run signs now and then, until ctx ends.
func (n *notary) run(ctx context.Context, every time.Duration) error {
	again := time.NewTicker(every)
	defer again.Stop()
	for {
		if _, err := n.checkpoint(ctx); err != nil && ctx.Err() == nil {
			n.log.Error("log.not-signed", "error", err)
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// lock takes the lock of a file or folder, which ends with this process at the
// latest; how is that of flock(2).
func lock(path string, how int) (unlock func() error, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := syscall.Flock(int(f.Fd()), how); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
	}
	return f.Close, nil
}

// fileBook is a notebook of one page.
type fileBook string

func (b fileBook) LatestCheckpoint(context.Context) ([]byte, error) {
	signed, err := os.ReadFile(string(b))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return signed, err
}

func (b fileBook) PutCheckpoint(_ context.Context, _ int64, signed []byte) error {
	return archive.WriteWhole(string(b), signed)
}
