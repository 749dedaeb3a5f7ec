package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"syscall"
	"time"

	"rapport/archive"
	"rapport/internal/durable"
	"rapport/threads"
)

type checkpointCmd struct {
	KeyFile string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The key that signs the log, as \"rapport key new\" made it; log.key_file of the configuration unless given."`
}

// Run prints the newest checkpoints of both logs, and signs those that have grown.
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
	signed, err := n.checkpoints(e.ctx)
	if err != nil {
		return err
	}
	_, err = e.out.Write(signed)
	return err
}

// notary signs this house's logs.
type notary struct {
	keyFile   string
	archive   archive.Notary
	access    archive.Notary
	observers []archive.Observer
	log       *slog.Logger
}

// ledger is a log of the store.
type ledger interface {
	archive.Log
	archive.Notebook
}

// notary reads the key in a file, or in the one that the configuration names.
// What was signed last is also remembered beside the key, which does not go
// back when a database does.
func (h *house) notary(keyFile string) (*notary, error) {
	if keyFile = cmp.Or(keyFile, h.config().Log.KeyFile); keyFile == "" {
		return nil, usagef("the log has no key: make one with \"rapport key new FILE\" and write its path into log.key_file, or give --key-file")
	}
	key, err := readKey(keyFile)
	if err != nil {
		return nil, err
	}
	accessKey, err := key.Access()
	if err != nil {
		return nil, err
	}
	signs := func(log ledger, key *archive.Key) archive.Notary {
		return archive.Notary{Log: log, Key: key, Books: []archive.Notebook{log, fileBook{keyFile + ".checkpoint", key.Origin()}}}
	}
	n := &notary{keyFile: keyFile, log: h.log, archive: signs(h.store, key), access: signs(h.store.AccessLog(), accessKey)}
	client := outsider(witnessTimeout)
	for _, w := range h.config().Log.Witnesses {
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

// checkpoints signs both logs as they are. Trouble with one does not hold up the
// other.
func (n *notary) checkpoints(ctx context.Context) ([]byte, error) {
	access, wrong := n.sign(ctx, &n.access)
	if wrong != nil {
		wrong = fmt.Errorf("the log of accesses: %w", wrong)
	}
	signed, err := n.sign(ctx, &n.archive)
	return append(bytes.Clone(signed), access...), errors.Join(err, wrong)
}

// checkpoint signs the log of everything that happened to mail.
func (n *notary) checkpoint(ctx context.Context) ([]byte, error) { return n.sign(ctx, &n.archive) }

// sign signs a log as it is, and has it cosigned. A witness that cannot be
// reached is asked again with the next checkpoint; one that has seen another
// history is an alarm.
func (n *notary) sign(ctx context.Context, log *archive.Notary) ([]byte, error) {
	// Who signs takes turns: the book beside the key must never go back.
	unlock, err := lock(n.keyFile, syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer unlock()
	signed, err := log.Checkpoint(ctx)
	if errors.Is(err, archive.ErrForked) {
		return nil, fmt.Errorf("%w: %w; nothing was signed: find the newest backup, or run rapport verify and keep both histories", threads.ErrConflict, err)
	}
	if err != nil {
		return nil, err
	}
	signed, err = log.Cosign(ctx, signed, n.observers)
	if errors.Is(err, archive.ErrForked) {
		return nil, fmt.Errorf("%w: %w; run rapport verify, and ask the witness for the checkpoint that it has seen", threads.ErrConflict, err)
	}
	if err != nil {
		n.log.Warn("log.not-cosigned", "log", log.Key.Origin(), "error", err)
	}
	return signed, nil
}

// run signs now and then, until ctx ends.
func (n *notary) run(ctx context.Context, every time.Duration) error {
	return repeatedly(ctx, every, func() error {
		_, err := n.checkpoints(ctx)
		return err
	}, func(err error) { n.log.Error("log.not-signed", "error", err) })
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

// fileBook is the page of one log in a file with the latest checkpoint of each.
type fileBook struct{ path, origin string }

// pages are the checkpoints in the file. One that is damaged is no empty book:
// what was published would be forgotten.
func (b fileBook) pages() ([][]byte, error) {
	text, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	pages := archive.Checkpoints(text)
	if err == nil && !bytes.Equal(bytes.Join(pages, nil), text) {
		err = fmt.Errorf("%s is damaged: take it from its backup, or from who has kept the last checkpoint", b.path)
	}
	return pages, err
}

func (b fileBook) LatestCheckpoint(context.Context) ([]byte, error) {
	pages, err := b.pages()
	for _, page := range pages {
		if b.owns(page) {
			return page, err
		}
	}
	return nil, err
}

func (b fileBook) PutCheckpoint(_ context.Context, _ int64, signed []byte) error {
	pages, err := b.pages()
	if err != nil {
		return err
	}
	pages = append(slices.DeleteFunc(pages, b.owns), signed)
	slices.SortFunc(pages, bytes.Compare) // an origin stands before that of its accesses
	return durable.Write(b.path, bytes.Join(pages, nil))
}

func (b fileBook) owns(page []byte) bool {
	c, err := archive.ReadCheckpoint(page)
	return err == nil && c.Origin == b.origin
}
