package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"rapport/threads"
)

// filing is a transaction in which mail is filed, with what it keeps in mind
// until all of the batch is placed.
type filing struct {
	*tx
	counters map[string]*counter
	threads  map[string]*threadRow
	rows     []searchRow
}

// File writes a batch of mail and moves the mailbox's cursor, all in one
// transaction. cursor is nil for imported mail and letters of ours; filings may
// be empty. It is ErrFenced when another process has claimed the mailbox.
func (s *Store) File(ctx context.Context, cursor *threads.Cursor, filings []threads.Filing) ([]threads.Filed, error) {
	projects := make([]string, len(filings))
	for i := range filings {
		projects[i] = cleanText(filings[i].Message.Project)
	}
	mails, err := s.prepareAll(filings)
	if err != nil {
		return nil, err
	}
	var filed []threads.Filed
	err = s.write(ctx, func(t *tx) error {
		filed = filed[:0]
		if cursor != nil {
			if err := t.moveCursor(cursor); err != nil {
				return err
			}
		}
		f, err := t.startFiling(projects)
		if err != nil {
			return err
		}
		for _, p := range mails {
			one, err := f.file(p)
			if err != nil {
				return fmt.Errorf("message %s: %w", p.Message.MessageID, err)
			}
			filed = append(filed, one)
		}
		if cursor != nil {
			if err := t.noteOwed(cursor); err != nil {
				return err
			}
		}
		return f.finish()
	})
	if err != nil {
		return nil, fmt.Errorf("file %d mails: %w", len(filings), err)
	}
	return filed, nil
}

// startFiling locks the projects in the order of their keys, which is the same
// in every transaction. Two mails of one thread are so never placed at once.
func (t *tx) startFiling(projects []string) (*filing, error) {
	f := &filing{tx: t, counters: map[string]*counter{}, threads: map[string]*threadRow{}}
	projects = slices.Clone(projects)
	slices.Sort(projects)
	for _, project := range slices.Compact(projects) {
		if project == "" {
			continue
		}
		c, err := t.counter(project)
		if err != nil {
			return nil, err
		}
		f.counters[project] = c
	}
	return f, nil
}

// file writes one mail. The same bytes once more only add a position.
func (f *filing) file(p *prepared) (threads.Filed, error) {
	filed, err := f.known(p.Message.RawSHA)
	if err == nil {
		return filed, f.putPosition(p.Position, filed.Message)
	} else if !errors.Is(err, threads.ErrNotFound) {
		return filed, err
	}
	m := &p.Message
	m.ID, m.Thread = f.ids.New(threads.MessagePrefix), ""
	if p.ord, err = f.nextOrd(m.Received); err != nil {
		return filed, err
	}
	if m.Project != "" {
		if filed.Merged, err = f.place(p); err != nil {
			return filed, err
		}
	}
	filed.Message, filed.Thread = m.ID, m.Thread
	steps := []func() error{
		func() error { return f.putRaw(m.RawSHA, p.Raw, p.packed) },
		func() error { return f.insertMessage(p) },
		func() error { return f.putItems(p) },
		func() error { return f.putPosition(p.Position, m.ID) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return filed, err
		}
	}
	f.rows = append(f.rows, searchRow{m.ID, p.ord, p.rows})
	f.record(mailEntry(p))
	return filed, f.outcome(m, p.Outcome)
}

// known finds the message with exactly these bytes.
func (t *tx) known(sha string) (threads.Filed, error) {
	filed := threads.Filed{Known: true}
	err := t.one(`select id, thread from message where sha = $1`, []any{sha}, &filed.Message, &filed.Thread)
	if errors.Is(err, threads.ErrNotFound) {
		return threads.Filed{}, err
	}
	if err != nil {
		return filed, fmt.Errorf("look for raw mail %s: %w", sha, err)
	}
	return filed, nil
}

// finish writes what the batch has changed in threads, counters and the index.
func (f *filing) finish() error {
	for _, id := range sortedKeys(f.threads) {
		if err := f.putThread(f.threads[id]); err != nil {
			return err
		}
	}
	for _, project := range sortedKeys(f.counters) {
		if err := f.putCounter(project, f.counters[project]); err != nil {
			return err
		}
	}
	return f.index(f.rows)
}
