package main

import (
	"fmt"
	"slices"
	"strings"

	"rapport/ingest"
)

type pollCmd struct {
	Once bool `help:"Read what is there and end; without it, go on reading until SIGTERM."`
	JSON bool `help:"With --once, print JSON."`
}

// polled is what one round did to a mailbox, as JSON.
type polled struct {
	Mailbox string `json:"mailbox"`
	Filed   int    `json:"filed"`
	Tray    int    `json:"tray"`
	Known   int    `json:"known"`
	Aside   int    `json:"aside"`
}

func (c *pollCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if len(h.config.Mailboxes) == 0 {
		return usagef("the configuration names no mailboxes")
	}
	if !c.Once {
		pollers, err := h.pollers(owner())
		if err != nil {
			return err
		}
		(&workers{house: h, pollers: pollers}).run(e.ctx)
		return nil
	}
	counts, trouble := h.pollOnce(e.ctx, owner())
	rounds := []polled{}
	for name, n := range counts {
		rounds = append(rounds, polled{name, n.Filed, n.Tray, n.Known, n.Aside})
	}
	slices.SortFunc(rounds, func(a, b polled) int { return strings.Compare(a.Mailbox, b.Mailbox) })
	if c.JSON {
		if err := printJSON(e.out, rounds); err != nil {
			return err
		}
	} else {
		for _, r := range rounds {
			fmt.Fprintf(e.out, "%s: %s\n", r.Mailbox, toldCounts(counts[r.Mailbox]))
		}
	}
	return trouble
}

// toldCounts says what became of the mails of a round.
func toldCounts(n ingest.Counts) string {
	s := fmt.Sprintf("%d new, %d of them in the tray", n.Filed, n.Tray)
	if n.Known > 0 {
		s += fmt.Sprintf(", %d known before", n.Known)
	}
	if n.Aside > 0 {
		s += fmt.Sprintf(", %d could not be read", n.Aside)
	}
	return s
}
