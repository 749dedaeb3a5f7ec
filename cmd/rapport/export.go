package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"rapport/archive"
	"rapport/mail"
	"rapport/store"
	"rapport/threads"
)

type exportCmd struct {
	Project string `placeholder:"KEY" required:"" help:"The project."`
	From    string `placeholder:"DATE" help:"Only mail received on or after this day."`
	To      string `placeholder:"DATE" help:"Only mail received on or before this day."`
	Query   string `placeholder:"WORDS" help:"Only mail with these words."`
	Out     string `placeholder:"FILE.zip" required:"" help:"Where to write the bundle."`
	Attach  bool   `name:"attachments" help:"Write each attachment as a file of its own, too."`
	KeyFile string `placeholder:"FILE" env:"RAPPORT_LOG_KEY" help:"The key that signs the log; log.key_file of the configuration unless given."`
}

// Run writes a bundle that proves what is in it.
func (c *exportCmd) Run(e *env) error {
	from, to, err := period(c.From, c.To)
	if err != nil {
		return err
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	n, err := h.notary(c.KeyFile)
	if err != nil {
		return err
	}
	p, err := h.project(c.Project)
	if err != nil {
		return err
	}
	export := &archive.Export{Project: *p, From: c.From, To: c.To, Query: c.Query, Made: time.Now(), Key: n.archive.Key}
	if c.Attach {
		export.Attachments = attachedFiles
	}
	if export.Checkpoint, err = n.checkpoint(e.ctx); err != nil {
		return err
	}
	if err := h.stampExport(e, export); err != nil {
		return err
	}
	if err := h.gather(e.ctx, export, from, to); err != nil {
		return err
	}
	if err := h.pack(e.ctx, export, c.Out); err != nil {
		return fmt.Errorf("export %s: %w", p.Key, err)
	}
	fmt.Fprintf(e.out, "%s in %s of %s, written to %s\n", count(len(export.Messages), "mail"), count(len(export.Threads), "thread"), p.Key, c.Out)
	return nil
}

// maxAttached is more than a mail may have.
const maxAttached = 1 << 30

// attachedFiles are the attachments of a mail with their bytes.
func attachedFiles(raw []byte) (out []archive.Attached) {
	for _, p := range mail.Parse(raw, mail.Limits{Part: maxAttached, File: maxAttached}).Parts {
		out = append(out, archive.Attached{Attachment: threads.Attachment{Part: p.Path, Name: p.Name, Type: p.Type}, Body: p.Body})
	}
	return out
}

// period is from the beginning of the first day to the end of the last, zero
// for a day that is not given.
func period(first, last string) (from, to time.Time, err error) {
	for _, day := range []struct {
		name, text string
		at         *time.Time
		add        int
	}{{"--from", first, &from, 0}, {"--to", last, &to, 1}} {
		if day.text == "" {
			continue
		}
		t, err := time.Parse(time.DateOnly, day.text)
		if err != nil {
			return from, to, usagef("%s: %q is not of the form 2026-11-27", day.name, day.text)
		}
		*day.at = t.AddDate(0, 0, day.add)
	}
	return from, to, nil
}

// gather collects the mail, and what belongs to it.
func (h *house) gather(ctx context.Context, e *archive.Export, from, to time.Time) error {
	var found map[string]bool
	if e.Query != "" {
		hits, err := h.store.Search(ctx, threads.SearchQuery{Text: e.Query, Project: e.Project.Key, From: from, To: to, Limit: math.MaxInt32})
		if err != nil {
			return err
		}
		found = map[string]bool{}
		for _, hit := range hits {
			found[hit.Message.ID] = true
		}
	}
	list, err := h.store.Threads(ctx, threads.ThreadQuery{Project: e.Project.Key, Limit: math.MaxInt32})
	if err != nil {
		return err
	}
	chosen := map[string]bool{}
	for _, t := range list {
		_, mails, err := h.store.Thread(ctx, t.ID)
		if err != nil {
			return err
		}
		before := len(e.Messages)
		for _, m := range mails {
			if m.Received.Before(from) || !to.IsZero() && !m.Received.Before(to) || found != nil && !found[m.ID] {
				continue
			}
			chosen[m.ID] = true
			e.Messages = append(e.Messages, m)
		}
		if len(e.Messages) > before {
			e.Threads = append(e.Threads, t)
		}
	}
	return h.gatherAround(ctx, e, chosen)
}

// gatherAround collects the items of the chosen mail, and what was decided about it.
func (h *house) gatherAround(ctx context.Context, e *archive.Export, chosen map[string]bool) error {
	items, err := h.store.Items(ctx, threads.ItemQuery{Project: e.Project.Key, Limit: math.MaxInt32})
	if err != nil {
		return err
	}
	e.Items = slices.DeleteFunc(items, func(i threads.Item) bool { return !chosen[i.Message] })
	changes, err := h.store.Changes(ctx, math.MaxInt32)
	if err != nil {
		return err
	}
	for _, c := range changes {
		about := slices.DeleteFunc(slices.Clone(c.Messages), func(m string) bool { return !chosen[m] })
		if len(about) > 0 { // of other mail the bundle tells nothing
			c.Messages = about
			e.Changes = append(e.Changes, c)
		}
	}
	return nil
}

// pack writes the bundle under another name first: what has its name is whole.
func (h *house) pack(ctx context.Context, e *archive.Export, path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%w: %s is there already", threads.ErrConflict, path)
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = h.store.Snapshot(ctx, func(s *store.Snapshot) error { return e.Pack(s, f) })
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
	}
	return err
}

// stampExport has the checkpoint of a bundle stamped now, if there is an
// authority. One that gives no time-stamp holds up nothing.
func (h *house) stampExport(e *env, export *archive.Export) error {
	s, err := h.stamper()
	if err != nil || s == nil {
		return err
	}
	if export.Stamp, err = s.stamp(e.ctx, h.store.ArchiveLog(), export.Checkpoint); err != nil {
		fmt.Fprintf(e.err, "The bundle has no time-stamp: %s\n", line(err.Error()))
	}
	return nil
}
