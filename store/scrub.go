package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Remnants tells since when the database's files may still have bytes of erased
// mail in their free space; the zero time if they have none.
func (s *Store) Remnants(ctx context.Context) (time.Time, error) {
	since, err := read(ctx, s, scalar[int64], `select coalesce(min(abs(since)), 0) from remnant`)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask for what erased mail has left: %w", err)
	}
	return moment(since[0]), nil
}

// Scrub writes the database's files anew where mail was erased, so that no byte
// of it is left in their free space. It takes half a minute for a gigabyte and that
// much room on the disk; others wait with their writing. Killed, it begins anew
// when it is called again. What PostgreSQL keeps of its WAL, and copies made
// before, are beyond it.
func (s *Store) Scrub(ctx context.Context) error {
	since, err := s.Remnants(ctx)
	if err != nil || since.IsZero() {
		return err
	}
	// What is erased meanwhile may be missed, so its mark stays: those that are
	// being seen to are negative.
	if err := s.exec(ctx, `update remnant set since = -since where since > 0`); err != nil {
		return err
	}
	for _, text := range s.dialect.scrub {
		if err := patiently(ctx, s.writer, text); err != nil {
			return fmt.Errorf("%s: %w", text, noRoom(err))
		}
	}
	if !s.dialect.postgres {
		if err := s.shortenWAL(ctx); err != nil {
			return err
		}
	}
	return s.exec(ctx, `delete from remnant where since < 0`)
}

// exec runs one statement as a transaction.
func (s *Store) exec(ctx context.Context, text string) error {
	return s.write(ctx, func(t *tx) error {
		_, err := t.exec(text)
		return err
	})
}

// shortenWAL moves the write-ahead log into the database and cuts it off. Who
// reads an older state at that moment is waited for.
func (s *Store) shortenWAL(ctx context.Context) error {
	var busy, pages, moved int
	for n := 1; ; n++ {
		err := s.writer.QueryRowContext(ctx, `pragma wal_checkpoint(truncate)`).Scan(&busy, &pages, &moved)
		switch {
		case err == nil && busy == 0:
			return nil
		case err == nil && n == patience:
			return errors.New("others read the database all the time, so that its write-ahead log cannot be cut off; try again later")
		case err != nil && (n == patience || !again(err)):
			return fmt.Errorf("cut off the write-ahead log: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
