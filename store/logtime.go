package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// lineAt is the index of the first line that was written at that time or later,
// found by halving: the lines are in the order of their time, but for a clock
// that was set back.
func (t *tx) lineAt(at time.Time) (int64, error) {
	want := at.UTC().Format(threads.EntryTime)
	var low, high int64
	if err := t.one(`select coalesce(max(n), -1) + 1 from log_leaf where log = $1`, []any{archiveLog}, &high); err != nil {
		return 0, err
	}
	for low < high {
		middle := low + (high-low)/2
		next, err := collect(t, scanLine, `select n, line from log_leaf where log = $1 and n >= $2 order by n limit 1`, archiveLog, middle)
		if err != nil {
			return 0, err
		}
		if len(next) == 0 || lineTime(next[0]) >= want {
			high = middle
		} else {
			low = next[0].Index + 1
		}
	}
	return low, nil
}

// lineTime is the time of a line as it stands there.
func lineTime(l threads.LogRow) string {
	const begin = len(`{"v":1,"at":"`)
	if len(l.Line) < begin+len(threads.EntryTime) {
		return ""
	}
	return string(l.Line[begin : begin+len(threads.EntryTime)])
}

// LogBefore returns at most limit lines of the log before the one at index
// before, the latest first.
func (s *Store) LogBefore(ctx context.Context, before int64, limit int) ([]threads.LogRow, error) {
	lines, err := read(ctx, s, scanLine, `select n, line from log_leaf where log = $1 and n < $2 order by n desc limit $3`, archiveLog, before, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read the log before %d: %w", before, err)
	}
	return lines, nil
}

// LogAt returns the index of the first line that was written at that time or
// later.
func (s *Store) LogAt(ctx context.Context, at time.Time) (n int64, err error) {
	err = s.view(ctx, func(t *tx) error {
		n, err = t.lineAt(at)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("find a time in the log: %w", err)
	}
	return n, nil
}
