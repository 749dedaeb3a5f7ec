package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"syscall"

	"rapport/internal/durable"
	"rapport/mail"
	"rapport/store"
	"rapport/threads"
)

// erasedBook lists what was erased, in a file beside the key of the log: a
// backup from before an erasure has the mail again, and does not know.
type erasedBook string

// erasedBookOf is the book beside a key.
func erasedBookOf(keyFile string) erasedBook { return erasedBook(keyFile + ".erased") }

// read returns the tombstones by the ids of their mails.
func (b erasedBook) read() (map[string]threads.Erasure, error) {
	text, err := os.ReadFile(string(b))
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]threads.Erasure{}, nil
	}
	var list []threads.Erasure
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("read the list of what was erased, %s: %w", b, err)
	}
	out := map[string]threads.Erasure{}
	for _, e := range list {
		out[e.Message] = e
	}
	return out, nil
}

// add enters what is new among tombstones. What the book has stays, though the
// store may not know of it: it may be an older one.
func (b erasedBook) add(list []threads.Erasure) error {
	known, err := b.read()
	if err != nil {
		return err
	}
	before := len(known)
	for _, e := range list {
		if _, has := known[e.Message]; !has {
			known[e.Message] = e
		}
	}
	if len(known) == before {
		return nil
	}
	var all []threads.Erasure
	for _, id := range slices.Sorted(maps.Keys(known)) {
		all = append(all, known[id])
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err == nil {
		err = durable.Write(string(b), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the list of what was erased: %w", err)
	}
	return nil
}

// bookErased enters what the store has erased. Where the log has no key there is
// no place for the book.
func (h *house) bookErased(ctx context.Context) error {
	keyFile := h.config().Log.KeyFile
	if keyFile == "" {
		return nil
	}
	list, err := h.store.Erasures(ctx)
	if err != nil {
		return err
	}
	unlock, err := lock(keyFile, syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer unlock()
	return erasedBookOf(keyFile).add(list)
}

// eraseAgain erases in a restored store what the book lists, and tells how many
// mails that were; what has to stay is told to stays.
func eraseAgain(ctx context.Context, path string, book erasedBook, stays func(id string, why error)) (n int, err error) {
	list, err := book.read()
	if err != nil || len(list) == 0 {
		return 0, err
	}
	s, err := store.Open(ctx, store.Config{URL: path, Log: slog.New(slog.DiscardHandler), Subject: mail.BaseSubject})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, id := range slices.Sorted(maps.Keys(list)) {
		m, err := s.Message(ctx, id)
		if errors.Is(err, threads.ErrNotFound) || m.Erased != nil {
			continue
		}
		if err == nil {
			err = s.Erase(ctx, []string{id}, list[id])
		}
		switch {
		case errors.Is(err, threads.ErrConflict):
			stays(id, err)
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, s.Scrub(ctx)
}
