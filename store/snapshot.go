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

// Raws gives the raw bytes of every mail and letter by their SHA-256. check
// unpacks them and compares; it may run at any time and beside others.
func (s *Snapshot) Raws(do func(sha string, check func() error) error) error {
	if s.log == accessLog {
		return nil
	}
	packer := s.t.packer
	var large, loose, erased []string // in pieces; of no message and no letter; of erased ones
	ofLarge := map[string]bool{}
	err := s.each("raw mail", func(row scanner) error {
		var sha string
		var size, used, kept int64
		var packed []byte
		if err := row.Scan(&sha, &size, &packed, &used, &kept); err != nil {
			return err
		}
		pieces, empty := piecesIn(packed), len(packed) == 0 && size > 0
		switch {
		case empty && kept == 0: // a piece of erased mail, or the mail; that it was erased is for its tombstone to prove
			return nil
		case empty:
			return do(sha, func() error { return errors.New("it was emptied, and not erased") })
		case used > 0 && kept == 0:
			erased = append(erased, sha)
			return nil
		case used == 0:
			loose = append(loose, sha)
			return nil
		case pieces != nil:
			large = append(large, sha)
			for _, piece := range pieces {
				ofLarge[piece] = true
			}
			return nil
		}
		return do(sha, func() error {
			raw, err := packer.unpack(sha, packed)
			if err != nil {
				return err
			}
			return rightSize(sha, size, int64(len(raw)))
		})
	}, `select sha, size, body, (case when exists (select 1 from message m where m.sha = raw.sha)
		or exists (select 1 from letter l where l.sha = raw.sha) then 1 else 0 end), (case when
		exists (select 1 from message m where m.sha = raw.sha and not exists (select 1 from erased e where e.message = m.id))
		or exists (select 1 from letter l join report r on r.id = l.report where l.sha = raw.sha
			and not exists (select 1 from erased e where e.message = r.message)) then 1 else 0 end) from raw`)
	if err != nil {
		return err
	}
	// These are read here, on the one connection, a piece at a time.
	for _, sha := range large {
		wrong := s.t.checkRaw(sha)
		if err := do(sha, func() error { return wrong }); err != nil {
			return err
		}
	}
	for _, sha := range erased {
		if !ofLarge[sha] {
			if err := do(sha, func() error { return errors.New("it was erased, and its bytes are there") }); err != nil {
				return err
			}
		}
	}
	for _, sha := range loose {
		if ofLarge[sha] {
			continue
		}
		wrong := errors.Join(s.t.checkRaw(sha), errors.New("it belongs to no message and no letter"))
		if err := do(sha, func() error { return wrong }); err != nil {
			return err
		}
	}
	return s.each("what has no raw mail", func(row scanner) error {
		var sha, of string
		if err := row.Scan(&sha, &of); err != nil {
			return err
		}
		return do(sha, func() error { return fmt.Errorf("it was removed: %s has no bytes", of) })
	}, `select sha, 'message ' || id from message where not exists (select 1 from raw where raw.sha = message.sha)
		union all select sha, 'letter ' || id from letter where not exists (select 1 from raw where raw.sha = letter.sha)`)
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
