// Package durable writes files that are there whole or not at all, also after a
// loss of power and beside other processes.
package durable

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Write puts the content in the place of the file, if there is one. Only the
// user of this process may read it.
func Write(path string, content []byte) error {
	return put(path, content, os.Rename)
}

// Create writes a file that is not there yet, or returns an error that is
// fs.ErrExist: of several that create it at once one succeeds, and what the
// others find is whole.
func Create(path string, content []byte) error {
	return put(path, content, os.Link) // rename(2) would replace the file
}

func put(path string, content []byte, name func(from, to string) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*"+PartEnd)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // renamed, it is gone already
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = name(f.Name(), path)
	}
	if err != nil {
		return err
	}
	return SyncDir(dir)
}

// PartEnd is how the names of files end that were not written whole, since the
// process was killed. They may be deleted.
const PartEnd = ".part"

// SyncDir makes new names and deletions in a folder last. Where a system cannot
// sync a folder, they last as well as it gets.
func SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
