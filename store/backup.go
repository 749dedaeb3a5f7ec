package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/mattn/go-sqlite3"
)

// backupStep is how many pages are copied before others may write.
const backupStep = 256

// Backup copies the archive into a new file while others write. What they write
// meanwhile is in the copy, or not, by whole transactions. For PostgreSQL there
// are pg_dump and its kin.
func (s *Store) Backup(ctx context.Context, path string) error {
	if s.dialect.postgres {
		return errors.New("the store is in PostgreSQL; use pg_dump, then verify the restored copy")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	to, err := sql.Open("sqlite3", dsn(path, url.Values{"_synchronous": {"FULL"}}))
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	err = s.copyTo(ctx, to)
	if err := errors.Join(err, to.Close()); err != nil {
		os.Remove(path)
		return fmt.Errorf("back up: %w", err)
	}
	return nil
}

// copyTo copies by SQLite's own means, from a connection that only reads.
func (s *Store) copyTo(ctx context.Context, to *sql.DB) error {
	target, err := to.Conn(ctx)
	if err != nil {
		return err
	}
	defer target.Close()
	source, err := s.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer source.Close()
	return target.Raw(func(t any) error {
		return source.Raw(func(f any) error {
			b, err := t.(*sqlite3.SQLiteConn).Backup("main", f.(*sqlite3.SQLiteConn), "main")
			if err != nil {
				return err
			}
			return errors.Join(steps(ctx, b), b.Finish())
		})
	})
}

func steps(ctx context.Context, b *sqlite3.SQLiteBackup) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if done, err := b.Step(backupStep); done || err != nil {
			return err
		}
	}
}
