package main

import (
	"fmt"
	"os"

	"rapport/archive"
)

// bundle checks a bundle; it needs no store and no configuration.
func (c *verifyCmd) bundle(e *env) error {
	if c.Key == "" {
		return usagef("--key: give the public key of the log, from somebody other than who gave you %s", c.File)
	}
	v, err := readPublic(c.Key)
	if err != nil {
		return err
	}
	witnesses, err := c.witnesses()
	if err != nil {
		return err
	}
	roots, err := readRoots(c.TSA)
	if err != nil {
		return err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("open the bundle: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open the bundle: %w", err)
	}
	m, err := archive.VerifyBundle(f, info.Size(), v, witnesses...)
	if err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	stamp, err := archive.BundleStamp(f, info.Size(), roots)
	if err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	if c.JSON {
		return printJSON(e.out, m)
	}
	fmt.Fprintf(e.out, "whole: %s of %s, proven to be in the log %s of %d lines\n", count(len(m.Messages), "mail"), m.Project, m.Origin, m.Lines)
	if n := len(m.Erased); n > 0 {
		fmt.Fprintf(e.out, "erased: %s, each proven by its line of the log\n", count(n, "mail"))
	}
	if stamp != nil {
		fmt.Fprintln(e.out, line(stamp.String()))
	}
	return nil
}
