package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// Log is one of the two logs, as who signs it needs it.
type Log struct {
	store *Store
	name  string
}

// AccessLog is the log of who came in, and what they looked at. The methods of
// the store itself are about the other one.
func (s *Store) AccessLog() Log { return Log{s, accessLog} }

// ArchiveLog is the log of everything that happened to mail.
func (s *Store) ArchiveLog() Log { return Log{s, archiveLog} }

// LogHead is that of Log.
func (s *Store) LogHead(ctx context.Context) (size int64, root []byte, err error) {
	return s.ArchiveLog().LogHead(ctx)
}

// LogTile is that of Log.
func (s *Store) LogTile(ctx context.Context, level int, n int64) ([]byte, error) {
	return s.ArchiveLog().LogTile(ctx, level, n)
}

// LatestCheckpoint is that of Log.
func (s *Store) LatestCheckpoint(ctx context.Context) ([]byte, error) {
	return s.ArchiveLog().LatestCheckpoint(ctx)
}

// PutCheckpoint is that of Log.
func (s *Store) PutCheckpoint(ctx context.Context, size int64, signed []byte) error {
	return s.ArchiveLog().PutCheckpoint(ctx, size, signed)
}

// LogHead returns how many lines the log has and the root of the tree above them.
func (l Log) LogHead(ctx context.Context) (size int64, root []byte, err error) {
	root = emptyRoot()
	err = l.store.view(ctx, func(t *tx) error {
		heads, err := collect(t, func(row scanner) (bool, error) { return true, row.Scan(&size, &root) },
			`select size, root from log_head where log = $1`, l.name)
		if err == nil && len(heads) == 0 {
			size, root = 0, emptyRoot()
		}
		return err
	})
	if err != nil {
		return 0, nil, fmt.Errorf("read the head of the log: %w", err)
	}
	return size, root, nil
}

// LogTile returns the hashes of a tile of the log, as many as it has by now.
func (l Log) LogTile(ctx context.Context, level int, n int64) (data []byte, err error) {
	err = l.store.view(ctx, func(t *tx) error {
		return t.one(`select data from log_tile where log = $1 and level = $2 and n = $3`, []any{l.name, level, n}, &data)
	})
	if err != nil {
		return nil, fmt.Errorf("tile %d of level %d: %w", n, level, err)
	}
	return data, nil
}

// Record writes lines about the logs themselves, into both in one transaction.
func (s *Store) Record(ctx context.Context, archive, access []threads.Entry) error {
	err := s.write(ctx, func(t *tx) error {
		t.recordBoth(archive, access)
		return nil
	})
	if err != nil {
		return fmt.Errorf("write into the logs: %w", err)
	}
	return nil
}

// Recover writes the lines by which logs go on whose end is lost, and makes mail
// programs read all folders anew, in one transaction.
func (s *Store) Recover(ctx context.Context, archive, access []threads.Entry) error {
	err := s.write(ctx, func(t *tx) error {
		t.recordBoth(archive, access)
		return t.forgetFolders()
	})
	if err != nil {
		return fmt.Errorf("recover the logs: %w", err)
	}
	return nil
}

func (t *tx) recordBoth(archive, access []threads.Entry) {
	for _, e := range archive {
		t.record(e)
	}
	for _, e := range access {
		e.At = t.at
		t.access = append(t.access, e)
	}
}

// PutCheckpoint keeps a signed checkpoint of the log, or the same one with more
// signatures. It is no part of what the log records: a checkpoint is about
// transactions that are over.
func (l Log) PutCheckpoint(ctx context.Context, size int64, signed []byte) error {
	err := l.store.write(ctx, func(t *tx) error {
		_, err := t.exec(`insert into checkpoint (log, size, signed) values ($1, $2, $3)
			on conflict (log, size) do update set signed = excluded.signed`, l.name, size, string(signed))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the checkpoint of %d lines: %w", size, err)
	}
	return nil
}

// CheckpointAt returns the signed checkpoint of a log of so many lines, nil if
// there is none.
func (s *Store) CheckpointAt(ctx context.Context, size int64) ([]byte, error) {
	found, err := read(ctx, s, scalar[string], `select signed from checkpoint where log = $1 and size = $2`, archiveLog, size)
	if err != nil {
		return nil, fmt.Errorf("read the checkpoint of %d lines: %w", size, err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return []byte(found[0]), nil
}

// LatestCheckpoint returns the signed checkpoint of the longest log, nil if
// there is none.
func (l Log) LatestCheckpoint(ctx context.Context) ([]byte, error) {
	found, err := read(ctx, l.store, scalar[string], `select signed from checkpoint where log = $1 order by size desc limit 1`, l.name)
	if err != nil {
		return nil, fmt.Errorf("read the latest checkpoint: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return []byte(found[0]), nil
}
