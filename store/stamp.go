package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// Stamped is a time-stamp of a checkpoint, or that none was given.
type Stamped struct {
	Size  int64     // of the log in the checkpoint
	At    time.Time // when it was asked for, by our clock
	Token []byte    // RFC 3161; nil if there is none
	Words string    // why there is none
}

// PutStamp keeps the outcome of asking for a time-stamp. Trouble never takes the
// place of a token.
func (l Log) PutStamp(ctx context.Context, s Stamped) error {
	err := l.store.write(ctx, func(t *tx) error {
		if s.Token == nil {
			s.Token = []byte{}
		}
		_, err := t.exec(`insert into stamp (log, size, at_ms, token, words) values ($1, $2, $3, $4, $5)
			on conflict (log, size) do update set at_ms = excluded.at_ms, token = excluded.token, words = excluded.words where length(stamp.token) = 0`,
			l.name, s.Size, ms(t.at), s.Token, cleanText(s.Words))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the time-stamp of %d lines: %w", s.Size, err)
	}
	return nil
}

const stampColumns = `select size, at_ms, token, words from stamp where log = $1`

func scanStamp(row scanner) (s Stamped, err error) {
	var at int64
	if err = row.Scan(&s.Size, &at, &s.Token, &s.Words); len(s.Token) == 0 {
		s.Token = nil
	}
	s.At = moment(at)
	return s, err
}

// LatestStamp returns the latest outcome, or only the latest token; ErrNotFound
// if there is none.
func (l Log) LatestStamp(ctx context.Context, token bool) (Stamped, error) {
	least := -1
	if token {
		least = 0
	}
	found, err := read(ctx, l.store, scanStamp, stampColumns+` and length(token) > $2 order by at_ms desc, size desc limit 1`, l.name, least)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return Stamped{}, fmt.Errorf("read the latest time-stamp: %w", err)
	}
	return found[0], nil
}

// Stamp returns the token of a checkpoint, nil if there is none.
func (l Log) Stamp(ctx context.Context, size int64) ([]byte, error) {
	found, err := read(ctx, l.store, scanStamp, stampColumns+` and size = $2`, l.name, size)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0].Token, nil
}

// Stamps gives every token of a time-stamp, with the size of the log in the
// checkpoint that it is about.
func (s *Snapshot) Stamps(do func(size int64, token []byte) error) error {
	return s.each("the time-stamps", func(row scanner) error {
		stamp, err := scanStamp(row)
		if err != nil {
			return err
		}
		return do(stamp.Size, stamp.Token)
	}, stampColumns+` and length(token) > 0 order by size`, s.log)
}
