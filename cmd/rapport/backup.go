package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"rapport/archive"
	"rapport/store"
	"rapport/store/copies"
	"rapport/threads"
)

type backupCmd struct {
	Dir   string `arg:"" help:"The folder for the copy; it is made if it is not there."`
	Keep  int    `placeholder:"N" help:"Once the new copy is whole, delete all but the newest N in the folder; without it all stay."`
	Quick bool   `help:"Compare the copy with the store byte for byte, and do not hold it against its log: for copies every hour, beside daily ones without this."`
}

// Run copies the store while others write, and verifies the copy.
func (c *backupCmd) Run(e *env) error {
	if c.Keep < 0 {
		return usagef("--keep: it is the number of copies that stay, at least 1")
	}
	if c.Keep > 0 && c.Quick {
		return usagef("--keep: only a copy that was held against its log may take the place of older ones; leave out --quick")
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return fmt.Errorf("make the folder: %w; name one that can be made, or that is there and yours", err)
	}
	unlock, err := lockCopies(c.Dir, syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer unlock()
	folder := copies.Folder(c.Dir)
	var made *copies.Copy
	err = h.store.Frozen(e.ctx, func(file *io.SectionReader) (err error) {
		made, err = folder.Add(e.ctx, time.Now(), file)
		return noRoom(err, "the copies made before are whole")
	})
	if err != nil {
		return err
	}
	said := "the store byte for byte, not held against its log"
	if !c.Quick {
		said, err = wholeCopy(e.ctx, made.Path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("the copy is not whole and was taken away: %w", err), made.Undo())
	}
	path, err := made.Keep()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s: %s\n", path, said)
	tellCopy(e.out, made)
	if c.Keep == 0 {
		return nil
	}
	gone, err := folder.Drop(c.Keep)
	for _, old := range gone {
		fmt.Fprintf(e.out, "%s: deleted\n", old)
	}
	return err
}

// noRoom adds the next step, and what is as it was, where a disk was full.
func noRoom(err error, before string) error {
	if store.DiskFull(err) {
		return fmt.Errorf("%w; make room there and do it again: %s", err, before)
	}
	return err
}

// wholeCopy holds a copy against its log and says what is in it.
func wholeCopy(ctx context.Context, path string) (string, error) {
	s, err := store.OpenCopy(path)
	if err != nil {
		return "", err
	}
	r, err := checkStore(ctx, s, &archive.Check{})
	if err == nil && r.Total > 0 {
		err = fmt.Errorf("%s: %s; run rapport verify on the store", r.Findings[0].Place, r.Findings[0].Words)
	}
	if err != nil {
		return "", err
	}
	return contents(r), nil
}

// contents says what a verified copy has.
func contents(r *archive.Result) string {
	return fmt.Sprintf("%d lines of the log, %s, whole", r.Size, count(r.Rows["mail.in"], "mail"))
}

// tellCopy says what the copy cost.
func tellCopy(out io.Writer, c *copies.Copy) {
	switch {
	case c.Changed != "":
		fmt.Fprintf(out, "%s is not what it was when it was made: somebody has opened it, or the disk is damaged. So this copy was written whole; copies older than that one cannot be restored.\n", c.Changed)
	case c.Before != "":
		fmt.Fprintf(out, "%s of %s were new; of %s the difference is kept\n", megabytes(c.Written), megabytes(c.Size), c.Before)
	}
}

// megabytes is a size for people.
func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

// lockCopies keeps others from writing into a folder of copies meanwhile; how is
// that of flock(2).
func lockCopies(dir string, how int) (unlock func() error, err error) {
	unlock, err = lock(dir, how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w: a backup is being written into %s, or read from there; wait until that is done", threads.ErrConflict, dir)
	}
	return unlock, err
}

// checkStore holds a store against its log, and closes it.
func checkStore(ctx context.Context, s *store.Store, check *archive.Check) (r *archive.Result, err error) {
	err = s.Snapshot(ctx, func(snapshot *store.Snapshot) error {
		r, err = checkBoth(ctx, check, snapshot)
		return err
	})
	return r, errors.Join(err, s.Close())
}
