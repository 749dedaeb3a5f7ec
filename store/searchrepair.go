package store

import (
	"context"
	"fmt"
	"slices"
)

// Bounds of a repair: how many mails at once, and in one transaction.
const (
	repairMost  = 1000
	repairBatch = 100
)

// Repair indexes mail whose index rows failed, or are of an older form, and
// tells for how many it worked: at most a thousand at a time. It is run when the
// store is opened; who runs for long goes on until nothing is left.
func (s *Store) Repair(ctx context.Context) (int, error) {
	ids, err := read(ctx, s, scalar[string], `select message from search_repair order by message desc limit $1`, repairMost)
	if err != nil {
		return 0, fmt.Errorf("read the list of repairs: %w", err)
	}
	done := 0
	for batch := range slices.Chunk(ids, repairBatch) {
		if s.write(ctx, func(t *tx) error { return t.repair(batch) }) == nil {
			done += len(batch)
			continue
		}
		for _, id := range batch { // one of them fails: the others need not
			if err := s.write(ctx, func(t *tx) error { return t.repair([]string{id}) }); err != nil {
				s.log.Warn("search.failed", "message", id, "error", err)
				continue
			}
			done++
		}
	}
	return done, ctx.Err()
}

func (t *tx) repair(ids []string) error {
	for _, id := range ids {
		n, err := t.exec(`delete from search_repair where message = $1`, id)
		if err != nil {
			return err
		}
		if n == 0 {
			continue // since the list was read another process has done it, or the mail was erased
		}
		m, err := t.message(id)
		if err != nil {
			return err
		}
		var ord int64
		if err := t.one(`select ord from message where id = $1`, []any{id}, &ord); err != nil {
			return err
		}
		if err := t.dialect.unindex(t, ord); err != nil {
			return err
		}
		if rows := t.dialect.indexRows(&m); rows != nil {
			if err := t.dialect.index(t, ord, rows); err != nil {
				return err
			}
		}
	}
	return nil
}
