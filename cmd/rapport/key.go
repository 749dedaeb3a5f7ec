package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"rapport/archive"
	"rapport/threads"
)

type keyCmd struct {
	New  keyNewCmd  `cmd:"" help:"Make the key that signs the log, and print its public key."`
	Show keyShowCmd `cmd:"" help:"Print the public key of a key, for everyone who wants to check."`
}

type keyNewCmd struct {
	File   string `arg:"" help:"Where to write it: not beside the database, and in a backup of its own."`
	Origin string `placeholder:"NAME" help:"The name of the log; without blanks. Drawn at random unless given."`
}

func (c *keyNewCmd) Run(e *env) error {
	key, err := archive.NewKey(c.Origin, rand.Reader)
	if err != nil {
		return usagef("--origin: %v", err)
	}
	f, err := os.OpenFile(c.File, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %s is there already; a key is never overwritten", threads.ErrConflict, c.File)
	}
	if err != nil {
		return fmt.Errorf("write the key: %w", err)
	}
	_, err = f.WriteString(key.Secret() + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the key: %w", err)
	}
	fmt.Fprintln(e.out, key.Public())
	return nil
}

type keyShowCmd struct {
	File string `arg:"" help:"The key's file."`
}

func (c *keyShowCmd) Run(e *env) error {
	key, err := readKey(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, key.Public())
	return nil
}

// readKey reads the file of a secret key.
func readKey(path string) (*archive.Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the key %s: %w; make one with: rapport key new FILE", path, threads.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	key, err := archive.ReadKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// readPublic reads a public key as an argument: itself, or the file it is in.
func readPublic(arg string) (archive.Verifier, error) {
	if v, err := archive.ReadPublic(arg); err == nil {
		return v, nil
	}
	text, err := os.ReadFile(arg)
	if err != nil {
		return nil, usagef("--key: %q is neither a public key nor the file of one; rapport key show prints it", arg)
	}
	v, err := archive.ReadPublic(string(text))
	if err != nil {
		return nil, usagef("--key: %s: %v", arg, err)
	}
	return v, nil
}
