package main

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/ingest/extract"
	"rapport/ingest/extract/eval"
	"rapport/mail"
	"rapport/threads"
)

type extractCmd struct {
	File string      `arg:"" optional:"" default:"-" help:"A raw mail; standard input (-) unless named."`
	Sent []string    `sep:"none" placeholder:"FILE" help:"A letter of ours, as raw mail, that it may answer; may be repeated."`
	Zone config.Zone `placeholder:"ZONE" help:"The client's time zone, such as Europe/London; the mail's own unless named."`
	LLM  bool        `name:"llm" help:"With the help of the language model in the configuration (reader), to which the mail's new words go."`
}

func (c *extractCmd) Run(e *env) error {
	raw, err := readInput(e.in, c.File)
	if err != nil {
		return err
	}
	m := mail.Parse(raw, mail.Limits{})
	in := extract.Input{Mail: m, Class: threads.Class(mail.Classify(m).Class), Zone: c.Zone.Location}
	for _, path := range c.Sent {
		if path == "-" && c.File == "-" {
			return usagef("both the mail and a letter of ours are to come from standard input; put one into a file")
		}
		letter, err := readInput(e.in, path)
		if err != nil {
			return err
		}
		sent := mail.Parse(letter, mail.Limits{})
		in.Sent = append(in.Sent, threads.SentLetter{Report: filepath.Base(path), MessageID: sent.MessageID, Text: sent.Text})
	}
	read := extract.Read
	if c.LLM {
		if read, err = e.modelReader(); err != nil {
			return err
		}
	}
	out := read(in)
	if out.Note != "" {
		fmt.Fprintln(e.err, "rapport: "+line(out.Note))
	}
	if out.Left > 0 {
		fmt.Fprintf(e.err, "rapport: the mail has more points than are taken apart: the last item stands for %d more sentences\n", out.Left)
	}
	return printJSON(e.out, eval.Report(out, in.Class))
}

// modelReader is the configured reader with a language model.
func (e *env) modelReader() (func(extract.Input) extract.Result, error) {
	c, err := config.Load(e.config)
	if err != nil {
		return nil, err
	}
	if !c.Reader.Used() {
		return nil, usagef("%s names no language model; add reader with url and model there", e.config)
	}
	r := readers{ctx: e.ctx}
	return r.of(c.Reader, slog.New(slog.DiscardHandler)) // the note says the same
}

type evalCmd struct {
	Dir    string `arg:"" help:"A folder of NNN.eml with NNN.json beside each."`
	Misses bool   `help:"List everything that was read differently."`
	JSON   bool   `help:"Print the figures as JSON."`
}

func (c *evalCmd) Run(e *env) error {
	cases, err := eval.Load(c.Dir)
	if err != nil {
		return usagef("%v; name a folder with NNN.eml and NNN.json beside each", err)
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
