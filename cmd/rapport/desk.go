package main

import (
	"context"

	"rapport/ingest/extract"
	"rapport/threads"
	"rapport/web"
)

// desk is where the pages hand in what was decided on them.
type desk struct{ *house }

var _ web.Writer = desk{}

func (d desk) Correct(ctx context.Context, c threads.Correction) (threads.Change, error) {
	by, err := d.decider(c.By)
	if err != nil {
		return threads.Change{}, err
	}
	c.By = by
	return d.store.Correct(ctx, c)
}

func (d desk) AnswerItem(ctx context.Context, a threads.Answer) (threads.Item, error) {
	by, err := d.decider(a.By)
	if err != nil {
		return threads.Item{}, err
	}
	a.By = by
	return d.store.AnswerItem(ctx, a)
}

func (d desk) FileMail(ctx context.Context, by, mail, project string, passOn bool) (threads.Change, error) {
	return d.known(ctx, by, func(by string) (threads.Change, error) { return d.fileMail(ctx, by, mail, project, passOn) })
}

func (d desk) AddContact(ctx context.Context, by, mail, project string) (threads.Change, error) {
	return d.known(ctx, by, func(by string) (threads.Change, error) { return d.addContact(ctx, by, mail, project, "") })
}

func (d desk) Split(ctx context.Context, by, mail string) (threads.Change, error) {
	return d.known(ctx, by, func(by string) (threads.Change, error) { return d.splitTurn(ctx, by, mail) })
}

func (d desk) NotOurs(ctx context.Context, by, mail string) (threads.Change, error) {
	return d.known(ctx, by, func(by string) (threads.Change, error) { return d.notOurs(ctx, by, mail) })
}

func (d desk) ReadAgain(ctx context.Context, by, mail string) (threads.Change, error) {
	return d.known(ctx, by, func(by string) (threads.Change, error) { return d.readAgain(ctx, by, mail) })
}

// SendAgain queues the letter: the running server's outbox sends it.
func (d desk) SendAgain(ctx context.Context, by, report string, to threads.Address) error {
	r, err := d.store.Report(ctx, report)
	if err != nil {
		return err
	}
	p, err := d.project(r.Project)
	if err != nil {
		return err
	}
	manager, err := d.manager(p, by)
	if err != nil {
		return err
	}
	return d.sendAgain(ctx, r, p, manager, to, threads.Release{})
}

// Release lets the running server's outbox send what is held of the report. A
// page that is behind must not send what waits for a later time.
func (d desk) Release(ctx context.Context, by, report string) error {
	by, err := d.decider(by)
	if err != nil {
		return err
	}
	_, err = d.store.Release(ctx, report, threads.Release{ReleasedBy: by, Held: true})
	return err
}

func (d desk) Withdraw(ctx context.Context, by, report string) error {
	by, err := d.decider(by)
	if err != nil {
		return err
	}
	_, err = d.store.Cancel(ctx, report, by)
	return err
}

func (d desk) Undo(ctx context.Context, change, by string) (threads.Change, error) {
	return d.known(ctx, by, func(by string) (threads.Change, error) { return d.store.Undo(ctx, change, by) })
}

// known makes a change of one who may, and lets this process know at once what
// it says about a sender.
func (d desk) known(ctx context.Context, login string, do func(by string) (threads.Change, error)) (threads.Change, error) {
	by, err := d.decider(login)
	if err != nil {
		return threads.Change{}, err
	}
	c, err := do(by)
	if err != nil {
		return c, err
	}
	if err := d.refresh(ctx); err != nil {
		d.log.Warn("directory.kept", "error", err) // the server looks again soon
	}
	return c, nil
}

// sentences cuts a text as the reader does.
func sentences(text string) (out [][2]int) {
	for _, s := range extract.Sentences(text) {
		out = append(out, [2]int{s.Start, s.End})
	}
	return out
}
