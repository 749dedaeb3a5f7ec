package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rapport/archive"
	"rapport/cmd/rapport/config"
	"rapport/store"
	"rapport/threads"
)

type backupCmd struct {
	Dir  string `arg:"" help:"The folder for the copy; it is made if it is not there."`
	Keep int    `placeholder:"N" help:"Once the new copy is whole, delete all but the newest N in the folder; without it all stay."`
}

// Run copies the store while others write, and verifies the copy.
func (c *backupCmd) Run(e *env) error {
	if c.Keep < 0 {
		return usagef("--keep: it is the number of copies that stay, at least 1")
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w; name one that can be made, or that is there and yours", err)
	}
	path := filepath.Join(c.Dir, "rapport-"+time.Now().UTC().Format("20060102T150405.000Z")+".db")
	if err := h.store.Backup(e.ctx, path+".part"); err != nil {
		return err
	}
	r, err := verifyFile(e.ctx, path+".part")
	if err == nil && r.Total > 0 {
		err = fmt.Errorf("%s: %s; run rapport verify on the store", r.Findings[0].Place, r.Findings[0].Words)
	}
	if err != nil {
		removeDatabase(path + ".part")
		return fmt.Errorf("the copy is not whole and was taken away: %w", err)
	}
	if err := os.Rename(path+".part", path); err != nil {
		return fmt.Errorf("name the copy: %w", err)
	}
	fmt.Fprintf(e.out, "%s: %d lines of the log, %s, whole\n", path, r.Size, count(r.Rows["mail.in"], "mail"))
	return c.prune(e)
}

// prune deletes the oldest copies; their names have the time, so their order is
// that of their making. Nothing else in the folder is touched.
func (c *backupCmd) prune(e *env) error {
	copies, err := filepath.Glob(filepath.Join(c.Dir, "rapport-????????T??????.???Z.db"))
	if err != nil || c.Keep == 0 {
		return err
	}
	slices.Sort(copies)
	for _, old := range copies[:max(0, len(copies)-c.Keep)] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("delete an old copy: %w", err)
		}
		fmt.Fprintf(e.out, "%s: deleted\n", old)
	}
	return nil
}

type restoreCmd struct {
	File    string `arg:"" help:"A backup that \"rapport backup\" made. The store must not be there; move it away first."`
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
	defer removeDatabase(part) // is gone once it was renamed
	if err := copyFile(c.File, part); err != nil {
		return fmt.Errorf("copy the backup: %w", err)
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
	if err := os.Rename(part, target); err != nil {
		return fmt.Errorf("put the backup in place: %w", err)
	}
	fmt.Fprintf(e.out, "%s: %d lines of the log, %s, whole\n", target, r.Size, count(r.Rows["mail.in"], "mail"))
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

func verifyFile(ctx context.Context, path string) (*archive.Result, error) {
	return checkFile(ctx, path, &archive.Check{})
}

// forgetFolders makes mail programs read a restored archive anew.
func forgetFolders(ctx context.Context, path string) error {
	s, err := store.Open(ctx, store.Config{URL: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(s.ForgetFolders(ctx), s.Close())
}

// checkFile holds a copy of a store against its log.
func checkFile(ctx context.Context, path string, check *archive.Check) (r *archive.Result, err error) {
	s, err := store.Open(ctx, store.Config{URL: path, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	err = s.Snapshot(ctx, func(snapshot *store.Snapshot) error {
		r, err = checkBoth(ctx, check, snapshot)
		return err
	})
	return r, errors.Join(err, s.Close())
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

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// removeDatabase takes away a file of SQLite and what belongs to it.
func removeDatabase(path string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix)
	}
}
