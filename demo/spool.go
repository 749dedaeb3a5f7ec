package demo

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"rapport/internal/durable"
)

// The spool's folders: what clients got from us, and what they wrote.
const (
	sinkFolder   = "sink"
	clientFolder = "client"
)

// arrival is a mail that came to the demo's server while it ran. Its number
// counts over both folders, so the order of arrival survives a restart.
type arrival struct {
	number int
	folder string
	name   string // what follows the number in the file's name, without .eml
	raw    []byte
}

// spool keeps arrivals as files. The caller serialises access.
type spool struct {
	dir  string
	next int
}

var arrivalName = regexp.MustCompile(`^(\d{4,})-(.*)\.eml$`)

// openSpool makes the folders and removes what a killed program left half
// written: it was never accepted.
func openSpool(dir string) (*spool, []arrival, error) {
	s := &spool{dir: dir, next: 1}
	var all []arrival
	for _, folder := range []string{sinkFolder, clientFolder} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			return nil, nil, fmt.Errorf("open the demo's spool: %w", err)
		}
		found, err := s.read(folder)
		if err != nil {
			return nil, nil, fmt.Errorf("open the demo's spool: %w", err)
		}
		all = append(all, found...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].number < all[j].number })
	if len(all) > 0 {
		s.next = all[len(all)-1].number + 1
	}
	return s, all, nil
}

// read returns the arrivals of one folder in their order.
func (s *spool) read(folder string) ([]arrival, error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, folder))
	if err != nil {
		return nil, err
	}
	var all []arrival
	for _, e := range entries {
		path := filepath.Join(s.dir, folder, e.Name())
		m := arrivalName.FindStringSubmatch(e.Name())
		if m == nil {
			if strings.HasSuffix(e.Name(), durable.PartEnd) {
				os.Remove(path)
			}
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		number, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, arrival{number, folder, m[2], raw})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].number < all[j].number })
	return all, nil
}

// add stores a mail so that it survives a power failure: written, synced,
// renamed, and the folder synced. Only then may the sender be told.
func (s *spool) add(folder, name string, raw []byte) (arrival, error) {
	a := arrival{s.next, folder, fileName(name), raw}
	path := filepath.Join(s.dir, folder, fmt.Sprintf("%04d-%s.eml", a.number, a.name))
	if err := durable.Write(path, raw); err != nil {
		return arrival{}, fmt.Errorf("spool mail %d: %w", a.number, err)
	}
	s.next++
	return a, nil
}

// has reports whether the folder holds exactly these bytes.
func (s *spool) has(folder string, raw []byte) (bool, error) {
	all, err := s.read(folder)
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if bytes.Equal(a.raw, raw) {
			return true, nil
		}
	}
	return false, nil
}

// fileName makes a safe file name of addresses. What no usual address has is
// replaced, and it is cut to what file systems take.
func fileName(s string) string {
	safe := strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, s)
	return safe[:min(len(safe), 230)]
}
