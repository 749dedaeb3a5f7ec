package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

type retentionCmd struct {
	List  retentionListCmd  `cmd:"" default:"withargs" help:"List threads whose time is over, the longest quiet first; this is what happens without a word."`
	Erase retentionEraseCmd `cmd:"" help:"Erase all that is due and not held, for good."`
}

type retentionListCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	JSON    bool   `help:"Print JSON."`
}

// dueThread is a thread whose time is over.
type dueThread struct {
	threads.Thread
	Due  time.Time `json:"due"`            // since when
	Held string    `json:"held,omitempty"` // id of the hold that keeps it all the same
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
	t := table{empty: "Nothing is due.", head: []string{"THREAD", "PROJECT", "LAST MAIL", "DUE SINCE", "HELD BY", "MAILS", "SUBJECT"}}
	for _, d := range all {
		t.add(d.ID, d.Project, d.Updated.Format(time.DateOnly), d.Due.Format(time.DateOnly), cmp.Or(d.Held, "-"), fmt.Sprint(d.Messages), d.Subject)
	}
	t.print(e.out)
	return nil
}

type retentionEraseCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	Yes     bool   `help:"Erase. Without it, only list what would be erased."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides; an admin."`
}

// Run erases what is due. What is held, or cannot go yet, is named and passed.
func (c *retentionEraseCmd) Run(e *env) error {
	if !c.Yes {
		return (&retentionListCmd{Project: c.Project}).Run(e)
	}
	h, by, err := e.openAs(c.As)
	if err != nil {
		return err
	}
	defer h.close()
	projects, err := ofProjects(h, c.Project, func(key string) ([]*threads.Project, error) {
		return []*threads.Project{h.projects().Project(key)}, nil
	})
	if err != nil {
		return err
	}
	mails := 0
	for _, p := range projects {
		n, err := h.eraseDue(e.ctx, p, time.Now(), by, func(d *dueThread, why error) { fmt.Fprintf(e.out, "%s stays: %v\n", d.ID, why) })
		if err != nil {
			return err
		}
		mails += n
	}
	fmt.Fprintf(e.out, "%s erased\n", count(mails, "mail"))
	return h.scrub(e)
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
		due := p.Retention.DueAt(t.Updated)
		if now.Before(due) {
			continue
		}
		hold, _, err := h.store.Held(ctx, p.Key, t.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, dueThread{t, due, hold.ID})
	}
	return out, nil
}

// eraseDue erases the threads of a project whose time is over, each by itself,
// and tells how many mails that were. What has to stay is told to stays.
func (h *house) eraseDue(ctx context.Context, p *threads.Project, now time.Time, by string, stays func(*dueThread, error)) (mails int, err error) {
	list, err := h.due(ctx, p, now)
	if err != nil {
		return 0, err
	}
	e := threads.Erasure{Cause: threads.CauseRetention, Reason: "kept for " + p.Retention.AtMost.String() + " after the last mail", By: by}
	for i := range list {
		d := &list[i]
		n, err := h.store.EraseThread(ctx, d.ID, d.Updated.Add(time.Millisecond), e)
		if errors.Is(err, threads.ErrConflict) {
			stays(d, err)
			continue
		}
		if err != nil {
			return mails, err
		}
		mails += n
	}
	return mails, nil
}

// mayGo is ErrConflict if a project has to keep some of the mail for longer.
func (h *house) mayGo(ctx context.Context, mails []threads.Message, now time.Time) error {
	last := map[string]time.Time{} // of a thread
	for i := range mails {
		m := &mails[i]
		p := h.projects().Project(m.Project)
		if p == nil || p.Retention.AtLeast == (threads.Span{}) {
			continue
		}
		if last[m.Thread].IsZero() {
			t, _, err := h.store.Thread(ctx, m.Thread)
			if err != nil {
				return err
			}
			last[m.Thread] = t.Updated
		}
		if until := p.Retention.KeptUntil(last[m.Thread]); now.Before(until) {
			return fmt.Errorf("%w: mail %s has to be kept until %s, since %s keeps its mail for at least %s after the last mail of a thread; if no law demands that of it, add --despite-retention",
				threads.ErrConflict, m.ID, until.Format(time.DateOnly), p.Key, p.Retention.AtLeast)
		}
	}
	return nil
}
