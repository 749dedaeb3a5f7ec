package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/ingest/extract"
	"rapport/ingest/extract/eval"
	"rapport/mail"
	"rapport/threads"
)

// maxInput bounds a mail that is read from a file or from standard input.
const maxInput = 64 << 20

type extractCmd struct {
	File string      `arg:"" help:"A raw mail; - for standard input."`
	Sent []string    `placeholder:"FILE" help:"A letter of ours, as raw mail, that it may answer; may be repeated."`
	Zone config.Zone `placeholder:"ZONE" help:"The client's time zone, such as Europe/London; the mail's own unless named."`
}

func (c *extractCmd) Run(e *env) error {
	raw, err := readInput(e.in, c.File)
	if err != nil {
		return err
	}
	m := mail.Parse(raw, mail.Limits{})
	in := extract.Input{Mail: m, Class: threads.Class(mail.Classify(m).Class), Zone: c.Zone.Location}
	for _, path := range c.Sent {
		letter, err := readInput(nil, path)
		if err != nil {
			return err
		}
		sent := mail.Parse(letter, mail.Limits{})
		in.Sent = append(in.Sent, threads.SentLetter{Report: filepath.Base(path), MessageID: sent.MessageID, Text: sent.Text})
	}
	return printJSON(e.out, eval.Report(extract.Read(in), in.Class))
}

func readInput(in io.Reader, path string) ([]byte, error) {
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read the mail: %w", err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the mail: %w", err)
	case len(raw) > maxInput:
		return nil, usagef("%s is larger than %d MB", path, maxInput>>20)
	case len(raw) == 0:
		return nil, usagef("%s is empty", path)
	}
	return raw, nil
}

type evalCmd struct {
	Dir    string `arg:"" help:"A folder of NNN.eml with NNN.json beside each."`
	Misses bool   `help:"List everything that was read differently."`
	JSON   bool   `help:"Print the figures as JSON."`
}

func (c *evalCmd) Run(e *env) error {
	cases, err := eval.Load(c.Dir)
	if err != nil {
		return err
	}
	f := eval.Score(cases, func(k eval.Case) eval.Answer { return eval.Report(eval.Read(k.Raw)) })
	if c.JSON {
		return printJSON(e.out, f)
	}
	if c.Misses {
		for _, m := range f.Misses {
			fmt.Fprintln(e.out, line(m.String()))
		}
	}
	fmt.Fprint(e.out, f)
	fmt.Fprintln(e.out, eval.Measure(cases, time.Second, time.Now))
	return nil
}
