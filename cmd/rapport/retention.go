package main

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

type retentionCmd struct {
	List retentionListCmd `cmd:"" default:"withargs" help:"List threads whose time is over, the longest quiet first; this is what happens without a word."`
}

type retentionListCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	JSON    bool   `help:"Print JSON."`
}

// dueThread is a thread whose time is over.
type dueThread struct {
	threads.Thread
	Due time.Time `json:"due"` // since when
}

func (c *retentionListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	all, err := ofProjects(h, c.Project, func(key string) ([]dueThread, error) {
		return h.due(e.ctx, h.projects().Project(key), time.Now())
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.out, all)
	}
	t := table{empty: "Nothing is due.", head: []string{"THREAD", "PROJECT", "LAST MAIL", "DUE SINCE", "MAILS", "SUBJECT"}}
	for _, d := range all {
		t.add(d.ID, d.Project, d.Updated.Format(time.DateOnly), d.Due.Format(time.DateOnly), fmt.Sprint(d.Messages), d.Subject)
	}
	t.print(e.out)
	return nil
}

// due are the threads of a project whose time is over.
func (h *house) due(ctx context.Context, p *threads.Project, now time.Time) ([]dueThread, error) {
	before := p.Retention.DueBefore(now)
	if before.IsZero() {
		return nil, nil
	}
	quiet, err := h.store.QuietThreads(ctx, p.Key, before)
	if err != nil {
		return nil, err
	}
	var out []dueThread
	for _, t := range quiet {
		if due := p.Retention.DueAt(t.Updated); !now.Before(due) {
			out = append(out, dueThread{t, due})
		}
	}
	return out, nil
}
