package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
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
	export := &archive.Export{Project: *p, From: c.From, To: c.To, Query: c.Query, Made: time.Now(), Key: n.archive.Key, Temp: filepath.Dir(c.Out)}
	if c.Attach {
		export.Attachments = attachedFiles
	}
	if export.Checkpoint, err = n.checkpoint(e.ctx); err != nil {
		return err
	}
	if err := h.stampExport(e, export); err != nil {
		return err
	}
	packed, err := h.pack(e.ctx, export, from, to, c.Out)
	if err != nil {
		return fmt.Errorf("export %s: %w", p.Key, err)
	}
	fmt.Fprintf(e.out, "%s in %s of %s, written to %s\n", count(packed.Mails+packed.Erased, "mail"), count(len(export.Chapters), "thread"), p.Key, c.Out)
	if packed.Uncovered > 0 {
		fmt.Fprintf(e.err, "Not in it is what came while it was made (%s of the log; its index.html names it). Export again to have that too.\n", count(packed.Uncovered, "line"))
	}
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

// gather collects which mail goes into a bundle, thread by thread, and what was
// decided about it.
func (h *house) gather(ctx context.Context, s *store.Snapshot, e *archive.Export, from, to time.Time) error {
	found, err := h.found(ctx, e, from, to)
	if err != nil {
		return err
	}
	list, err := h.store.Threads(ctx, threads.ThreadQuery{Project: e.Project.Key, Limit: math.MaxInt32})
	if err != nil {
		return err
	}
	places, err := s.MailOf(e.Project.Key)
	if err != nil {
		return err
	}
	chapters, chosen := map[string]*archive.Chapter{}, map[string]bool{}
	for _, m := range places {
		if m.Received.Before(from) || !to.IsZero() && !m.Received.Before(to) || found != nil && !found[m.ID] {
			continue
		}
		c := chapters[m.Thread]
		if c == nil {
			c = &archive.Chapter{}
			chapters[m.Thread] = c
		}
		c.Mails = append(c.Mails, m.ID)
		chosen[m.ID] = true
	}
	for _, t := range list {
		if c := chapters[t.ID]; c != nil {
			e.Chapters = append(e.Chapters, *c)
			delete(chapters, t.ID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(chapters)) { // made since the threads were read
		e.Chapters = append(e.Chapters, *chapters[id])
	}
	return h.gatherChanges(ctx, e, chosen)
}

// atOnce is how much mail is looked for at once.
const atOnce = 200

// found is the mail that an export asks for by words; nil if it asks for none.
func (h *house) found(ctx context.Context, e *archive.Export, from, to time.Time) (map[string]bool, error) {
	if e.Query == "" {
		return nil, nil
	}
	found := map[string]bool{}
	q := threads.SearchQuery{Text: e.Query, Project: e.Project.Key, From: from, To: to, Limit: atOnce}
	for {
		hits, err := h.store.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		for i := range hits {
			found[hits[i].Message.ID] = true
		}
		if len(hits) < atOnce {
			return found, nil
		}
		q.Before = hits[len(hits)-1].Message.ID
	}
}

// gatherChanges collects what was decided about the chosen mail.
func (h *house) gatherChanges(ctx context.Context, e *archive.Export, chosen map[string]bool) error {
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
func (h *house) pack(ctx context.Context, e *archive.Export, from, to time.Time, path string) (packed *archive.Packed, err error) {
	if _, err := os.Stat(path); err == nil {
		return nil, fmt.Errorf("%w: %s is there already", threads.ErrConflict, path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	// O_EXCL: in a folder of several people the name may be a link that leads elsewhere.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	err = h.store.Snapshot(ctx, func(s *store.Snapshot) error {
		if err := h.gather(ctx, s, e, from, to); err != nil {
			return err
		}
		packed, err = e.Pack(s, f)
		return err
	})
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
	}
	return packed, err
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
