package main

import (
	"fmt"

	"rapport/threads"
)

type trayCmd struct {
	List    trayListCmd    `cmd:"" default:"withargs" help:"List mail that could not be filed with certainty."`
	File    trayFileCmd    `cmd:"" help:"File a mail in a project."`
	Contact trayContactCmd `cmd:"" help:"Make a mail's sender a contact, and file what waits of them."`
	Dismiss trayDismissCmd `cmd:"" help:"Take mail that is not ours out of the tray."`
	Reread  trayRereadCmd  `cmd:"" help:"Read a mail again, by what is known today."`
}

type trayListCmd struct {
	Limit     most `default:"100" help:"How many at most."`
	Dismissed bool `help:"List what was dismissed instead."`
	JSON      bool `help:"Print JSON."`
}

func (c *trayListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	list := h.store.Tray
	if c.Dismissed {
		list = h.store.Dismissed
	}
	mails, err := list(e.ctx, int(c.Limit))
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
		fmt.Fprintf(e.out, "%s  %s  %s  %s\n", m.ID, m.Received.UTC().Format("2006-01-02 15:04 MST"), line(m.From.Address), line(m.Subject))
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
