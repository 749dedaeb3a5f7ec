package main

import (
	"fmt"

	"rapport/threads"
)

type trayCmd struct {
	Limit int  `default:"100" help:"How many at most."`
	JSON  bool `help:"Print JSON."`
}

func (c *trayCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	mails, err := h.store.Tray(e.ctx, c.Limit)
	if err != nil {
		return err
	}
	if c.JSON {
		if mails == nil {
			mails = []threads.Message{}
		}
		return printJSON(e.out, mails)
	}
	for _, m := range mails {
		fmt.Fprintf(e.out, "%s  %s  %s  %s\n", m.ID, m.Received.Format("2006-01-02 15:04"), line(m.From.Address), line(m.Subject))
		if m.Tray != nil {
			fmt.Fprintf(e.out, "    %s\n", line(m.Tray.Words))
			if m.Tray.Proposal != "" {
				fmt.Fprintf(e.out, "    proposed: %s\n", m.Tray.Proposal)
			}
		}
	}
	if len(mails) == 0 {
		fmt.Fprintln(e.out, "The tray is empty.")
	}
	return nil
}
