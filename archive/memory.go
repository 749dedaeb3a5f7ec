package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Folder is a witness's memory: a file for each log.
type Folder string

func (f Folder) file(origin, ending string) string {
	sum := sha256.Sum256([]byte(origin)) // an origin may have any sign in it
	return filepath.Join(string(f), hex.EncodeToString(sum[:8])+ending)
}

// Seen returns the latest checkpoint of a log, nil if there is none.
func (f Folder) Seen(origin string) ([]byte, error) {
	signed, err := os.ReadFile(f.file(origin, ".checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return signed, err
}

// Keep remembers a checkpoint; it is on the disk when it returns.
func (f Folder) Keep(origin string, signed []byte) error {
	return WriteWhole(f.file(origin, ".checkpoint"), signed)
}

// Accuse keeps what contradicts the latest checkpoint, beside it. Both together
// prove that the log has two histories.
func (f Folder) Accuse(origin string, signed []byte) error {
	return WriteWhole(f.file(origin, ".contradicts"), signed)
}

// WriteWhole replaces a file by one that is either whole or not there, also
// after a loss of power.
func WriteWhole(path string, content []byte) error {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name()) // is gone once it was renamed
	_, err = tmp.Write(content)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return errors.Join(d.Sync(), d.Close())
}
