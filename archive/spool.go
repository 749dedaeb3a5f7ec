package archive

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// spool keeps what a bundle lists, piece by piece, in a file without a name: of
// very much mail even the list does not fit into memory.
type spool struct {
	file *os.File
	out  *bufio.Writer
	n    int64 // pieces
}

// newSpool makes a spool in a folder; "" is the system's for such files. Only
// this user can read it, and when the process ends it is gone.
func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, ".rapport-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for the list: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil { // it stays as long as it is open
		return nil, errors.Join(fmt.Errorf("make a file for the list: %w", err), f.Close())
	}
	return &spool{file: f, out: bufio.NewWriter(f)}, nil
}

func (s *spool) close() { s.file.Close() }

func (s *spool) write(piece []byte) error {
	s.n++
	_, err := s.out.Write(piece)
	return err
}

// add writes a value as a line of JSON.
func (s *spool) add(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.write(append(b, '\n'))
}

// read begins to read what was written so far.
func (s *spool) read() (*bufio.Reader, error) {
	if err := s.out.Flush(); err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(io.NewSectionReader(s.file, 0, 1<<62), 1<<16), nil
}

func (s *spool) copyTo(w io.Writer) error {
	r, err := s.read()
	if err == nil {
		_, err = io.Copy(w, r)
	}
	return err
}

// each gives every line, without its end.
func (s *spool) each(do func(line []byte) error) error {
	r, err := s.read()
	for err == nil {
		var line []byte
		if line, err = r.ReadBytes('\n'); err == nil {
			err = do(line[:len(line)-1])
		}
	}
	if err == io.EOF {
		err = nil
	}
	return err
}

// eachOf gives every value of a spool.
func eachOf[T any](s *spool, do func(*T) error) error {
	return s.each(func(line []byte) error {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			return err
		}
		return do(&v)
	})
}
