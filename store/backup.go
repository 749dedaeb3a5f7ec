package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"sync"
	"time"
)

// Frozen gives the file of a SQLite archive as it is at one moment, while others
// go on reading and writing: what they commit meanwhile stays in the write-ahead
// log until do returns. For PostgreSQL there are pg_dump and its kin.
func (s *Store) Frozen(ctx context.Context, do func(*io.SectionReader) error) error {
	if s.dialect.postgres {
		return errors.New("the store is in PostgreSQL; use pg_dump, then verify the restored copy")
	}
	if s.writer == nil {
		return errReads
	}
	var path string
	if err := s.reader.QueryRowContext(ctx, `select file from pragma_database_list where name = 'main'`).Scan(&path); err != nil {
		return fmt.Errorf("freeze the store: %w", err)
	}
	mover, err := openWriter(ctx, path)
	if mover != nil {
		defer mover.Close()
	}
	if err != nil {
		return fmt.Errorf("freeze the store: %w", err)
	}
	reading, size, err := s.freeze(ctx, mover)
	if err != nil {
		return fmt.Errorf("freeze the store: %w", noRoom(err))
	}
	defer reading.Rollback()
	file, err := s.beside.add(path)
	if err != nil {
		return fmt.Errorf("freeze the store: %w", err)
	}
	return do(io.NewSectionReader(file, 0, size))
}

// frozenIn bounds how long others are waited for who read an older state.
const frozenIn = 10 * time.Minute

// freeze tries until it comes about.
func (s *Store) freeze(ctx context.Context, mover *sql.DB) (reading *sql.Tx, size int64, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, frozenIn, errors.New("others read an older state of it all the time; try again later"))
	defer cancel()
	for {
		reading, size, err := s.tryFreeze(mover)
		if reading != nil || err != nil && !again(err) {
			return reading, size, err
		}
		select {
		case <-ctx.Done():
			return nil, 0, context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// tryFreeze begins to read at a moment at which all that was committed stands in
// the file itself, and nothing only in the write-ahead log. As long as that reading
// lasts SQLite writes nothing newer into the file (https://sqlite.org/wal.html,
// 2.2). For that moment nobody can commit. nil means that it has to be tried again:
// somebody reads an older state, or moves pages at the same time.
func (s *Store) tryFreeze(mover *sql.DB) (reading *sql.Tx, size int64, err error) {
	if _, err := moved(mover); err != nil { // most of it while others may write
		return nil, 0, err
	}
	writing, err := s.writer.Begin()
	if err != nil {
		return nil, 0, err
	}
	defer writing.Rollback()
	if all, err := moved(mover); err != nil || !all {
		return nil, 0, err
	}
	if reading, err = s.reader.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true}); err != nil {
		return nil, 0, err
	}
	if err := reading.QueryRow(`select page_count * page_size from pragma_page_count, pragma_page_size`).Scan(&size); err != nil {
		return nil, 0, errors.Join(err, reading.Rollback())
	}
	return reading, size, nil
}

// moved moves pages from the write-ahead log to their place, without waiting for
// anybody, and tells whether that was all.
func moved(mover *sql.DB) (bool, error) {
	var busy, pages, done int
	err := mover.QueryRow(`pragma wal_checkpoint(passive)`).Scan(&busy, &pages, &done)
	return busy == 0 && done == pages, err
}

// openFiles are files of the database that are open beside SQLite. They stay open
// as long as the store does: to close one would take SQLite's own locks on it from
// the whole process (https://sqlite.org/howtocorrupt.html, 2.2).
type openFiles struct {
	mu   sync.Mutex
	list []*os.File
}

func (o *openFiles) add(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err == nil {
		o.mu.Lock()
		o.list = append(o.list, file)
		o.mu.Unlock()
	}
	return file, err
}

func (o *openFiles) close() (err error) {
	for _, file := range o.list {
		err = errors.Join(err, file.Close())
	}
	return err
}

// OpenCopy opens a copy of a SQLite archive that nobody else has open, to read it.
// Not a byte of it is changed, and nothing is put beside it.
func OpenCopy(path string) (*Store, error) {
	packer, err := newPacker()
	if err != nil {
		return nil, fmt.Errorf("prepare compression: %w", err)
	}
	reader, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"ro"}, "immutable": {"1"}, "_query_only": {"1"}, "_cache_size": {"-8192"}}))
	if err != nil {
		return nil, fmt.Errorf("open the copy %s: %w", path, err)
	}
	return &Store{dialect: sqlite, reader: reader, now: time.Now, packer: packer}, nil
}
