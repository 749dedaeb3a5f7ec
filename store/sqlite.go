package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// A mail's rows are larger than SQLite's default page, and each adds to places
// anywhere in eight indexes, of which each is one page to write: this is between.
// Pages go from the write-ahead log to their place 64 MB at a time, since
// meanwhile the pages of the indexes are mostly written again.
const (
	pageSize   = 8192
	checkpoint = 64 << 20 / pageSize
)

// statements is how many prepared statements a connection keeps: a batch of
// mails runs the same ones again and again.
const statements = "64"

// openSQLite opens the file twice: a writer with one connection, and readers
// that cannot write. A cancelled query interrupts its whole connection, so a
// reader's must never be the writer's.
func openSQLite(ctx context.Context, path string) (writer, reader *sql.DB, err error) {
	if path == "" {
		return nil, nil, errors.New("the store has no path; write it as sqlite:PATH")
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return nil, nil, fmt.Errorf("find %s: %w", path, err)
	}
	if writer, err = openWriter(ctx, path); err != nil {
		return writer, nil, fmt.Errorf("open %s: %w", path, err)
	}
	reader, err = sql.Open("sqlite3", dsn(path, url.Values{
		"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {"10000"}, "_cache_size": {"-8192"}, "_stmt_cache_size": {statements},
	}))
	if err != nil {
		return writer, nil, fmt.Errorf("open %s for reading: %w", path, err)
	}
	reader.SetMaxOpenConns(8)
	reader.SetMaxIdleConns(8)
	return writer, reader, nil
}

// writerCache is how much of the database the writer keeps in memory: 32 MB, as
// SQLite reads a negative number.
const writerCache = "-32768"

// openWriter opens the one connection that writes. The page size must be set
// before the first table, and before write-ahead logging. FULL makes each
// commit survive a power failure; the driver's default with a WAL does not.
// IMMEDIATE takes the write lock at the start of a transaction, where waiting
// for it is possible.
func openWriter(ctx context.Context, path string) (*sql.DB, error) {
	if err := closedFile(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", dsn(path, url.Values{
		"_synchronous": {"FULL"}, "_txlock": {"immediate"}, "_busy_timeout": {"10000"},
		"_foreign_keys": {"1"}, "_cache_size": {writerCache}, "_stmt_cache_size": {statements},
	}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	for _, pragma := range []string{fmt.Sprintf("pragma page_size = %d", pageSize), "pragma journal_mode = wal",
		fmt.Sprintf("pragma wal_autocheckpoint = %d", checkpoint)} {
		if err := patiently(ctx, db, pragma); err != nil {
			return db, fmt.Errorf("%s: %w", pragma, err)
		}
	}
	return db, hasFTS5(ctx, db)
}

// closedFile makes the file if there is none: closed to other users of the
// machine, since all mail is in it. SQLite would leave that to the umask; it
// gives its other files the mode of this one.
func closedFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// patiently runs a pragma. While others open the same new file SQLite refuses
// to change its journal mode, and does not wait as busy_timeout says, since it
// holds a lock itself. They are done in milliseconds.
func patiently(ctx context.Context, db *sql.DB, pragma string) error {
	for n := 1; ; n++ {
		_, err := db.ExecContext(ctx, pragma)
		if err == nil || n == patience || !again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// patience is how often a pragma is tried: for about as long as busy_timeout.
const patience = 500

// hasFTS5 tells in one sentence what a binary without the search index lacks.
func hasFTS5(ctx context.Context, db *sql.DB) error {
	var has bool
	if err := db.QueryRowContext(ctx, "select sqlite_compileoption_used('ENABLE_FTS5')").Scan(&has); err != nil {
		return fmt.Errorf("ask SQLite for its options: %w", err)
	}
	if !has {
		return errors.New("this binary was built without SQLite's full-text search; build it with: go build -tags sqlite_fts5")
	}
	return nil
}

// dsn is the file as a URI, so that every character of its path stays its own.
func dsn(path string, options url.Values) string {
	return "file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + options.Encode()
}
