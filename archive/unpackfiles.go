package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"hash/maphash"
	"io"
)

// checkList checks that no file is there twice, and that nothing grows when it
// is read.
func (u *unpacker) checkList() error {
	seen, seed, total := map[uint64]bool{}, maphash.MakeSeed(), int64(0)
	return u.zip.each(func(e *entry) error {
		hash := maphash.String(seed, e.name)
		total += e.size
		switch {
		case e.method != 0 || e.packed != e.size:
			return fmt.Errorf("%s: it is compressed, which nothing in a bundle is", e.name)
		case e.size < 0 || total > u.zip.size:
			return fmt.Errorf("%s: %w", e.name, errDamaged)
		case seen[hash]:
			return fmt.Errorf("%s: it is there twice", e.name)
		}
		seen[hash] = true
		return nil
	})
}

// checkFiles compares every file with the manifest, in the order of both.
func (u *unpacker) checkFiles() error {
	m, err := u.readManifest()
	if err != nil {
		return err
	}
	if err := m.seek(filesSection); err != nil {
		return err
	}
	err = u.zip.each(func(e *entry) error {
		got, err := u.sum(e)
		if err != nil || e.name == manifestFile || e.name == noteFile {
			return err
		}
		name, want, err := m.file()
		switch {
		case err != nil:
			return err
		case name != e.name:
			return u.misplaced(name, e.name)
		case got != want:
			return fmt.Errorf("%s: it was changed: it has another SHA-256 than the manifest says", e.name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if name, _, err := m.file(); err != nil || name != "" {
		return errors.Join(err, u.misplaced(name, ""))
	}
	return m.end()
}

// misplaced tells why another file than the manifest's is there.
func (u *unpacker) misplaced(want, got string) error {
	if want != "" {
		if e, err := u.zip.find(want); err != nil || e == nil {
			return errors.Join(err, fmt.Errorf("%s: it was removed", want))
		}
	}
	return fmt.Errorf("%s: it does not belong to the bundle, or stands at another place", got)
}

// sum reads a file for its SHA-256, and compares the CRC-32.
func (u *unpacker) sum(e *entry) (string, error) {
	r, err := u.zip.open(e)
	if err != nil {
		return "", fmt.Errorf("%s: %w", e.name, err)
	}
	h, crc := sha256.New(), crc32.NewIEEE()
	if _, err := io.Copy(io.MultiWriter(h, crc), r); err != nil {
		return "", fmt.Errorf("%s: %w", e.name, err)
	}
	if crc.Sum32() != e.crc {
		return "", fmt.Errorf("%s: it is damaged: its CRC-32 is another", e.name)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// named finds a file that must be there.
func (u *unpacker) named(name string) (*entry, error) {
	e, err := u.zip.find(name)
	if err == nil && e == nil {
		err = fmt.Errorf("%s: it is not in the bundle", name)
	}
	return e, err
}

// whole reads a file of those that are small.
func (u *unpacker) whole(name string) ([]byte, error) {
	e, err := u.named(name)
	if err != nil {
		return nil, err
	}
	return u.small(e)
}

// mostSmall bounds notes, checkpoints and proofs.
const mostSmall = 1 << 20

// small reads a file that has no reason to be large.
func (u *unpacker) small(e *entry) ([]byte, error) {
	if e.size > mostSmall {
		return nil, fmt.Errorf("%s: it is too large for what it is", e.name)
	}
	return u.content(e)
}

func (u *unpacker) content(e *entry) ([]byte, error) {
	r, err := u.zip.open(e)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	b := make([]byte, r.Size())
	if _, err = io.ReadFull(r, b); err != nil {
		err = fmt.Errorf("%s: %w", e.name, err)
	}
	return b, err
}
