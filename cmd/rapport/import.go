package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"rapport/ingest"
	"rapport/threads"
)

type importCmd struct {
	Paths   []string `arg:"" name:"path" help:"An mbox file, a Maildir, a folder of .eml files, or one mail."`
	Project string   `placeholder:"KEY" help:"File everything into this project; without it, each mail is filed by its evidence."`
	JSON    bool     `help:"Print the outcome as JSON."`
}

// importOutcome is what an import has done, as JSON.
type importOutcome struct {
	Mails   int              `json:"mails"` // read from the files
	Filed   int              `json:"filed"` // new in the archive
	Tray    int              `json:"tray"`  // of these, in the tray
	Known   int              `json:"known"` // in the archive before
	LeftOut []ingest.LeftOut `json:"left_out"`
}

func (c *importCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if err := c.look(h); err != nil {
		return err
	}
	pipeline, err := h.pipeline()
	if err != nil {
		return err
	}
	progress := newProgress(e.err)
	done, err := ingest.Import(e.ctx, ingest.ImportConfig{
		Pipeline: pipeline, Project: c.Project, MaxSize: int64(h.config().Limits.Message), Progress: progress.show,
	}, c.Paths...)
	progress.end()
	out := importOutcome{done.Mails, done.Counts.Filed, done.Counts.Tray, done.Counts.Known, done.LeftOut}
	if out.LeftOut == nil {
		out.LeftOut = []ingest.LeftOut{}
	}
	switch {
	case c.JSON:
		if err := printJSON(e.out, out); err != nil {
			return err
		}
	case err == nil || out.Mails > 0:
		fmt.Fprintf(e.out, "%s read: %s\n", count(out.Mails, "mail"), toldCounts(done.Counts))
	}
	for _, l := range out.LeftOut {
		fmt.Fprintf(e.err, "left out: %s: %s\n", line(l.Source), line(l.Words))
	}
	switch {
	case err != nil && e.ctx.Err() != nil:
		return errors.New("interrupted; what was read so far is filed, run the same command again to go on")
	case err != nil:
		return next(err, threads.ErrFull, "then run the same command again to go on")
	case len(out.LeftOut) > 0:
		return fmt.Errorf("left out: %s, named above with the cause; the rest is filed, and the command may be repeated", count(len(out.LeftOut), "mail"))
	}
	return nil
}

// look makes sure of what the command line names before anything is read.
func (c *importCmd) look(h *house) error {
	for _, path := range c.Paths {
		if _, err := os.Stat(path); err != nil {
			return fileError(path, err)
		}
	}
	if c.Project == "" {
		return nil
	}
	p, err := h.project(c.Project)
	if err == nil {
		c.Project = p.Key
	}
	return err
}

// progress shows how far an import is, where a person looks at it.
type progress struct{ bar *progressbar.ProgressBar }

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &progress{}
	}
	return &progress{progressbar.NewOptions64(1,
		progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("importing"), progressbar.OptionClearOnFinish())}
}

func (p *progress) show(d ingest.Imported) {
	if p.bar != nil {
		p.bar.ChangeMax64(max(d.Total, 1))
		p.bar.Describe(fmt.Sprintf("%d mails", d.Mails))
		_ = p.bar.Set64(d.Bytes) // a terminal that is gone is no reason to stop
	}
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
