package main

import (
	"context"
	"slices"
	"strings"

	"rapport/threads"
)

type itemsCmd struct {
	List     itemsListCmd     `cmd:"" default:"withargs" help:"List items."`
	Correct  itemsCorrectCmd  `cmd:"" help:"Say what an item really is."`
	Dismiss  itemsDismissCmd  `cmd:"" help:"Say that an item is none."`
	Restore  itemsRestoreCmd  `cmd:"" help:"Bring a dismissed item back."`
	Split    itemsSplitCmd    `cmd:"" help:"Make two items of one."`
	Merge    itemsMergeCmd    `cmd:"" help:"Make one item of two."`
	Add      itemsAddCmd      `cmd:"" help:"Make words of a mail an item."`
	Examples itemsExamplesCmd `cmd:"" help:"List the sentences that were corrected; they count for the client's next mail."`
}

// itemArgs are what the commands on one item share.
type itemArgs struct {
	Item    string `arg:"" help:"The item: F-13."`
	Project string `required:"" placeholder:"KEY" help:"Its project."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides."`
}

// readingFlags are what a manager may say of an item.
type readingFlags struct {
	Kind   string `placeholder:"KIND" help:"request, problem, question, decision, concern, praise or commitment."`
	Facet  string `placeholder:"FACET" help:"business, technical, schedule, budget or none."`
	Urgent *bool  `negatable:"" help:"Whether it is urgent."`
	Due    string `placeholder:"DATE" help:"Due date, 2026-11-27; none for no date."`
}

// say puts the flags into a correction.
func (f *readingFlags) say(c *threads.Correction) {
	c.Kind, c.Facet, c.Urgent = threads.Kind(strings.ToLower(f.Kind)), threads.Facet(strings.ToLower(f.Facet)), f.Urgent
	if f.Due != "" {
		day := f.Due
		if strings.EqualFold(day, "none") {
			day = ""
		}
		c.Due = &day
	}
}

// run makes one correction of the item.
func (a *itemArgs) run(e *env, c threads.Correction) error {
	return e.decide(a.As, func(h *house, by string) (threads.Change, error) {
		i, err := h.item(e.ctx, a.Project, a.Item)
		if err != nil {
			return threads.Change{}, err
		}
		c.Item, c.By = i.ID, by
		return h.store.Correct(e.ctx, c)
	})
}

// item finds an item by its number in a project.
func (h *house) item(ctx context.Context, project, label string) (threads.Item, error) {
	p, err := h.project(project)
	if err != nil {
		return threads.Item{}, err
	}
	n, err := threads.ParseLabel(label)
	if err != nil {
		return threads.Item{}, usagef("%v", err)
	}
	i, err := h.store.Item(ctx, p.Key, n)
	return i, next(err, threads.ErrNotFound, `"rapport items list" shows those there are`)
}

type itemsCorrectCmd struct {
	itemArgs
	readingFlags
}

func (c *itemsCorrectCmd) Run(e *env) error {
	correction := threads.Correction{Step: threads.CorrectRead}
	c.say(&correction)
	if correction == (threads.Correction{Step: threads.CorrectRead}) {
		return usagef("say what the item is: --kind, --facet, --urgent or --due")
	}
	return c.run(e, correction)
}

type itemsDismissCmd struct{ itemArgs }

func (c *itemsDismissCmd) Run(e *env) error {
	return c.run(e, threads.Correction{Step: threads.CorrectDismiss})
}

type itemsRestoreCmd struct{ itemArgs }

func (c *itemsRestoreCmd) Run(e *env) error {
	return c.run(e, threads.Correction{Step: threads.CorrectReturn})
}

type itemsSplitCmd struct {
	itemArgs
	At string `required:"" placeholder:"WORDS" help:"The exact words with which the second part begins."`
	readingFlags
}

func (c *itemsSplitCmd) Run(e *env) error {
	correction := threads.Correction{Step: threads.CorrectSplit, Words: c.At}
	c.say(&correction)
	return c.run(e, correction)
}

type itemsMergeCmd struct {
	itemArgs
	Other string `arg:"" help:"The item that goes into it."`
}

func (c *itemsMergeCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		i, err := h.item(e.ctx, c.Project, c.Item)
		if err != nil {
			return threads.Change{}, err
		}
		other, err := h.item(e.ctx, c.Project, c.Other)
		if err != nil {
			return threads.Change{}, err
		}
		return h.store.Correct(e.ctx, threads.Correction{Step: threads.CorrectMerge, Item: i.ID, Other: other.ID, By: by})
	})
}

type itemsAddCmd struct {
	mailArgs
	Words string `placeholder:"WORDS" help:"The exact words of the mail's new text."`
	From  int    `placeholder:"BYTE" help:"Instead of words: where they begin in the new text."`
	To    int    `placeholder:"BYTE" help:"And where they end."`
	readingFlags
}

func (c *itemsAddCmd) Run(e *env) error {
	correction := threads.Correction{Step: threads.CorrectAdd, Words: c.Words, Start: c.From, End: c.To}
	c.say(&correction)
	switch {
	case correction.Kind == "":
		return usagef("say what kind of item it is: --kind")
	case c.Words == "" && c.To == 0:
		return usagef("say which words are the item: --words, or --from and --to")
	}
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		m, err := h.mail(e.ctx, c.ID)
		if err != nil {
			return threads.Change{}, err
		}
		correction.Message, correction.By = m.ID, by
		return h.store.Correct(e.ctx, correction)
	})
}

// withoutCorrected leaves out what a manager has read by hand: it stays what it
// is when its mail is read again.
func withoutCorrected(old, now []threads.Item, byHand []string) (rest, fresh []threads.Item) {
	fresh = slices.Clone(now)
	for _, i := range old {
		if !slices.Contains(byHand, i.ID) {
			rest = append(rest, i)
			continue
		}
		fresh = slices.DeleteFunc(fresh, func(f threads.Item) bool { return f.Start < i.End && i.Start < f.End })
	}
	return rest, fresh
}
