package main

import (
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"rapport/compose"
	"rapport/threads"
)

type reportSendCmd struct {
	Report string `arg:"" help:"The draft that was approved, or the report's id."`
	TestTo string `placeholder:"ADDR" help:"Send a test to this address instead; nobody else gets anything."`
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
	r, err := h.approved(e, c.Report)
	if err != nil {
		return err
	}
	outbox, err := h.outbox(nil)
	if err != nil {
		return err
	}
	if r, err = h.store.Release(e.ctx, r.ID); err != nil {
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
	return fared(r, c.Queue, trouble)
}

// fared says what to do about letters that have not gone out.
func fared(r threads.Report, queued bool, trouble error) error {
	n := map[threads.DeliveryState]int{}
	for _, d := range r.Deliveries {
		n[d.State]++
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

type reportListCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	Limit   int    `default:"50" help:"How many of each project at most."`
	JSON    bool   `help:"Print JSON."`
}

func (c *reportListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	projects := h.projects().Projects
	if c.Project != "" {
		p, err := h.project(c.Project)
		if err != nil {
			return err
		}
		projects = []threads.Project{*p}
	}
	all := []threads.Report{}
	for _, p := range projects {
		list, err := h.store.Reports(e.ctx, p.Key, c.Limit)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	if c.JSON {
		return printJSON(e.out, all)
	}
	t := table{empty: "No reports.", head: []string{"REPORT", "PROJECT", "NO", "PERIOD", "STATE", "SUBJECT"}}
	for _, r := range all {
		t.add(r.ID, r.Project, fmt.Sprint(r.Number), r.Period, string(r.State), r.Subject)
	}
	t.print(e.out)
	return nil
}

type reportShowCmd struct {
	Report string `arg:"" help:"The report's id, or the draft that was approved."`
	JSON   bool   `help:"Print JSON."`
}

// shownReport is a report as JSON, with what the client said to it.
type shownReport struct {
	threads.Report
	Replies []threads.Item `json:"replies"`
}

func (c *reportShowCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	r, err := h.approved(e, c.Report)
	if err != nil {
		return err
	}
	replies, err := h.replies(e, r)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.out, shownReport{r, replies})
	}
	fmt.Fprintf(e.out, "%s  report %d of %s, %s: %s\n%s\n\n", r.ID, r.Number, r.Project, r.Period, r.State, line(r.Subject))
	printDeliveries(e, r)
	for _, it := range replies {
		point := it.Point
		if point == "" {
			point = "—"
		}
		fmt.Fprintf(e.out, "\n%s: %s\n  %s %s: %s\n", point, line(about(r, it)), it.Label(), it.Kind, line(it.Text))
	}
	return nil
}

// about are a report's words that an item answers.
func about(r threads.Report, it threads.Item) string {
	for _, p := range r.Points {
		if p.ID == it.Point && it.About == "" {
			return p.Text
		}
	}
	return it.About
}

// replies are the items that answer a report.
func (h *house) replies(e *env, r threads.Report) ([]threads.Item, error) {
	all, err := h.store.Items(e.ctx, threads.ItemQuery{Project: r.Project})
	if err != nil {
		return nil, err
	}
	replies := []threads.Item{}
	for _, it := range all {
		if it.Report == r.ID {
			replies = append(replies, it)
		}
	}
	slices.SortFunc(replies, func(a, b threads.Item) int { return a.Number - b.Number })
	return replies, nil
}

type reportCancelCmd struct {
	Report string `arg:"" help:"The report's id, or the draft that was approved."`
	As     string `placeholder:"LOGIN" env:"RAPPORT_LOGIN" help:"Who withdraws it; the project's first manager unless named."`
}

func (c *reportCancelCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	r, err := h.approved(e, c.Report)
	if err != nil {
		return err
	}
	p, err := h.project(r.Project)
	if err != nil {
		return err
	}
	by, err := h.manager(p, c.As)
	if err != nil {
		return err
	}
	if r, err = h.store.Cancel(e.ctx, r.ID, by.Login); err != nil {
		return next(err, threads.ErrConflict, "what has gone out cannot be called back, put it right in the next report")
	}
	fmt.Fprintf(e.out, "withdrawn: report %d of %s, %s\n", r.Number, r.Project, r.Period)
	return nil
}
