package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rapport/archive"
	"rapport/threads"
)

type checkpointCmd struct {
	KeyFile string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" required:"" help:"The key that signs the log, as \"rapport key new\" made it."`
}

// Run prints the newest checkpoint, and signs one if the log has grown.
func (c *checkpointCmd) Run(e *env) error {
	key, err := readKey(c.KeyFile)
	if err != nil {
		return err
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	signed, err := h.checkpoint(e.ctx, key, c.KeyFile)
	if err != nil {
		return err
	}
	_, err = e.out.Write(signed)
	return err
}

// checkpoint signs the log as it is. What was signed last is also remembered
// beside the key, which does not go back when a database does.
func (h *house) checkpoint(ctx context.Context, key *archive.Key, keyFile string) ([]byte, error) {
	n := archive.Notary{Log: h.store, Key: key, Books: []archive.Notebook{h.store, fileBook(keyFile + ".checkpoint")}}
	signed, err := n.Checkpoint(ctx)
	if errors.Is(err, archive.ErrForked) {
		return nil, fmt.Errorf("%w: %w; nothing was signed: find the newest backup, or run rapport verify and keep both histories", threads.ErrConflict, err)
	}
	return signed, err
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
	f, err := os.CreateTemp(filepath.Dir(string(b)), ".checkpoint-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // is gone once it was renamed
	_, err = f.Write(signed)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), string(b))
}
