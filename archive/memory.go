package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"rapport/internal/durable"
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
	return durable.Write(f.file(origin, ".checkpoint"), signed)
}

// Accuse keeps what contradicts the latest checkpoint, beside it. Both together
// prove that the log has two histories.
func (f Folder) Accuse(origin string, signed []byte) error {
	return durable.Write(f.file(origin, ".contradicts"), signed)
}
