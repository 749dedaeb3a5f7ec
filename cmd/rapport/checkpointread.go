package main

import (
	"context"
	"fmt"
	"os"

	"rapport/archive"
	"rapport/mail"
	"rapport/threads"
)

// readCheckpoints reads what people have kept: checkpoints as they were printed
// or fetched, and mails that carry them.
func readCheckpoints(files []string) (all [][]byte, err error) {
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the checkpoint: %w", err)
		}
		found := archive.Checkpoints(text)
		if len(found) == 0 {
			found = mailedCheckpoints(mail.Parse(text, mail.Limits{}))
		}
		if len(found) == 0 {
			return nil, usagef("--checkpoint: there is no checkpoint in %s; give the file or the whole mail as it came (save it as .eml)", name)
		}
		all = append(all, found...)
	}
	return all, nil
}

// mailedCheckpoints are those in a mail: in its header, in its text, in what is
// attached, and in an attached mail.
func mailedCheckpoints(m *mail.Message) (all [][]byte) {
	for _, value := range m.Header.All(threads.CheckpointHeader) {
		if signed, err := archive.ReadHeader(value); err == nil {
			all = append(all, signed)
		}
	}
	all = append(all, archive.Checkpoints([]byte(m.Text))...)
	for _, part := range m.Parts {
		if part.Type == "message/rfc822" {
			all = append(all, mailedCheckpoints(mail.Parse(part.Body, mail.Limits{}))...)
			continue
		}
		all = append(all, archive.Checkpoints(part.Body)...)
	}
	return all
}

// letterCheckpoint is what letters carry in their header: the checkpoint of so
// many lines, 0 for the latest. One that a header cannot carry holds up nothing.
func (h *house) letterCheckpoint(ctx context.Context, lines int64) (int64, []string, error) {
	read := h.store.LatestCheckpoint
	if lines > 0 {
		read = func(ctx context.Context) ([]byte, error) { return h.store.CheckpointAt(ctx, lines) }
	}
	signed, err := read(ctx)
	if err != nil || signed == nil {
		return 0, nil, err
	}
	words, err := archive.HeaderWords(signed)
	if err != nil {
		h.log.Warn("letter.no-checkpoint", "error", err)
		return 0, nil, nil
	}
	c, err := archive.ReadCheckpoint(signed)
	if err != nil || c.Size == 0 {
		return 0, nil, err
	}
	return c.Size, words, nil
}
