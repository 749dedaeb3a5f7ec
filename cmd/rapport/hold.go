package main

import (
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

type holdCmd struct {
	Set  holdSetCmd  `cmd:"" help:"Keep mail from being erased."`
	Lift holdLiftCmd `cmd:"" help:"End a hold."`
	List holdListCmd `cmd:"" help:"List the holds."`
}

type holdSetCmd struct {
	Project string `placeholder:"KEY" xor:"what" required:"" help:"All mail of a project, and what comes later."`
	Thread  string `placeholder:"ID" xor:"what" required:"" help:"One thread."`
	Reason  string `placeholder:"TEXT" required:"" help:"Why it must stay."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides; an admin."`
}

// Run sets a hold.
func (c *holdSetCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	hold := threads.Hold{Thread: c.Thread, Reason: c.Reason}
	if hold.By, err = h.admin(c.As); err != nil {
		return err
	}
	if strings.TrimSpace(c.Reason) == "" {
		return usagef("say why with --reason TEXT")
	}
	if c.Project != "" {
		p, err := h.project(c.Project)
		if err != nil {
			return err
		}
		hold.Project = p.Key
	}
	if hold, err = h.store.Hold(e.ctx, hold); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s holds %s; lift it with: rapport hold lift %s\n", hold.ID, heldWhat(&hold), hold.ID)
	return nil
}

// heldWhat names what a hold is about.
func heldWhat(h *threads.Hold) string {
	if h.Thread != "" {
		return "thread " + h.Thread + " of " + h.Project
	}
	return "all mail of " + h.Project
}

type holdLiftCmd struct {
	ID string `arg:"" help:"The hold."`
	As string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides; an admin."`
}

// Run lifts a hold.
func (c *holdLiftCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	by, err := h.admin(c.As)
	if err != nil {
		return err
	}
	hold, err := h.store.Lift(e.ctx, c.ID, by)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s holds %s no longer\n", hold.ID, heldWhat(&hold))
	return nil
}

type holdListCmd struct {
	JSON bool `help:"Print JSON."`
}

// Run lists the holds, those that were lifted too.
func (c *holdListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	holds, err := h.store.Holds(e.ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		if holds == nil {
			holds = []threads.Hold{}
		}
		return printJSON(e.out, holds)
	}
	for i := range holds {
		hold := &holds[i]
		fmt.Fprintf(e.out, "%s  %s  %s  set by %s on %s", hold.ID, heldWhat(hold), line(hold.Reason), hold.By, hold.At.Format(time.DateOnly))
		if !hold.LiftedAt.IsZero() {
			fmt.Fprintf(e.out, ", lifted by %s on %s", hold.LiftedBy, hold.LiftedAt.Format(time.DateOnly))
		}
		fmt.Fprintln(e.out)
	}
	if len(holds) == 0 {
		fmt.Fprintln(e.out, "no hold was ever set")
	}
	return nil
}
