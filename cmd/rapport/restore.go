package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"rapport/archive"
	"rapport/cmd/rapport/config"
	"rapport/internal/durable"
	"rapport/store"
	"rapport/store/copies"
	"rapport/threads"
)

type restoreCmd struct {
	File    string `arg:"" help:"A backup that \"rapport backup\" made, or its folder for the newest. The store must not be there; move it away first."`
	Older   bool   `help:"Take a backup that is older than the last signed checkpoint, because there is no newer one; then go on with: rapport log recover."`
	KeyFile string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The key that signs the log: a backup older than the last signed checkpoint is refused; log.key_file of the configuration unless given."`
}

// Run puts a backup in the place of the store, if the log can go on from it.
func (c *restoreCmd) Run(e *env) error {
	settings, err := config.Load(e.config)
	if err != nil {
		return err
	}
	target, err := sqlitePath(settings)
	if err != nil {
		return err
	}
	for _, path := range []string{target, target + "-wal"} {
		if _, err := os.Stat(path); err == nil {
			return fmt.Errorf("%w: %s is there; stop the server and move it away first, it may hold mail that the backup has not", threads.ErrConflict, path)
		}
	}
	part := target + ".part"
	removeDatabase(part)       // of a restoring that was broken off
	defer removeDatabase(part) // is gone once it was renamed
	if err := extractCopy(e.ctx, c.File, part); err != nil {
		return fmt.Errorf("copy the backup: %w", noRoom(err, "nothing was restored"))
	}
	check := archive.Check{}
	keyFile := cmp.Or(c.KeyFile, settings.Log.KeyFile)
	if keyFile != "" && !c.Older {
		if err := continuing(keyFile, &check); err != nil {
			return err
		}
	}
	r, err := checkFile(e.ctx, part, &check)
	if err != nil {
		return err
	}
	if r.Total > 0 {
		return fmt.Errorf("%w: %s: %s; nothing was restored", threads.ErrConflict, r.Findings[0].Place, r.Findings[0].Words)
	}
	again := 0
	if keyFile != "" {
		again, err = eraseAgain(e.ctx, part, erasedBookOf(keyFile), func(id string, why error) {
			fmt.Fprintf(e.out, "%s was erased, and stays in this backup: %v\n", id, why)
		})
		if err != nil {
			return err
		}
	}
	if err := forgetFolders(e.ctx, part); err != nil {
		return err
	}
	if err := putInPlace(part, target); err != nil {
		return fmt.Errorf("put the backup in place: %w", err)
	}
	fmt.Fprintf(e.out, "%s: %s\n", target, contents(r))
	if again > 0 {
		fmt.Fprintf(e.out, "%s erased again that had been erased since\n", count(again, "mail"))
	}
	if c.Older {
		fmt.Fprintln(e.out, "If it is older than a signed checkpoint, the old key no longer signs its log; go on with: rapport log recover")
	} else if keyFile == "" {
		fmt.Fprintln(e.out, "Without --key-file or log.key_file nobody has looked whether it is older than a signed checkpoint.")
	}
	return nil
}

// putInPlace gives a closed database its name. What SQLite could not move out of
// the write-ahead log, as on a full disk, would be left behind: erasures too.
func putInPlace(part, target string) error {
	if info, err := os.Stat(part + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s could not be written whole; make room there and do it again: nothing was restored", part)
	}
	return errors.Join(os.Rename(part, target), durable.SyncDir(filepath.Dir(target)))
}

// extractCopy writes a backup into a new file.
func extractCopy(ctx context.Context, file, to string) error {
	dir := file
	if info, err := os.Stat(file); err != nil || !info.IsDir() {
		dir = filepath.Dir(file)
	}
	unlock, err := lockCopies(dir, syscall.LOCK_SH)
	if err != nil {
		return err
	}
	defer unlock()
	return copies.Extract(ctx, file, to)
}

// continuing makes a check hold both logs against what the key has signed last.
func continuing(keyFile string, check *archive.Check) error {
	key, err := readKey(keyFile)
	if err != nil {
		return err
	}
	if check.Key, err = archive.ReadPublic(key.Public()); err != nil {
		return err
	}
	check.Published, err = fileBook{path: keyFile + ".checkpoint"}.pages()
	return err
}

// forgetFolders makes mail programs read a restored archive anew.
func forgetFolders(ctx context.Context, path string) error {
	s, err := store.Open(ctx, store.Config{URL: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(s.ForgetFolders(ctx), s.Close())
}

// checkFile holds a copy of a store against its log, after it was brought to the
// form that this program knows.
func checkFile(ctx context.Context, path string, check *archive.Check) (*archive.Result, error) {
	s, err := store.Open(ctx, store.Config{URL: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return checkStore(ctx, s, check)
}

// sqlitePath is the file of the store.
func sqlitePath(c *config.Config) (string, error) {
	url, err := c.Store.DatabaseURL()
	if err != nil {
		return "", fmt.Errorf("store.url: %w", err)
	}
	if strings.HasPrefix(url, "postgres") {
		return "", usagef("the store is in PostgreSQL; use pg_dump and pg_restore, then rapport verify")
	}
	return strings.TrimPrefix(url, "sqlite:"), nil
}

// removeDatabase takes away a file of SQLite and what belongs to it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix)
	}
}
