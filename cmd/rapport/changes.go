package main

import (
	"context"
	"fmt"

	"rapport/threads"
)

type undoCmd struct {
	Change string `arg:"" help:"The change's id, as \"rapport changes\" lists it; \"last\" for the latest that stands."`
	As     string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides."`
}

func (c *undoCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	by, err := h.decider(c.As)
	if err != nil {
		return err
	}
	if c.Change == "last" {
		if c.Change, err = h.lastChange(e.ctx); err != nil {
			return err
		}
	}
	change, err := h.store.Undo(e.ctx, c.Change, by)
	if err != nil {
		return next(err, threads.ErrNotFound, "\"rapport changes\" lists those there are")
	}
	fmt.Fprintf(e.out, "undone: %s of %s\n", change.Kind, count(len(change.Messages), "mail"))
	return nil
}

// lastChange is the latest change that was not undone.
func (h *house) lastChange(ctx context.Context) (string, error) {
	changes, err := h.store.Changes(ctx, 1000)
	if err != nil {
		return "", err
	}
	for _, c := range changes {
		if c.UndoneAt.IsZero() {
			return c.ID, nil
		}
	}
	return "", fmt.Errorf("a change to undo: %w; nothing was decided by hand, or all of it is undone", threads.ErrNotFound)
}

type changesCmd struct {
	Limit most `default:"50" help:"How many at most."`
	JSON  bool `help:"Print JSON."`
}

func (c *changesCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	changes, err := h.store.Changes(e.ctx, int(c.Limit))
	if err != nil {
		return err
	}
	if c.JSON {
		if changes == nil {
			changes = []threads.Change{}
		}
		return printJSON(e.out, changes)
	}
	t := table{empty: "Nothing was decided by hand yet.", head: []string{"CHANGE", "AT (UTC)", "BY", "WHAT", "PROJECT", "MAILS", "ABOUT"}}
	for _, ch := range changes {
		what := string(ch.Kind)
		if !ch.UndoneAt.IsZero() {
			what += ", undone"
		}
		t.add(ch.ID, ch.At.UTC().Format("2006-01-02 15:04"), ch.By, what, ch.Project, fmt.Sprint(len(ch.Messages)), ch.Name+" "+ch.Address)
	}
	t.print(e.out)
	return nil
}
