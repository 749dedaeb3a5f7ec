// Package copies keeps dated copies of a database's file in a folder, of which
// only the newest is whole. Of each older one there is what it had and its
// successor has not: its difference.
//
//	rapport-20261127T020000.000Z.delta  what this copy had otherwise than the next
//	rapport-20261128T020000.000Z.db     the newest: a database like any other
//
// A file comes in as it stands at one moment, and the copy under a name goes out
// again, byte for byte. A new copy is made of the newest in its place, after all
// that this will overwrite was put aside as its difference: so the older copies
// need each other in one direction only, the oldest can be deleted at any time,
// and who is killed at any moment leaves all older copies whole. The package
// knows nothing of databases. Memory is bounded but for a bit for each 8 KB.
package copies

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rapport/internal/durable"
)

// Folder is where copies are. Only one process may write to it at a time.
type Folder string

// What the files of a copy end in.
const (
	wholeEnd = ".db"
	deltaEnd = ".delta"
	partEnd  = ".part" // of a file that is not done
)

// The name of a copy has the moment of its making, so that names are in the
// order of time.
const (
	nameForm    = "rapport-20060102T150405.000Z"
	namePattern = "rapport-????????T??????.???Z"
)

func isName(name string) bool {
	t, err := time.Parse(nameForm, name)
	return err == nil && t.Format(nameForm) == name
}

func (f Folder) whole(name string) string { return filepath.Join(string(f), name+wholeEnd) }
func (f Folder) delta(name string) string { return filepath.Join(string(f), name+deltaEnd) }

// Names are the copies in the folder, the oldest first.
func (f Folder) Names() (names []string, err error) {
	entries, err := os.ReadDir(string(f))
	if err != nil {
		return nil, fmt.Errorf("look for copies: %w", err)
	}
	for _, e := range entries {
		name, isWhole := strings.CutSuffix(e.Name(), wholeEnd)
		name, isDelta := strings.CutSuffix(name, deltaEnd)
		if isWhole != isDelta && isName(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// Drop deletes all copies but the newest keep, and returns their files. None of
// those that stay needs them.
func (f Folder) Drop(keep int) (gone []string, err error) {
	names, err := f.Names()
	if err != nil {
		return nil, err
	}
	for _, name := range names[:max(0, len(names)-keep)] {
		for _, path := range []string{f.delta(name), f.whole(name)} {
			switch err := os.Remove(path); {
			case err == nil:
				gone = append(gone, path)
			case !errors.Is(err, fs.ErrNotExist):
				return gone, fmt.Errorf("delete an old copy: %w", err)
			}
		}
	}
	return gone, durable.SyncDir(string(f))
}

// Mend takes away what a copying that was broken off has left: files that were
// not done, and a whole copy that was being made into the next becomes again
// what it was.
func (f Folder) Mend() error {
	for _, end := range []string{wholeEnd + partEnd + "*", deltaEnd + partEnd} {
		left, err := filepath.Glob(filepath.Join(quote(string(f)), namePattern+end))
		if err != nil {
			return fmt.Errorf("look for what was broken off: %w", err)
		}
		for _, path := range left {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("take away what was broken off: %w", err)
			}
		}
	}
	names, err := f.Names()
	if err != nil {
		return err
	}
	for _, name := range names {
		if exists(f.whole(name)) && exists(f.delta(name)) {
			if err := f.undo(name); err != nil {
				return fmt.Errorf("take back a copy that was broken off: %w; if that cannot be mended, move %s and %s into another folder",
					err, f.whole(name), f.delta(name))
			}
		}
	}
	return nil
}

// undo makes a whole copy again what it was before it was being made into the
// next. It can be broken off and done again.
func (f Folder) undo(name string) error {
	file, err := os.OpenFile(f.whole(name), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	h, err := applyDelta(f.delta(name), file)
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = h.proves(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return errors.Join(os.Remove(f.delta(name)), durable.SyncDir(string(f)))
}

// nextName is the name of a copy that is made now, after the others whatever
// the clock says.
func nextName(now time.Time, names []string) string {
	name := now.UTC().Format(nameForm)
	if len(names) == 0 || name > names[len(names)-1] {
		return name
	}
	newest, _ := time.Parse(nameForm, names[len(names)-1])
	return newest.Add(time.Millisecond).Format(nameForm)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// quote makes a path stand for itself in a pattern.
func quote(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
