package main

import (
	"fmt"
	"strings"

	"rapport/threads"
)

type searchCmd struct {
	Query   []string `arg:"" optional:"" help:"Words, all of which the mail has; '\"a phrase\"'; the begin* of a word; from:anna, with:anna, kind:bounce, has:attachment, file:plan. Chinese needs no blanks. None: all mail of the project or the days."`
	Project string   `placeholder:"KEY" help:"Only this project."`
	From    string   `placeholder:"DATE" help:"Only mail received on or after this day."`
	To      string   `placeholder:"DATE" help:"Only mail received on or before this day."`
	Limit   most     `default:"20" help:"How many at most."`
	JSON    bool     `help:"Print JSON."`
}

func (c *searchCmd) Run(e *env) error {
	q := threads.SearchQuery{Text: strings.Join(c.Query, " "), Limit: int(c.Limit)}
	if strings.TrimSpace(q.Text) == "" && c.Project == "" && c.From == "" && c.To == "" {
		return usagef("say what to look for: rapport search WORD, or --project, --from, --to")
	}
	var err error
	if q.From, q.To, err = period(c.From, c.To); err != nil {
		return err
	}
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if q.Project, err = h.keyOf(c.Project); err != nil {
		return err
	}
	hits, err := h.store.Search(e.ctx, q)
	if err != nil {
		return err
	}
	if c.JSON {
		if hits == nil {
			hits = []threads.Hit{}
		}
		return printJSON(e.out, hits)
	}
	for _, hit := range hits {
		m := hit.Message
		fmt.Fprintf(e.out, "%s  %s  %s  %s\n    %s\n", m.Date.Format("2006-01-02"), place(m), line(m.From.String()), line(m.Subject), line(hit.Snippet))
	}
	if len(hits) == 0 {
		fmt.Fprintln(e.out, "Nothing found. Words are found whole; begin* finds what begins so.")
	}
	return nil
}

// place is where a mail lies.
func place(m threads.Message) string {
	if m.Thread == "" {
		return "tray " + m.ID
	}
	return m.Project + " " + m.Thread
}
