package main

import (
	"fmt"
	"slices"
	"strings"

	"rapport/threads"
)

type rereadCmd struct {
	Project string `required:"" placeholder:"KEY" help:"The project whose mail is read again; \"tray\" for the tray."`
	Apply   bool   `help:"Change what differs; without it, only say what would change."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" help:"Who decides; needed with --apply."`
}

// Run reads stored mail by today's program and shows what differs. One --apply
// is one change, which can be undone.
func (c *rereadCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	by := ""
	if c.Apply {
		if by, err = h.decider(c.As); err != nil {
			return err
		}
	}
	mails, err := h.mailOf(e, c.Project)
	if err != nil {
		return err
	}
	var changed []threads.Filing
	for _, m := range mails {
		f, differs, err := h.differs(e, m)
		if err != nil {
			return err
		}
		if len(differs) > 0 {
			changed = append(changed, f)
			fmt.Fprintf(e.out, "%s  %s  %s\n", m.ID, m.Date.Format("2006-01-02"), line(m.Subject))
			for _, d := range differs {
				fmt.Fprintln(e.out, "    "+line(d))
			}
		}
	}
	fmt.Fprintf(e.out, "%s read again, %d would change\n", count(len(mails), "mail"), len(changed))
	if !c.Apply || len(changed) == 0 {
		return nil
	}
	change, err := h.store.Change(e.ctx, threads.Change{Kind: threads.ChangeReread, By: by}, changed)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "changed; undo it with: rapport undo %s\n", change.ID)
	return nil
}

func ratingWords(r *threads.Rated) string {
	if r == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprintf("%d of 5 %s", r.Score, r.Report))
}

// reasonOf is what is known of a sender, "" if nobody has looked.
func reasonOf(a *threads.Authentication) string {
	if a == nil {
		return ""
	}
	return a.Reason()
}

// mailOf are all mails that came in for a project, or that wait in the tray.
func (h *house) mailOf(e *env, project string) ([]threads.Message, error) {
	if project == "tray" {
		return h.store.Tray(e.ctx, trayRead)
	}
	p, err := h.project(project)
	if err != nil {
		return nil, err
	}
	var all []threads.Message
	for before := ""; ; {
		list, err := h.store.Threads(e.ctx, threads.ThreadQuery{Project: p.Key, Limit: 200, Before: before})
		if err != nil || len(list) == 0 {
			return all, err
		}
		for _, t := range list {
			_, mails, err := h.store.Thread(e.ctx, t.ID)
			if err != nil {
				return nil, err
			}
			for _, m := range standing(mails) {
				if m.Direction == threads.In && m.Class != threads.ClassOwnCopy {
					all = append(all, m)
				}
			}
		}
		before = list[len(list)-1].ID
	}
}

// differs reads a mail again. Where a mail is filed stays as it is: that was
// decided by what was known then, or by a manager.
func (h *house) differs(e *env, m threads.Message) (threads.Filing, []string, error) {
	f, err := h.reread(e.ctx, m, m.Project)
	if err != nil {
		return f, nil, err
	}
	f.Message.Evidence = m.Evidence
	old, err := h.store.Items(e.ctx, threads.ItemQuery{Message: m.ID})
	if err != nil {
		return f, nil, err
	}
	var out []string
	tell := func(what, before, after string) {
		if before != after {
			out = append(out, fmt.Sprintf("%s: %q → %q", what, before, after))
		}
	}
	tell("project", m.Project, f.Message.Project)
	tell("class", string(m.Class), string(f.Message.Class))
	tell("sender", reasonOf(m.Authentication), reasonOf(f.Message.Authentication))
	tell("rating", ratingWords(m.Rating), ratingWords(f.Message.Rating))
	tell("away", awayWords(m.Away), awayWords(f.Message.Away))
	tell("subject", m.Subject, f.Message.Subject)
	tell("new text", m.NewText, f.Message.NewText)
	if m.Text != f.Message.Text {
		out = append(out, "the text is read otherwise")
	}
	has := func(items []threads.Item, it threads.Item) bool {
		return slices.ContainsFunc(items, func(o threads.Item) bool { return o.Kind == it.Kind && o.Text == it.Text })
	}
	byHand, err := h.store.ByHand(e.ctx, m.ID)
	if err != nil {
		return f, nil, err
	}
	old, f.Items = withoutCorrected(old, f.Items, byHand)
	for _, it := range old {
		if !has(f.Items, it) {
			out = append(out, fmt.Sprintf("- %s %s: %s", it.Label(), it.Kind, it.Text))
		}
	}
	for _, it := range f.Items {
		if !has(old, it) {
			out = append(out, fmt.Sprintf("+ %s: %s", it.Kind, it.Text))
		}
	}
	return f, out, nil
}
