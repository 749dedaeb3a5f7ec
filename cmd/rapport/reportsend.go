package main

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"rapport/compose"
	"rapport/threads"
)

type reportSendCmd struct {
	Report string `arg:"" help:"The draft that was approved, or the report's id."`
	TestTo string `placeholder:"ADDR" help:"Send a test to this address instead; nobody else gets anything."`
	At     string `placeholder:"TIME" xor:"when" help:"Send it then, in the client's time zone: 2026-11-27 16:00, fri 16:00, 16:00, or \"due\" for when the report is due."`
	Now    bool   `xor:"when" help:"Send it now, also outside of the client's hours."`
	Queue  bool   `help:"Only put it into the outbox; the running server sends it."`
	As     string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" help:"Who writes; the project's first manager unless named."`
}

func (c *reportSendCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	if c.TestTo != "" {
		return h.sendTest(e, c)
	}
	h.quiet(e)
	r, _, manager, err := h.approvedBy(e, c.Report, c.As)
	if err != nil {
		return err
	}
	how := threads.Release{AnyHour: c.Now, ReleasedBy: manager.Login}
	if c.At != "" {
		if how.SendAt, err = h.sendAt(e, r, c.At); err != nil {
			return err
		}
	}
	outbox, err := h.outbox(nil)
	if err != nil {
		return err
	}
	if how.SendAt.IsZero() {
		h.tellOld(e, r, time.Now())
	}
	if r, err = h.store.Release(e.ctx, r.ID, how); err != nil {
		return next(err, threads.ErrConflict, "approve the draft again to send it")
	}
	var trouble error
	if !c.Queue {
		_, trouble = outbox.Once(e.ctx)
	}
	if r, err = h.store.Report(e.ctx, r.ID); err != nil {
		return err
	}
	printDeliveries(e, r)
	h.tellWaiting(e, r, time.Now())
	return fared(r, c.Queue, trouble, time.Now())
}

// tellWaiting says until when letters wait for their time.
func (h *house) tellWaiting(e *env, r threads.Report, now time.Time) {
	if at := r.Goes(now); !at.IsZero() {
		fmt.Fprintf(e.out, "letters go on %s; \"rapport serve\" must run then. \"rapport report send %s --now\" sends them at once\n", h.clientTime(r.Project, at).Format(momentForm), r.ID)
	}
	h.tellOld(e, r, now)
	if r.Missed() {
		fmt.Fprintf(e.out, "! the report was not sent at its time; is it still right? \"rapport report send %s\" sends it, \"rapport report cancel %s\" withdraws it\n", r.ID, r.ID)
	}
}

// tellOld warns of letters whose Date is old by the time they go.
func (h *house) tellOld(e *env, r threads.Report, now time.Time) {
	if r.Old(now) {
		fmt.Fprintf(e.out, "! the letters have the Date of their approval, %s: programs that sort by it list them among old mail, and filters distrust them. \"rapport report cancel %s\", and approving the draft again, gives them a new one\n",
			h.clientTime(r.Project, r.ApprovedAt).Format(momentForm), r.ID)
	}
}

// fared says what to do about letters that have not gone out, though they should.
func fared(r threads.Report, queued bool, trouble error, now time.Time) error {
	n := map[threads.DeliveryState]int{}
	for _, d := range r.Deliveries {
		if !d.Waits(now) {
			n[d.State]++
		}
	}
	var words []string
	if k := n[threads.Refused] + n[threads.Bounced]; k > 0 {
		words = append(words, count(k, "letter")+" will not arrive, WORDS says why; set the address right for the next report")
	}
	if k := n[threads.Unknown]; k > 0 {
		words = append(words, "of "+count(k, "letter")+" it is not known whether the server has taken it; Rapport looks for its copy and never sends it blindly again")
	}
	if k := n[threads.Deferring] + n[threads.Sending] + n[threads.Queued]; k > 0 && !(queued && k == n[threads.Queued]) {
		words = append(words, count(k, "letter")+" could not be sent yet; \"rapport serve\" goes on trying, and \"rapport doctor\" tells what to mend")
	}
	if len(words) > 0 {
		return errors.Join(trouble, errors.New(strings.Join(words, "\n")))
	}
	return trouble
}

// sendTest sends what a draft would become to one address.
func (h *house) sendTest(e *env, c *reportSendCmd) error {
	to, err := mail.ParseAddress(c.TestTo)
	if err != nil {
		return usagef("--test-to: %q is no mail address; write it as name@example.com", c.TestTo)
	}
	w, err := h.read(e, c.Report, c.As)
	if err != nil {
		return err
	}
	if w.rendered == nil {
		printFindings(e, w.findings)
		return errBlocked
	}
	sender, err := h.sender()
	if err != nil {
		return err
	}
	o := h.order(w)
	out, err := compose.SendTest(e.ctx, sender, w.rendered, compose.LetterInput{At: time.Now(), From: o.From, Key: h.key},
		threads.Address{Name: to.Name, Address: to.Address})
	switch {
	case out.Down:
		return fmt.Errorf("%w; \"rapport doctor\" tells what to mend", err)
	case err != nil:
		return err
	}
	fmt.Fprintf(e.out, "test sent to %s: %s\n", to.Address, plain(out.Words))
	return nil
}
