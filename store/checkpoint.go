package store

import (
	"context"
	"fmt"
)

// PutCheckpoint keeps a signed checkpoint of the log, or the same one with more
// signatures. It is no part of what the log records: a checkpoint is about
// transactions that are over.
func (s *Store) PutCheckpoint(ctx context.Context, size int64, signed []byte) error {
	err := s.write(ctx, func(t *tx) error {
		_, err := t.exec(`insert into checkpoint (log, size, signed) values ($1, $2, $3)
			on conflict (log, size) do update set signed = excluded.signed`,
			archiveLog, size, string(signed))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the checkpoint of %d lines: %w", size, err)
	}
	return nil
}

// LatestCheckpoint returns the signed checkpoint of the longest log, nil if
// there is none.
func (s *Store) LatestCheckpoint(ctx context.Context) ([]byte, error) {
	found, err := read(ctx, s, scalar[string], `select signed from checkpoint where log = $1 order by size desc limit 1`, archiveLog)
	if err != nil {
		return nil, fmt.Errorf("read the latest checkpoint: %w", err)
	}
	if len(found) == 0 {
		return nil, nil
	}
	return []byte(found[0]), nil
}

// LogTile returns the hashes of a tile of the log, as many as it has by now.
func (s *Store) LogTile(ctx context.Context, level int, n int64) (data []byte, err error) {
	err = s.view(ctx, func(t *tx) error {
		return t.one(`select data from log_tile where log = $1 and level = $2 and n = $3`, []any{archiveLog, level, n}, &data)
	})
	if err != nil {
		return nil, fmt.Errorf("tile %d of level %d: %w", n, level, err)
	}
	return data, nil
}
