package main

import (
	"cmp"
	"context"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"rapport/threads"
)

type reportAgainCmd struct {
	Report string `arg:"" help:"The report's id, or the draft that was approved."`
	To     string `required:"" placeholder:"ADDR" help:"Who is to get it: a contact of the project, or somebody of the client's domains."`
	Now    bool   `help:"Send it now, also outside of the client's hours."`
	As     string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" help:"Who decides; the project's first manager unless named."`
}

// Run sends a report that did not reach somebody to another person at the
// client: the same words, with buttons of their own.
func (c *reportAgainCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	h.quiet(e)
	r, p, manager, err := h.approvedBy(e, c.Report, c.As)
	if err != nil {
		return err
	}
	to, err := recipient(p, c.To)
	if err != nil {
		return err
	}
	outbox, err := h.outbox(nil)
	if err != nil {
		return err
	}
	if err := h.sendAgain(e.ctx, r, p, manager, to, threads.Release{AnyHour: c.Now}); err != nil {
		return err
	}
	_, trouble := outbox.Once(e.ctx)
	if r, err = h.store.Report(e.ctx, r.ID); err != nil {
		return err
	}
	printDeliveries(e, r)
	h.tellWaiting(e, r, time.Now())
	return trouble
}

// sendAgain makes a letter of a report out to somebody else, and queues it.
func (h *house) sendAgain(ctx context.Context, r threads.Report, p *threads.Project, manager threads.Person, to threads.Address, how threads.Release) error {
	if r.Erased() || len(r.Deliveries) == 0 {
		return fmt.Errorf("%w: report %s has no letter any more", threads.ErrConflict, r.ID)
	}
	first, err := h.store.LetterRaw(ctx, r.Deliveries[0].Letter)
	if err != nil {
		return err
	}
	approver, err := h.approver()
	if err != nil {
		return err
	}
	from := threads.Address{Name: manager.Name, Address: h.config().SMTP.From}
	letter, err := approver.Again(ctx, r, first, to, from, h.config().ReplyAddress(p.Key), p.Zone)
	if err != nil {
		return err
	}
	letter.By = manager.Login
	_, err = h.store.AddLetter(ctx, letter, how)
	return err
}

// recipient is somebody of the project's client.
func recipient(p *threads.Project, text string) (threads.Address, error) {
	a, err := mail.ParseAddress(text)
	if err != nil {
		return threads.Address{}, usagef("--to: %q is no mail address; write it as name@example.com", text)
	}
	to := threads.Address{Name: a.Name, Address: a.Address}
	if !p.Belongs(to.Address) {
		return to, usagef("%s is neither a contact of %s nor of its client's domains; add them to the project first", to.Address, p.Key)
	}
	if c := p.Contact(to.Address); c != nil && to.Name == "" {
		to.Name = c.Name
	}
	return to, nil
}

// tellSeconds proposes who else may get what did not reach its recipient.
func (h *house) tellSeconds(e *env, r threads.Report, now time.Time) error {
	p := h.projects().Project(r.Project)
	if p == nil || r.Erased() {
		return nil
	}
	for i := range r.Deliveries {
		d := &r.Deliveries[i]
		switch {
		case d.Lost():
			tellSecond(e, r, d.Recipient.Address+" did not get it. Who else may", p.Seconds(&r, d))
		case d.State == threads.Taken:
			mails, err := h.store.EarlierFrom(e.ctx, p.Key, d.Recipient.Address, mailsOfAbsent)
			if err != nil {
				return err
			}
			if a := p.Absentee(&r, mails, now); a != nil {
				tellSecond(e, r, d.Recipient.Address+" is "+cmp.Or(awayWords(a.Away), "away")+", and names who may get it instead", a.Instead)
			}
		}
	}
	return nil
}

// mailsOfAbsent is how many of somebody's latest mails are looked through for a
// note of absence.
const mailsOfAbsent = 10

func tellSecond(e *env, r threads.Report, why string, who []threads.Address) {
	var names []string
	for _, a := range who {
		names = append(names, strings.TrimSpace(line(a.Name)+" <"+a.Address+">"))
	}
	if len(names) > 0 {
		fmt.Fprintf(e.out, "\n%s: %s\n  rapport report again %s --to ADDR\n", why, strings.Join(names, ", "), r.ID)
	}
}
