package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rapport/archive"
	"rapport/internal/durable"
	"rapport/threads"
)

type keyCmd struct {
	New    keyNewCmd    `cmd:"" help:"Make the key that signs the log, and print its public key."`
	Rotate keyRotateCmd `cmd:"" help:"Make a new key for the same log, and let the old one vouch for it."`
	Show   keyShowCmd   `cmd:"" help:"Print the public key of a key, for everyone who wants to check."`
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
	if err := writeKey(c.File, key.Secret()); err != nil {
		return err
	}
	fmt.Fprintln(e.out, key.Public())
	return nil
}

type keyShowCmd struct {
	File   string `arg:"" help:"The key's file."`
	Access bool   `help:"Print it under the name of the log of accesses, for programs that must be told of both logs."`
}

func (c *keyShowCmd) Run(e *env) error {
	key, err := readKey(c.File)
	if err != nil {
		return err
	}
	if c.Access {
		if key, err = key.Access(); err != nil {
			return err
		}
	}
	fmt.Fprintln(e.out, key.Public())
	return nil
}

// writeKey writes a secret key where there is none yet.
func writeKey(path, secret string) error {
	err := durable.Create(path, []byte(secret+"\n"))
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w: %s is there already; a key is never overwritten", threads.ErrConflict, path)
	}
	if err != nil {
		return fmt.Errorf("write the key: %w; name a file in a folder that is there and yours", err)
	}
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

// readPublic reads the public key of a log as an argument.
func readPublic(arg string) (*archive.PublicKey, error) {
	return readKeyArgument("--key", arg, archive.ReadPublic)
}

// readKeyArgument reads a public key as an argument: itself, or the file it is
// in.
func readKeyArgument[K archive.Verifier](flag, arg string, read func(text string) (K, error)) (key K, err error) {
	if key, err := read(arg); err == nil {
		return key, nil
	}
	b, err := os.ReadFile(arg)
	if err != nil {
		return key, usagef("%s: %q is neither a public key nor the file of one", flag, arg)
	}
	if key, err = read(strings.TrimSpace(string(b))); err != nil {
		return key, usagef("%s: %s: %v", flag, arg, err)
	}
	return key, nil
}
