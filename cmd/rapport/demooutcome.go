package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rapport/demo"
	"rapport/threads"
)

// tellInbound says what became of the sample mails, and holds it against what
// a careful reader would expect.
func (d *demoRun) tellInbound(ctx context.Context) error {
	for i, want := range demo.Expectations() {
		id, known, err := d.store.HasRaw(ctx, shaOf(d.samples[i].Raw))
		if err != nil {
			return err
		}
		if !known {
			d.wrong("%s was not filed", want.Mail)
			continue
		}
		m, err := d.store.Message(ctx, id)
		if err != nil {
			return err
		}
		cause := ""
		if m.Tray != nil {
			cause = m.Tray.Cause
			d.outcome.Tray = append(d.outcome.Tray, demoTrayed{want.Mail, cause, m.Tray.Words})
		}
		if m.Project != want.Project || cause != want.Tray || m.Class != want.Class {
			d.wrong("%s: %s, want %s", want.Mail, became(m.Project, cause, m.Class), became(want.Project, want.Tray, want.Class))
		}
		where := m.Project
		if cause != "" {
			where = "tray: " + cause
		}
		what := string(m.Class)
		if m.Class == threads.ClassPerson {
			items, err := d.store.Items(ctx, threads.ItemQuery{Message: m.ID})
			if err != nil {
				return err
			}
			what = count(len(items), "item")
		}
		d.say("  %-33s %-22s %s", want.Mail, where, what)
	}
	return nil
}

func became(project, cause string, class threads.Class) string {
	if cause != "" {
		project = "tray (" + cause + ")"
	}
	return fmt.Sprintf("%s, %s", project, class)
}

// match holds each of the client's answers against the items found in the reply.
func (d *demoRun) match(ctx context.Context, r threads.Report, reply demo.Reply, out *demoReport) error {
	id, known, err := d.store.HasRaw(ctx, shaOf(reply.Raw))
	if err != nil {
		return err
	}
	if !known {
		d.wrong("the reply to %s was not filed", r.ID)
		return nil
	}
	items, err := d.store.Items(ctx, threads.ItemQuery{Message: id})
	if err != nil {
		return err
	}
	d.say("The client answers inline; each answer and its point:")
	for _, a := range reply.Answers {
		got := demoAnswer{Words: a.Words, Under: a.About}
		for _, it := range items {
			if it.Report == r.ID && it.Point != "" && strings.Contains(a.Words, strings.TrimSpace(it.Text)) && under(r, it.Point, a.About) {
				got.Item, got.Kind, got.Point = it.Label(), string(it.Kind), it.Point
				break
			}
		}
		if got.Point == "" {
			d.wrong("the answer %q to %s was not matched to its point", a.Words, r.ID)
		} else {
			out.Matched++
		}
		d.say("  %-4s ← %s: %s", got.Point, got.Kind, a.Words)
		out.Answers = append(out.Answers, got)
	}
	return nil
}

// under reports whether the point's words are those that the answer stands
// under, or whether its label is named there.
func under(r threads.Report, point, about string) bool {
	for _, p := range r.Points {
		if p.ID == point {
			if strings.Contains(about, p.ID) {
				return true
			}
			a, b := letters(about), letters(p.Text)
			return b != "" && (strings.Contains(a, b) || strings.Contains(b, a))
		}
	}
	return false
}

// letters leaves out all but letters and digits.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' && r < 0xc0 || r >= 0x2000 && r < 0x3040 || r >= 0xff00 {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// count counts everything that is in the archive in the end.
func (d *demoRun) count(ctx context.Context) error {
	d.outcome.Machine, d.outcome.Items = map[string]int{}, map[string]int{}
	cursors, err := d.store.Mailboxes(ctx)
	if err != nil {
		return err
	}
	for _, c := range cursors {
		held, err := d.store.Coverage(ctx, c.Mailbox)
		if err != nil {
			return err
		}
		d.outcome.Received += held.Filed
	}
	tray, err := d.store.Tray(ctx, 1000)
	if err != nil {
		return err
	}
	for _, m := range tray {
		d.outcome.class(m)
	}
	for _, p := range d.projects().Projects {
		if err := d.countProject(ctx, p.Key); err != nil {
			return err
		}
	}
	d.say("\n%d mails received, %d filed, %d in the tray; machine mail: %s; items: %s",
		d.outcome.Received, d.outcome.Filed, len(tray), counted(d.outcome.Machine), counted(d.outcome.Items))
	if want := len(d.samples) + 2*len(demo.Reported); d.outcome.Received != want { // own copies and replies
		d.wrong("%d mails received, want %d", d.outcome.Received, want)
	}
	if d.outcome.Received != d.outcome.Filed+len(tray) {
		d.wrong("%d mails received, but %d filed and %d in the tray", d.outcome.Received, d.outcome.Filed, len(tray))
	}
	return nil
}

func (d *demoRun) countProject(ctx context.Context, project string) error {
	list, err := d.store.Threads(ctx, threads.ThreadQuery{Project: project, Limit: 1000})
	if err != nil {
		return err
	}
	for _, t := range list {
		_, mails, err := d.store.Thread(ctx, t.ID)
		if err != nil {
			return err
		}
		for _, m := range mails {
			if m.Direction == threads.In {
				d.outcome.Filed++
				d.outcome.class(m)
			}
		}
	}
	items, err := d.store.Items(ctx, threads.ItemQuery{Project: project})
	if err != nil {
		return err
	}
	for _, it := range items {
		d.outcome.Items[string(it.Kind)]++
	}
	return nil
}

// counted lists counts, by the words that they are of.
func counted(counts map[string]int) string {
	var list []string
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, fmt.Sprintf("%d %s", counts[what], what))
	}
	return strings.Join(list, ", ")
}

// class counts machine mail.
func (o *demoOutcome) class(m threads.Message) {
	if m.Class != threads.ClassPerson {
		o.Machine[string(m.Class)]++
	}
}
