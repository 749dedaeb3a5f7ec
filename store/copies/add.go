package copies

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"rapport/internal/durable"
)

// Copy is a new copy before it counts: look at it, then Keep or Undo it.
type Copy struct {
	Path    string // of the file as long as it does not count
	Size    int64  // of the file
	Written int64  // what had to be written of it
	Before  string // the copy that became a difference, "" if this one was written whole
	Changed string // a copy that is not what it was when it was made, so that this one was written whole; else ""

	folder Folder
	name   string
}

// Add makes a copy of a file that nobody changes meanwhile. Its bytes are read
// back and compared before Add returns.
func (f Folder) Add(ctx context.Context, now time.Time, from *io.SectionReader) (*Copy, error) {
	if err := f.Mend(); err != nil {
		return nil, err
	}
	names, err := f.Names()
	if err != nil {
		return nil, err
	}
	c := &Copy{Size: from.Size(), folder: f, name: nextName(now, names)}
	if len(names) > 0 && f.usable(names[len(names)-1]) {
		c.Before = names[len(names)-1]
		err = c.renew(ctx, from, names)
	}
	if err == nil && c.Before == "" {
		err = c.write(ctx, from)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("copy into %s: %w", f, err), c.Undo())
	}
	return c, nil
}

// usable tells whether a copy can become the next in its place: it is whole, has
// no other name somewhere under which somebody keeps it, and nobody has opened
// it as a database and left something.
func (f Folder) usable(name string) bool {
	info, err := os.Lstat(f.whole(name))
	if err != nil || !info.Mode().IsRegular() || info.Sys().(*syscall.Stat_t).Nlink > 1 {
		return false
	}
	for _, end := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(f.whole(name) + end); err == nil && info.Size() > 0 {
			return false
		}
	}
	return true
}

// renew makes the newest copy into the new one.
func (c *Copy) renew(ctx context.Context, from *io.SectionReader, names []string) (err error) {
	f := c.folder
	file, err := os.OpenFile(f.whole(c.Before), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	differ, was, is, err := compare(ctx, io.NewSectionReader(file, 0, info.Size()), from)
	if err != nil {
		return err
	}
	same, err := f.unchanged(names, hex.EncodeToString(was[:]))
	if err != nil || !same {
		c.Before, c.Changed = "", c.Before
		return err
	}
	h := header{Form: 1, Next: c.name, Size: info.Size(), Blocks: differ.count(info.Size()),
		SHA256: hex.EncodeToString(was[:]), After: hex.EncodeToString(is[:])}
	delta := f.delta(c.Before)
	if err := writeDelta(ctx, delta+partEnd, h, file, differ); err != nil {
		return err
	}
	if err := errors.Join(os.Rename(delta+partEnd, delta), durable.SyncDir(string(f))); err != nil {
		return err
	}
	c.Path = f.whole(c.Before)
	buffer := make([]byte, block)
	err = differ.each(c.Size, func(n, length int64) error {
		if _, err := from.ReadAt(buffer[:length], n*block); err != nil {
			return err
		}
		c.Written += length
		_, err := file.WriteAt(buffer[:length], n*block)
		return errors.Join(err, ctx.Err())
	})
	if err != nil {
		return err
	}
	if err := errors.Join(file.Truncate(c.Size), file.Sync()); err != nil {
		return err
	}
	return c.readBack(ctx, file, is)
}

// unchanged tells whether the newest copy is still what the difference before it
// says it was. Others would come out wrong from one that is not.
func (f Folder) unchanged(names []string, sum string) (bool, error) {
	if len(names) < 2 {
		return true, nil
	}
	before, newest := names[len(names)-2], names[len(names)-1]
	h, err := readHeader(f.delta(before))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	return h.Next != newest || h.After == sum, err
}

// write makes a copy from nothing.
func (c *Copy) write(ctx context.Context, from *io.SectionReader) (err error) {
	path := c.folder.whole(c.name) + partEnd
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	c.Path = path
	hash, buffer := sha256.New(), make([]byte, stride)
	for at := int64(0); at < c.Size; at += stride {
		b, err := readStride(from, buffer, at)
		if err != nil {
			return err
		}
		hash.Write(b)
		if _, err := file.Write(b); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	c.Written = c.Size
	if err := file.Sync(); err != nil {
		return err
	}
	return c.readBack(ctx, file, [sha256.Size]byte(hash.Sum(nil)))
}

// readBack compares what was written with what was read.
func (c *Copy) readBack(ctx context.Context, file io.ReaderAt, want [sha256.Size]byte) error {
	got, err := hashOf(ctx, io.NewSectionReader(file, 0, c.Size))
	if err == nil && got != want {
		err = errors.New("what was written reads back as something else: look at the disk")
	}
	return err
}

// Keep gives the copy its name, with which it counts, and returns its path.
func (c *Copy) Keep() (path string, err error) {
	path = c.folder.whole(c.name)
	if err := errors.Join(os.Rename(c.Path, path), durable.SyncDir(string(c.folder))); err != nil {
		return "", fmt.Errorf("name the copy: %w", err)
	}
	return path, nil
}

// Undo takes the copy away; the others are as they were.
func (c *Copy) Undo() error { return c.folder.Mend() }
