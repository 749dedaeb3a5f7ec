package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxInput bounds what is read from a file or from standard input.
const maxInput = 64 << 20

// readInput reads a file that the command line names, or standard input for -.
// What it says about a file is a sentence with the next step.
func readInput(in io.Reader, path string) ([]byte, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fileError(path, err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, usagef("%s is a folder; name a file in it", path)
		}
		in = f
	} else {
		path = "standard input"
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", path, err)
	case len(raw) > maxInput:
		return nil, usagef("%s is larger than %d MB; name a smaller file", path, maxInput>>20)
	case len(raw) == 0:
		return nil, usagef("%s is empty; name a file with something in it", path)
	}
	return raw, nil
}

// fileError says in words why a file cannot be had.
func fileError(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return usagef("there is no file or folder %s; mend the path", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be read; give yourself the right to read it: %w", path, err)
	}
	return fmt.Errorf("read %s: %w", path, err)
}
