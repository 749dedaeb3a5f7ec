package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"path"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// overlay is the migrations of one database: those of both, and its own.
type overlay struct{ own string }

// Open finds name among the common migrations, then among its own.
func (o overlay) Open(name string) (fs.File, error) {
	if name == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid} // Glob below serves the listing
	}
	f, err := migrations.Open(path.Join("migrations/common", name))
	if errors.Is(err, fs.ErrNotExist) {
		return migrations.Open(path.Join("migrations", o.own, name))
	}
	return f, err
}

// Glob lists the names of both folders (fs.GlobFS).
func (o overlay) Glob(pattern string) ([]string, error) {
	var out []string
	for _, dir := range []string{"common", o.own} {
		paths, err := fs.Glob(migrations, path.Join("migrations", dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			out = append(out, path.Base(p))
		}
	}
	slices.Sort(out) // goose takes the last one for the newest
	return out, nil
}

// migrate brings the database to the form that this program knows. It refuses
// a database that a newer program has changed: writing into it with old habits
// could damage it.
func migrate(ctx context.Context, db *sql.DB, d *dialect) error {
	options := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true),
		goose.WithAllowOutofOrder(true), // numbers are given when work begins, not when it is done
		goose.WithSlog(slog.New(slog.NewTextHandler(io.Discard, nil))),
	}
	if d.postgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockEvery, lockTries))
		if err != nil {
			return fmt.Errorf("prepare the lock for migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	provider, err := goose.NewProvider(d.goose, db, overlay{d.name}, options...)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the version of the database: %w", err)
	}
	if current > target {
		return fmt.Errorf("the database has version %d, this program knows only %d: use a newer rapport", current, target)
	}
	if d.postgres {
		_, err = provider.Up(ctx)
	} else {
		err = up(ctx, provider)
	}
	if err != nil {
		return fmt.Errorf("bring the database to version %d: %w", target, err)
	}
	return nil
}

// Who comes second to a PostgreSQL database that has to be brought to its form
// asks each second whether the first is done, for an hour: an index over a large
// archive takes a while.
const (
	lockEvery = 1 // seconds
	lockTries = 3600
)

// Another process may bring the same SQLite file to its form at the same time.
// Each migration is one transaction, so one of the two fails and changes
// nothing; it waits until the other is done.
const (
	migrating = 50 * time.Millisecond
	stuck     = 100 // rounds without progress of anybody: the error is our own
)

func up(ctx context.Context, provider *goose.Provider) error {
	last, rounds := int64(-1), 0
	for {
		_, err := provider.Up(ctx)
		if err == nil {
			return nil
		}
		current, target, failed := provider.GetVersions(ctx)
		if failed == nil && current == target {
			return nil
		}
		if rounds++; current != last {
			last, rounds = current, 0
		}
		if rounds == stuck {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(migrating):
		}
	}
}
