package store

import (
	"context"
	"errors"
	"fmt"

	"rapport/threads"
)

// Snapshot is the archive at one moment, for who reads all of it. It is read
// row by row and never held in memory.
type Snapshot struct {
	t      *tx
	log    string
	places map[string][][2]int // where items stood before the changes that were read

	changed map[string][]string // the changes of each mail; nil until somebody asks
}

// Snapshot runs do on one moment of the archive, while others go on writing.
func (s *Store) Snapshot(ctx context.Context, do func(*Snapshot) error) error {
	return s.view(ctx, func(t *tx) error { return do(&Snapshot{t: t, log: archiveLog, places: map[string][][2]int{}}) })
}

// Access is the log of who came in, at the same moment: its lines, tiles and
// rows in place of those of the mail.
func (s *Snapshot) Access() *Snapshot { return &Snapshot{t: s.t, log: accessLog, places: s.places} }

// each runs do for every row of a query.
func (s *Snapshot) each(what string, do func(scanner) error, text string, args ...any) (err error) {
	rows, err := s.t.rows(text, args...)
	if err != nil {
		return fmt.Errorf("read %s: %w", what, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return fmt.Errorf("read %s: %w", what, err)
		}
	}
	return rows.Err()
}

// Head is the size of the log and its root, as they are written down.
func (s *Snapshot) Head() (size int64, root []byte, err error) {
	root = emptyRoot()
	err = s.each("the head of the log", func(row scanner) error { return row.Scan(&size, &root) },
		`select size, root from log_head where log = $1`, s.log)
	return size, root, err
}

// Leaves gives every line of the log in its order.
func (s *Snapshot) Leaves(do func(n int64, line []byte) error) error {
	return s.each("the log", func(row scanner) error {
		var n int64
		var line []byte
		if err := row.Scan(&n, &line); err != nil {
			return err
		}
		return do(n, line)
	}, `select n, line from log_leaf where log = $1 order by n`, s.log)
}

// Tiles gives every tile of the log.
func (s *Snapshot) Tiles(do func(level int, n int64, data []byte) error) error {
	return s.each("the tiles of the log", func(row scanner) error {
		var level int
		var n int64
		var data []byte
		if err := row.Scan(&level, &n, &data); err != nil {
			return err
		}
		return do(level, n, data)
	}, `select level, n, data from log_tile where log = $1 order by level, n`, s.log)
}

// Checkpoints gives every signed checkpoint, the oldest first.
func (s *Snapshot) Checkpoints(do func(signed []byte) error) error {
	return s.each("the checkpoints", func(row scanner) error {
		var signed []byte
		if err := row.Scan(&signed); err != nil {
			return err
		}
		return do(signed)
	}, `select signed from checkpoint where log = $1 order by size`, s.log)
}

// Records gives every row that the log commits to, as the log should have it:
// changes first, since they say which mail they were about.
func (s *Snapshot) Records(do func(threads.Record) error) error {
	if s.log == accessLog {
		return s.accesses(do)
	}
	for _, step := range []func() error{
		func() error { return s.changes(do, "") },
		func() error { return s.messages(do) },
		func() error { return s.items(do, "") },
		func() error { return s.answers(do, "") },
		func() error { return s.reports(do, "") },
		func() error { return s.letters(do, "") },
		func() error { return s.events(do, "") },
		func() error { return s.owedMails(do) },
		func() error { return s.accounts(do) },
		func() error { return s.notices(do) },
		func() error { return s.erasures(do) },
		func() error { return s.holdings(do) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
