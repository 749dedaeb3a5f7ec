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
	check := archive.BundleCheck{Key: v, Witnesses: witnesses, Attachments: attachedFiles}
	m, err := check.Run(f, info.Size())
	if err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	stamp, err := m.Stamp(roots)
	if err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	if c.JSON {
		return m.WriteList(e.out)
	}
	fmt.Fprintf(e.out, "whole: %s of %s, proven to be in the log %s of %d lines\n", count(m.Mails, "mail"), line(m.Project), m.Origin, m.Lines)
	if m.Erased > 0 {
		fmt.Fprintf(e.out, "erased: %s, each proven by its line of the log\n", count(m.Erased, "mail"))
	}
	if m.Attachments {
		fmt.Fprintf(e.out, "attachments: %s, the same as in the mails\n", count(m.Attached, "file"))
	}
	if m.PageCompared {
		fmt.Fprintln(e.out, "index.html: the same as the page that was made anew of what is proven")
	} else {
		fmt.Fprintln(e.out, "not compared: index.html; another version of Rapport has made it, and only that version can make it anew")
	}
	for i := range m.Uncovered {
		u := &m.Uncovered[i]
		fmt.Fprintf(e.out, "not proven yet: %s, line %d of the log, %s\n", line(u.Place()), u.Line, u.At.Format("2006-01-02 15:04 UTC"))
	}
	if more := m.NotCovered - len(m.Uncovered); more > 0 {
		fmt.Fprintf(e.out, "not proven yet: %d more\n", more)
	}
	if stamp != nil {
		fmt.Fprintln(e.out, line(stamp.String()))
	}
	return nil
}
