package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rapport/archive"
	"rapport/threads"
)

// logStatus is how the log of mail stands.
type logStatus struct {
	Lines   int64     `json:"lines"`
	Signed  int64     `json:"signed"` // lines in the latest checkpoint
	Stamped time.Time `json:"stamped,omitzero"`
	Trouble string    `json:"trouble,omitempty"` // why the last question for a time-stamp had no answer
}

func (h *house) logStatus(ctx context.Context) (s logStatus, err error) {
	log := h.store.ArchiveLog()
	if s.Lines, _, err = log.LogHead(ctx); err != nil {
		return s, err
	}
	signed, err := log.LatestCheckpoint(ctx)
	if err != nil {
		return s, err
	}
	if c, err := archive.ReadCheckpoint(signed); err == nil {
		s.Signed = c.Size
	}
	last, err := log.LatestStamp(ctx, false)
	if err == nil {
		s.Trouble = last.Words
		last, err = log.LatestStamp(ctx, true)
	}
	if errors.Is(err, threads.ErrNotFound) {
		err = nil
	}
	if last.Token != nil {
		s.Stamped = last.At
	}
	return s, err
}

func (s *logStatus) print(w io.Writer) {
	fmt.Fprintf(w, "\nLog\n  %d lines, %d of them signed", s.Lines, s.Signed)
	if !s.Stamped.IsZero() {
		fmt.Fprintf(w, ", last stamped %s", moment(s.Stamped, ""))
	}
	fmt.Fprintln(w)
	if s.Trouble != "" {
		marked(w, []string{"no time-stamp: " + line(s.Trouble)})
	}
}
