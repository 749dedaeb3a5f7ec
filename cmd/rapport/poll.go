package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"rapport/cmd/rapport/oauth"
	"rapport/ingest"
	"rapport/threads"
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
	if c.JSON && !c.Once {
		return usagef("--json needs --once: what goes on until SIGTERM has no outcome to print")
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if len(h.config().Mailboxes) == 0 {
		return usagef("the configuration names no mailboxes; add one under mailboxes, config.example.yaml shows how")
	}
	if !c.Once {
		pollers, err := h.pollers(owner())
		if err != nil {
			return err
		}
		(&workers{house: h, pollers: pollers}).run(e.ctx)
		return nil
	}
	h.quiet(e)
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
			if trouble != nil && counts[r.Mailbox] == (ingest.Counts{}) {
				continue // the error tells more than "0 new"
			}
			fmt.Fprintf(e.out, "%s: %s\n", r.Mailbox, toldCounts(counts[r.Mailbox]))
		}
	}
	return whatNow(trouble)
}

// whatNow adds to the trouble with mailboxes what to do about it.
func whatNow(trouble error) error {
	switch {
	case trouble == nil:
		return nil
	case errors.Is(trouble, oauth.ErrRefused):
		return fmt.Errorf("%w; poll again, which gets a new token, and if that is refused as well, sign in anew with \"rapport login\"", trouble)
	case errors.Is(trouble, ingest.ErrLogin):
		return fmt.Errorf("%w; then poll again", trouble)
	case errors.Is(trouble, threads.ErrConflict):
		return fmt.Errorf("%w; that is \"rapport serve\" or another poll, and it files what arrives", trouble)
	}
	return fmt.Errorf("%w; what was read is filed; \"rapport doctor\" tells what to mend", trouble)
}

// toldCounts says what became of the mails of a round.
func toldCounts(n ingest.Counts) string {
	s := fmt.Sprintf("%d new, %d of them in the tray", n.Filed, n.Tray)
	if n.Known > 0 {
		s += fmt.Sprintf(", %d known before", n.Known)
	}
	if n.Aside > 0 {
		s += fmt.Sprintf(", %d owed (\"rapport status\" tells why)", n.Aside)
	}
	return s
}
