package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// The logs: of everything that happened to mail, and of who came in.
const (
	archiveLog = "archive"
	accessLog  = "access"
)

// appendLog writes what the transaction has recorded: leaves, tiles, and the
// head last, whose row is also the lock that makes writers take turns.
func (t *tx) appendLog(log string, entries []threads.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	e, err := t.edge(log)
	if err != nil {
		return err
	}
	for i := range entries {
		line := entries[i].Line()
		if _, err := t.exec(`insert into log_leaf (log, n, line) values ($1, $2, $3)`, log, e.size, string(line)); err != nil {
			return fmt.Errorf("leaf %d: %w", e.size, err)
		}
		e.add(line)
	}
	for _, row := range append(e.full, e.tiles...) {
		if !row.dirty {
			continue
		}
		_, err := t.exec(`insert into log_tile (log, level, n, data) values ($1, $2, $3, $4)
			on conflict (log, level, n) do update set data = excluded.data`, log, row.level, row.n, row.data)
		if err != nil {
			return fmt.Errorf("tile %d of level %d: %w", row.n, row.level, err)
		}
	}
	root, err := e.root()
	if err != nil {
		return err
	}
	_, err = t.exec(`update log_head set size = $2, root = $3 where log = $1`, log, e.size, root[:])
	return err
}

// edge locks the head of a log and reads the tiles to which leaves are added.
func (t *tx) edge(log string) (*edge, error) {
	// The first writer makes the row; a row that is there is only locked.
	_, err := t.exec(`insert into log_head (log, size, root) values ($1, 0, $2) on conflict (log) do nothing`, log, emptyRoot())
	if err != nil {
		return nil, fmt.Errorf("begin the log: %w", err)
	}
	e := &edge{}
	if err := t.one(`select size from log_head where log = $1`+t.dialect.lock, []any{log}, &e.size); err != nil {
		return nil, fmt.Errorf("lock the head of the log: %w", err)
	}
	for level := 0; e.size>>(tileHeight*level) > 0; level++ {
		n, width := unfinished(e.size, level)
		row := &tile{level: level, n: n}
		if width > 0 {
			err := t.one(`select data from log_tile where log = $1 and level = $2 and n = $3`, []any{log, level, n}, &row.data)
			if err != nil {
				return nil, fmt.Errorf("tile %d of level %d: %w", n, level, err)
			}
		}
		e.tiles = append(e.tiles, row)
	}
	return e, nil
}

// emptyRoot is the root of a tree without leaves (RFC 6962 section 2.1).
func emptyRoot() []byte {
	root, _ := (&edge{}).root() // reads no hash, so it cannot fail
	return root[:]
}

func scanLine(row scanner) (l threads.LogRow, err error) {
	var line string
	err = row.Scan(&l.Index, &line)
	l.Line = []byte(line)
	return l, err
}

// Log returns at most limit lines of the log, beginning with the one at index from.
func (s *Store) Log(ctx context.Context, from int64, limit int) ([]threads.LogRow, error) {
	rows, err := read(ctx, s, scanLine, `select n, line from log_leaf where log = $1 and n >= $2 order by n limit $3`, archiveLog, from, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read the log from %d: %w", from, err)
	}
	return rows, nil
}
