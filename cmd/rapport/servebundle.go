package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
	"rapport/web"
)

// bundler packs single mails with their proof for the pages, nil where the log
// has no key.
func (s *server) bundler() func(context.Context, threads.Scope, threads.Message) (io.ReadCloser, error) {
	if s.config().Log.KeyFile == "" {
		return nil
	}
	return s.bundle
}

// signing is how long somebody who wants a bundle waits for a signature.
const signing = 5 * time.Second

// newest signs the log as it is: a mail that came since the last signature could
// not be proven. It happens on a GET since it changes nothing that anybody could
// ask for: the log is signed every hour anyway (log.every), one that has not grown is
// not signed again, and a signature says no more than that the log is what it is.
// Where that cannot be done, the latest checkpoint
// has to do; next is when another is due.
func (h *house) newest(ctx context.Context) (signed []byte, next time.Time, err error) {
	n, err := h.notary("")
	if err != nil {
		return nil, next, err
	}
	brief, cancel := context.WithTimeout(ctx, signing)
	defer cancel()
	if signed, err = n.checkpoint(brief); err == nil {
		return signed, next, nil
	}
	h.log.Warn("log.not-signed", "error", err)
	if signed, err = h.store.LatestCheckpoint(ctx); err == nil && signed == nil {
		err = web.ErrUnsigned
	}
	return signed, time.Now().Add(h.config().Log.Every), err
}

// bundle packs one mail. What belongs to it, and is newer than the latest
// signature, is named in the bundle; a mail that is newer itself is ErrUnsigned.
func (h *house) bundle(ctx context.Context, scope threads.Scope, m threads.Message) (io.ReadCloser, error) {
	view := h.store.Within(scope)
	signed, next, err := h.newest(ctx)
	if err != nil {
		return nil, err
	}
	c, err := archive.ReadCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	history, err := view.History(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	export := &archive.Export{Query: m.ID, Made: time.Now(), Checkpoint: signed, Next: next, Attachments: attachedFiles}
	if export.Key, err = readKey(h.config().Log.KeyFile); err != nil {
		return nil, err
	}
	if export.Stamp, err = h.store.ArchiveLog().Stamp(ctx, c.Size); err != nil {
		return nil, err
	}
	if p := h.projects().Project(m.Project); p != nil {
		export.Project = *p
	}
	export.Chapters = []archive.Chapter{{Mails: []string{m.ID}}}
	for _, change := range history.Changes {
		change.Messages = []string{m.ID} // of other mail the bundle tells nothing
		export.Changes = append(export.Changes, change)
	}
	return packAside(m.ID, func(zip io.Writer) (packed *archive.Packed, err error) {
		err = view.Snapshot(ctx, func(s *store.Snapshot) error {
			packed, err = export.Pack(s, zip)
			return err
		})
		return packed, err
	})
}

// packAside packs a mail into a file without a name: only a whole bundle may go
// out, and it has the mail several times.
func packAside(id string, pack func(io.Writer) (*archive.Packed, error)) (io.ReadCloser, error) {
	zip, err := os.CreateTemp("", ".rapport-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for the bundle: %w", err)
	}
	err = os.Remove(zip.Name()) // it stays as long as it is open
	var packed *archive.Packed
	if err == nil {
		packed, err = pack(zip)
	}
	if err == nil && packed.Mails+packed.Erased == 0 {
		err = fmt.Errorf("message %s: %w", id, web.ErrUnsigned)
	}
	if err == nil {
		_, err = zip.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, zip.Close())
	}
	return zip, nil
}
