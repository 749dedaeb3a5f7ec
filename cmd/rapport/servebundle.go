package main

import (
	"bytes"
	"context"
	"errors"
	"time"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
	"rapport/web"
)

// bundler packs single mails with their proof for the pages, nil where the log
// has no key.
func (s *server) bundler() func(context.Context, threads.Scope, threads.Message) ([]byte, error) {
	if s.config.Log.KeyFile == "" {
		return nil
	}
	return s.bundle
}

// bundle packs one mail under the latest checkpoint: to look at a mail has
// nothing signed.
func (h *house) bundle(ctx context.Context, scope threads.Scope, m threads.Message) ([]byte, error) {
	view := h.store.Within(scope)
	signed, err := view.LatestCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	history, err := view.History(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	c, err := archive.ReadCheckpoint(signed)
	last := len(history.Lines) - 1
	if err != nil || last < 0 || history.Lines[last].Index >= c.Size {
		return nil, web.ErrUnsigned
	}
	export := &archive.Export{Query: m.ID, Made: time.Now(), Messages: []threads.Message{m}, Checkpoint: signed}
	if export.Key, err = readKey(h.config.Log.KeyFile); err != nil {
		return nil, err
	}
	if export.Stamp, err = h.store.ArchiveLog().Stamp(ctx, c.Size); err != nil {
		return nil, err
	}
	if p := h.projects().Project(m.Project); p != nil {
		export.Project = *p
	}
	if m.Thread != "" {
		t, _, err := view.Thread(ctx, m.Thread)
		if err != nil {
			return nil, err
		}
		export.Threads = []threads.Thread{t}
	}
	if export.Items, err = view.Items(ctx, threads.ItemQuery{Message: m.ID}); err != nil {
		return nil, err
	}
	for _, change := range history.Changes {
		change.Messages = []string{m.ID} // of other mail the bundle tells nothing
		export.Changes = append(export.Changes, change)
	}
	var zip bytes.Buffer
	err = view.Snapshot(ctx, func(s *store.Snapshot) error { return export.Pack(s, &zip) })
	if errors.Is(err, archive.ErrNewer) {
		err = web.ErrUnsigned
	}
	return zip.Bytes(), err
}
