package main

import (
	"context"
	"fmt"
	"slices"

	"rapport/mail"
	"rapport/threads"
)

type threadSplitCmd struct {
	Mails []string `arg:"" name:"mail" help:"The mails that belong into a thread of their own."`
	As    string   `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides."`
}

// Run gives mails a thread of their own. Later replies to them follow.
func (c *threadSplitCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		return h.split(e.ctx, by, c.Mails)
	})
}

func (h *house) split(ctx context.Context, by string, mails []string) (threads.Change, error) {
	filings, project, err := h.asFiled(ctx, mails)
	if err != nil {
		return threads.Change{}, err
	}
	return h.store.Change(ctx, threads.Change{Kind: threads.ChangeSplit, Project: project, By: by}, filings)
}

// splitTurn gives a mail with which its thread turns to something else a thread
// of its own, together with what was written about that since.
func (h *house) splitTurn(ctx context.Context, by, id string) (threads.Change, error) {
	m, err := h.mail(ctx, id)
	if err != nil {
		return threads.Change{}, err
	}
	_, mails, err := h.store.Thread(ctx, m.Thread)
	if err != nil {
		return threads.Change{}, err
	}
	for _, t := range threads.Turns(mails, mail.BaseSubject) {
		if t.Message == m.ID {
			return h.split(ctx, by, t.Follow)
		}
	}
	return threads.Change{}, fmt.Errorf("%w: mail %s no longer begins something new in its thread", threads.ErrConflict, m.ID)
}

type threadMergeCmd struct {
	Thread string `arg:"" help:"The thread that goes into the other."`
	Into   string `arg:"" help:"The thread that stays."`
	As     string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides."`
}

// Run joins two threads of one project.
func (c *threadMergeCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		from, mails, err := h.thread(e.ctx, c.Thread)
		if err != nil {
			return threads.Change{}, err
		}
		into, _, err := h.thread(e.ctx, c.Into)
		switch {
		case err != nil:
			return threads.Change{}, err
		case from.ID == into.ID:
			return threads.Change{}, usagef("a thread cannot be merged into itself")
		case from.Project != into.Project:
			return threads.Change{}, fmt.Errorf("%w: the threads are of %s and %s; move one first with \"rapport thread move\"", threads.ErrConflict, from.Project, into.Project)
		}
		filings, project, err := h.asFiled(e.ctx, idsOf(standing(mails)))
		if err != nil {
			return threads.Change{}, err
		}
		for i := range filings {
			filings[i].Message.Thread = into.ID
		}
		return h.store.Change(e.ctx, threads.Change{Kind: threads.ChangeMerge, Project: project, Thread: into.ID, By: by}, filings)
	})
}

type threadMoveCmd struct {
	Thread  string `arg:"" help:"The thread."`
	Project string `required:"" placeholder:"KEY" help:"The project that it belongs to."`
	As      string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" required:"" help:"Who decides."`
}

// Run moves a whole thread to another project.
func (c *threadMoveCmd) Run(e *env) error {
	return e.decide(c.As, func(h *house, by string) (threads.Change, error) {
		th, mails, err := h.thread(e.ctx, c.Thread)
		if err != nil {
			return threads.Change{}, err
		}
		p, err := h.project(c.Project)
		switch {
		case err != nil:
			return threads.Change{}, err
		case p.Key == th.Project:
			return threads.Change{}, usagef("thread %s is of %s already", th.ID, p.Key)
		}
		var filings []threads.Filing
		for _, m := range standing(mails) {
			if m.Direction == threads.Out {
				return threads.Change{}, fmt.Errorf("%w: the thread has a letter of ours to %s; split the mails off that belong elsewhere", threads.ErrConflict, th.Project)
			}
			f, err := h.reread(e.ctx, m, p.Key)
			if err != nil {
				return threads.Change{}, err
			}
			filings = append(filings, f)
		}
		return h.store.Change(e.ctx, threads.Change{Kind: threads.ChangeFile, Project: p.Key, By: by}, filings)
	})
}

// asFiled are mails of one project as they are filed now.
func (h *house) asFiled(ctx context.Context, ids []string) (filings []threads.Filing, project string, err error) {
	for _, id := range ids {
		m, err := h.mail(ctx, id)
		switch {
		case err != nil:
			return nil, "", err
		case m.Project == "":
			return nil, "", fmt.Errorf("%w: mail %s is in the tray; file it first", threads.ErrConflict, m.ID)
		case project != "" && m.Project != project:
			return nil, "", fmt.Errorf("%w: the mails are of %s and %s", threads.ErrConflict, project, m.Project)
		}
		project = m.Project
		items, err := h.store.Items(ctx, threads.ItemQuery{Message: m.ID})
		if err != nil {
			return nil, "", err
		}
		m.Thread = ""
		filings = append(filings, threads.Filing{Message: m, Items: items})
	}
	return filings, project, nil
}

func idsOf(mails []threads.Message) (ids []string) {
	for _, m := range mails {
		ids = append(ids, m.ID)
	}
	return ids
}

// standing is the mail that was not erased. A tombstone stays where it is.
func standing(mails []threads.Message) []threads.Message {
	return slices.DeleteFunc(slices.Clone(mails), func(m threads.Message) bool { return m.Erased != nil })
}
