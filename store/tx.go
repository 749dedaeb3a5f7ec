package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// attempts is how often a transaction is run that lost a race to another.
const attempts = 8

// tx is one transaction. It carries the context of the one call that it lives
// for, and what that call has to say in the log.
type tx struct {
	*Store
	ctx     context.Context
	run     context.Context // of its statements
	sql     *sql.Tx
	at      time.Time // the moment of the whole transaction
	entries []threads.Entry
	access  []threads.Entry // the same of the access log
}

// write runs do in one transaction, appends its log entries last and commits.
func (s *Store) write(ctx context.Context, do func(*tx) error) error {
	for n := 1; ; n++ {
		err := noRoom(s.writeOnce(ctx, do))
		if err == nil || n == attempts || !again(err) || ctx.Err() != nil {
			return err
		}
		s.log.Debug("store.again", "attempt", n, "error", err)
	}
}

func (s *Store) writeOnce(ctx context.Context, do func(*tx) error) error {
	if s.writer == nil {
		return errReads
	}
	t := &tx{Store: s, ctx: ctx, run: ctx, at: s.now().UTC().Truncate(time.Millisecond)}
	if !s.dialect.postgres {
		// SQLite's driver starts a goroutine for each statement that can be
		// cancelled. Those of a writer are short: what is cancelled ends between two,
		// see over.
		t.run = context.WithoutCancel(ctx)
	}
	var err error
	if t.sql, err = s.writer.BeginTx(ctx, nil); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer t.sql.Rollback() // does nothing after the commit
	if err := do(t); err != nil {
		return t.cause(err)
	}
	if err := errors.Join(t.appendLog(archiveLog, t.entries), t.appendLog(accessLog, t.access)); err != nil {
		return t.cause(fmt.Errorf("append to the log: %w", err))
	}
	if err := t.sql.Commit(); err != nil {
		return t.cause(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// view runs do on one snapshot of the archive.
func (s *Store) view(ctx context.Context, do func(*tx) error) error {
	t := &tx{Store: s, ctx: ctx, run: ctx, at: s.now().UTC()}
	options := &sql.TxOptions{ReadOnly: true}
	if s.dialect.postgres {
		options.Isolation = sql.LevelRepeatableRead // SQLite has no other
	}
	var err error
	if t.sql, err = s.reader.BeginTx(ctx, options); err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer t.sql.Rollback()
	return t.cause(do(t))
}

// cause says why a transaction was rolled back that database/sql has rolled back
// itself when its context ended: all that it says is that there is none any more.
func (t *tx) cause(err error) error {
	if errors.Is(err, sql.ErrTxDone) && t.over() != nil {
		return t.over()
	}
	return err
}

// record adds an entry to what the transaction will have written in the log.
func (t *tx) record(e threads.Entry) {
	e.At = t.at
	t.entries = append(t.entries, e)
}

// over is why nothing more is to be done: whoever asked for it has gone, or the
// program ends. What was done so far is rolled back.
func (t *tx) over() error { return t.ctx.Err() }

// exec runs a statement and tells how many rows it changed.
func (t *tx) exec(text string, args ...any) (int64, error) {
	if err := t.over(); err != nil {
		return 0, err
	}
	result, err := t.sql.ExecContext(t.run, t.dialect.text(text), clean(args)...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// rows runs a query.
func (t *tx) rows(text string, args ...any) (*sql.Rows, error) {
	if err := t.over(); err != nil {
		return nil, err
	}
	text, args = t.bounded(text, args)
	return t.sql.QueryContext(t.run, t.dialect.text(text), clean(args)...)
}

// scanner is one row.
type scanner interface{ Scan(dest ...any) error }

// prefixed is a row with some columns in front of those that are asked for.
type prefixed struct {
	scanner
	first []any
}

func (p prefixed) Scan(dest ...any) error { return p.scanner.Scan(append(p.first, dest...)...) }

// one reads a single row into dest, threads.ErrNotFound if there is none.
func (t *tx) one(text string, args []any, dest ...any) error {
	found, err := collect(t, func(row scanner) (bool, error) { return true, row.Scan(dest...) }, text, args...)
	if err == nil && len(found) == 0 {
		return threads.ErrNotFound
	}
	return err
}

// collect reads all rows of a query.
func collect[T any](t *tx, scan func(scanner) (T, error), text string, args ...any) (out []T, err error) {
	rows, err := t.rows(text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// scalar reads a row of one column.
func scalar[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// read is collect on a snapshot of its own.
func read[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), text string, args ...any) (out []T, err error) {
	err = s.view(ctx, func(t *tx) error {
		out, err = collect(t, scan, text, args...)
		return err
	})
	return out, err
}
