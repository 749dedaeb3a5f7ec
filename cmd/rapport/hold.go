package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

type holdCmd struct {
	Set  holdSetCmd  `cmd:"" help:"Keep mail from being erased."`
	Lift holdLiftCmd `cmd:"" help:"End holds."`
	List holdListCmd `cmd:"" help:"List the holds."`
}

type holdSetCmd struct {
	Project string `placeholder:"KEY" help:"All mail of a project, and what comes later; with --from, only there."`
	Thread  string `placeholder:"ID" xor:"what" help:"One thread."`
	From    string `placeholder:"ADDRESS" xor:"what" help:"Each thread in which this address has written or was written to until now."`
	Reason  string `placeholder:"TEXT" required:"" help:"Why it must stay."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides; an admin."`
}

// Run sets a hold, or one for each thread.
func (c *holdSetCmd) Run(e *env) error {
	h, by, err := e.openAs(c.As)
	if err != nil {
		return err
	}
	defer h.close()
	if strings.TrimSpace(c.Reason) == "" {
		return usagef("say why with --reason TEXT")
	}
	if c.Project == "" && c.Thread == "" && c.From == "" {
		return usagef("say what is held: --project KEY, --thread ID or --from ADDRESS")
	}
	project, err := h.keyOf(c.Project)
	if err != nil {
		return err
	}
	holds := []threads.Hold{{Project: project, Thread: c.Thread}}
	if c.From != "" {
		if holds, err = h.threadsOf(e.ctx, c.From, project, c.Reason); err != nil {
			return err
		}
	}
	for _, hold := range holds {
		hold.Reason, hold.By = c.Reason, by
		if hold, err = h.store.Hold(e.ctx, hold); err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s holds %s; lift it with: rapport hold lift %s\n", hold.ID, heldWhat(&hold), hold.ID)
	}
	if len(holds) == 0 {
		fmt.Fprintln(e.out, "all of it is held for that reason already")
	}
	return nil
}

// threadsOf are the threads in which an address takes part, without those that
// are held for the same reason.
func (h *house) threadsOf(ctx context.Context, address, project, reason string) ([]threads.Hold, error) {
	written, err := h.store.Written(ctx, address)
	if err != nil {
		return nil, err
	}
	hits, err := h.store.Search(ctx, threads.SearchQuery{Text: `"` + address + `"`, Project: project, Limit: math.MaxInt32})
	if err != nil {
		return nil, err
	}
	for _, hit := range hits {
		if takesPart(&hit.Message, address) {
			written = append(written, hit.Message)
		}
	}
	if len(written) == 0 {
		return nil, fmt.Errorf("mail of or to %s: %w", address, threads.ErrNotFound)
	}
	held := map[string]bool{}
	all, err := h.store.Holds(ctx)
	if err != nil {
		return nil, err
	}
	for _, hold := range all {
		held[hold.Thread] = held[hold.Thread] || hold.LiftedAt.IsZero() && hold.Reason == reason
	}
	var out []threads.Hold
	for _, m := range written {
		if m.Thread != "" && (project == "" || m.Project == project) && !held[m.Thread] {
			held[m.Thread] = true
			out = append(out, threads.Hold{Project: m.Project, Thread: m.Thread})
		}
	}
	return out, nil
}

// takesPart reports whether an address stands in the head of a mail.
func takesPart(m *threads.Message, address string) bool {
	people := slices.Concat(m.To, m.Cc, []threads.Address{m.From})
	if m.Sender != nil {
		people = append(people, *m.Sender)
	}
	return slices.ContainsFunc(people, func(a threads.Address) bool { return strings.EqualFold(a.Address, address) })
}

// heldWhat names what a hold is about.
func heldWhat(h *threads.Hold) string {
	if h.Thread != "" {
		return "thread " + h.Thread + " of " + h.Project
	}
	return "all mail of " + h.Project
}

type holdLiftCmd struct {
	IDs []string `arg:"" name:"id" help:"The holds."`
	As  string   `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides; an admin."`
}

// Run lifts a hold.
func (c *holdLiftCmd) Run(e *env) error {
	h, by, err := e.openAs(c.As)
	if err != nil {
		return err
	}
	defer h.close()
	for _, id := range c.IDs {
		hold, err := h.store.Lift(e.ctx, id, by)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "%s holds %s no longer\n", hold.ID, heldWhat(&hold))
	}
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
