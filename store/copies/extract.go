package copies

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rapport/threads"
)

// Extract writes the copy that path names into a new file: a copy as its file
// was called when it was made or is called now, the newest of a folder, or any
// file of a whole copy. The folder is only read.
func Extract(ctx context.Context, path, to string) error {
	whole, deltas, err := sources(path)
	if err != nil {
		return err
	}
	in, err := os.Open(whole)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(extract(ctx, in, deltas, out), out.Close())
}

func extract(ctx context.Context, whole io.Reader, deltas []string, out *os.File) (err error) {
	buffer := make([]byte, stride)
	for err == nil {
		var n int
		n, err = whole.Read(buffer)
		if _, wrong := out.Write(buffer[:n]); wrong != nil {
			return wrong
		}
		if err == nil {
			err = ctx.Err()
		}
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	var h header
	for _, delta := range deltas {
		if h, err = applyDelta(delta, out); err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
	}
	if len(deltas) > 0 {
		if err := h.proves(out); err != nil {
			return err
		}
	}
	return out.Sync()
}

// sources are the whole file that a copy is made from, and the differences that
// are then applied to it one after the other.
func sources(path string) (whole string, deltas []string, err error) {
	f, name := Folder(filepath.Dir(path)), filepath.Base(path)
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		f = Folder(path)
		names, err := f.Names()
		if err != nil {
			return "", nil, err
		}
		if len(names) == 0 {
			return "", nil, fmt.Errorf("a copy in %s: %w", path, threads.ErrNotFound)
		}
		name = names[len(names)-1]
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, wholeEnd), deltaEnd)
	if !isName(name) {
		return path, nil, nil
	}
	for exists(f.delta(name)) {
		deltas = append([]string{f.delta(name)}, deltas...)
		if exists(f.whole(name)) { // it was being made into the next
			break
		}
		h, err := readHeader(f.delta(name))
		if err != nil {
			return "", nil, err
		}
		if h.Next <= name {
			return "", nil, fmt.Errorf("read %s: %w", f.delta(name), errDelta)
		}
		name = h.Next
	}
	if !exists(f.whole(name)) {
		if len(deltas) == 0 {
			return "", nil, fmt.Errorf("a copy %s in %s: %w", name, f, threads.ErrNotFound)
		}
		return "", nil, fmt.Errorf("%s is made from %s, which is gone: %w", deltas[len(deltas)-1], f.whole(name), fs.ErrNotExist)
	}
	return f.whole(name), deltas, nil
}
