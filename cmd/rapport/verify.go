package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/archive"
	"rapport/store"
)

type verifyCmd struct {
	File       string   `arg:"" optional:"" help:"A bundle that \"rapport export\" made; the whole store unless given."`
	Key        string   `placeholder:"KEY" help:"The public key of the log, or a file with it."`
	Checkpoint []string `placeholder:"FILE" help:"Signed checkpoints that were kept elsewhere: as they are, or the mail that brought them, a report too; may be repeated."`
	Witness    []string `placeholder:"KEY" help:"The public key of a witness who must have cosigned, or a file with it; may be repeated."`
	TSA        string   `name:"tsa" placeholder:"FILE" help:"Certificates in PEM form of authorities for time-stamps that you trust; without it who they are is not looked at."`
	JSON       bool     `help:"Print JSON."`
	Quiet      bool     `short:"q" help:"Do not tell how far it is."`
}

// errTampered: findings were printed.
var errTampered = errors.New("this is not what the log says; the findings are above")

func (c *verifyCmd) Run(e *env) error {
	if c.File != "" {
		return c.bundle(e)
	}
	check := archive.Check{}
	var err error
	if c.Key != "" {
		if check.Key, err = readPublic(c.Key); err != nil {
			return err
		}
	}
	if check.Witnesses, err = c.witnesses(); err != nil {
		return err
	}
	if check.Roots, err = readRoots(c.TSA); err != nil {
		return err
	}
	if check.Published, err = readCheckpoints(c.Checkpoint); err != nil {
		return err
	}
	if !c.Quiet && !c.JSON {
		check.Progress = func(step string, done, of int64) { fmt.Fprintf(e.err, "%s: %d of %d\n", step, done, of) }
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	began := time.Now()
	var r *archive.Result
	err = h.store.Snapshot(e.ctx, func(s *store.Snapshot) error {
		r, err = checkBoth(e.ctx, &check, s)
		return err
	})
	if err != nil {
		return err
	}
	return c.tell(e, r, time.Since(began))
}

// checkBoth holds a store against its log, and its accesses against theirs.
func checkBoth(ctx context.Context, check *archive.Check, s *store.Snapshot) (*archive.Result, error) {
	r, err := check.Run(ctx, s)
	if err != nil {
		return nil, err
	}
	doors, err := check.Access()
	if err != nil {
		return nil, err
	}
	access, err := doors.Run(ctx, s.Access())
	if err != nil {
		return nil, err
	}
	r.Include(access)
	return r, nil
}

func (c *verifyCmd) witnesses() (list []archive.Verifier, err error) {
	for _, arg := range c.Witness {
		v, err := readKeyArgument("--witness", arg, archive.ReadWitness)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// tell prints what was found.
func (c *verifyCmd) tell(e *env, r *archive.Result, took time.Duration) error {
	if c.JSON {
		if err := printJSON(e.out, r); err != nil {
			return err
		}
	} else {
		for _, f := range r.Findings {
			fmt.Fprintf(e.out, "%s: %s\n", f.Place, line(f.Words))
		}
		for _, words := range r.Recoveries {
			fmt.Fprintln(e.out, words)
		}
		if r.Total > len(r.Findings) {
			fmt.Fprintf(e.out, "and %d more\n", r.Total-len(r.Findings))
		}
	}
	if r.Total > 0 {
		return errTampered
	}
	if !c.JSON {
		for _, s := range newestStamps(r.Stamps) {
			fmt.Fprintln(e.out, line(s.String()))
		}
		fmt.Fprintf(e.out, "whole: %d lines of the log, %s, %d raw mails and letters, %s, in %s\n", r.Size, count(r.Rows["mail.in"], "mail"),
			r.Raws, count(r.Checkpoints, "checkpoint"), took.Round(time.Millisecond))
		if c.Key == "" {
			fmt.Fprintln(e.out, "Signatures were not checked; give the public key with --key.")
		}
	}
	return nil
}

// newestStamps are the newest of each log, whose others prove less.
func newestStamps(all []archive.Stamp) (newest []archive.Stamp) {
	for i, s := range all {
		if i+1 == len(all) || all[i+1].Origin != s.Origin {
			newest = append(newest, s)
		}
	}
	return newest
}
