package main

import (
	"errors"
	"fmt"
	"time"

	"rapport/compose"
	"rapport/threads"
)

type reportApproveCmd struct {
	draftArgs
	Print string `placeholder:"PRINT" help:"Approve only if the letters are byte for byte those of this preview."`
}

func (c *reportApproveCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	r, err := h.approve(e, c)
	if err != nil {
		return err
	}
	name := c.File
	if name == "-" {
		name = r.ID
	}
	what := fmt.Sprintf("it waits for \"rapport report send %s\"", name)
	if p := h.projects().Project(r.Project); p.Rhythm.Sends {
		now := time.Now()
		due, err := h.reportDue(e, p, r, now)
		if err != nil {
			return err
		}
		if due.Before(now) {
			what = fmt.Sprintf("it was due on %s, so %s", h.clientTime(p.Key, due).Format(momentForm), what)
		} else if r, err = h.store.Release(e.ctx, r.ID, threads.Release{SendAt: due, ReleasedBy: r.ApprovedBy}); err != nil {
			return err
		} else {
			what = "it goes out by itself when it is due"
		}
	}
	fmt.Fprintf(e.out, "approved: report %d of %s, %s (%s); %s\n", r.Number, r.Project, r.Period, r.ID, what)
	printDeliveries(e, r)
	h.tellWaiting(e, r, time.Now())
	return nil
}

// approve checks a draft and fixes its letters.
func (h *house) approve(e *env, c *reportApproveCmd) (threads.Report, error) {
	if c.Print != "" {
		if _, err := compose.ParsePrint(c.Print); err != nil {
			return threads.Report{}, usagef("--print: %v", err)
		}
	}
	src, err := readInput(e.in, c.File)
	if err != nil {
		return threads.Report{}, err
	}
	if err := h.notYet(e, c.File, src); err != nil {
		return threads.Report{}, err
	}
	w, err := h.render(e, c.File, src, c.As)
	if err != nil {
		return threads.Report{}, err
	}
	if len(w.findings) > 0 {
		printFindings(e, w.findings)
	}
	if compose.Blocked(w.findings) {
		return threads.Report{}, errBlocked
	}
	approver, err := h.approver()
	if err != nil {
		return threads.Report{}, err
	}
	return approver.Approve(e.ctx, h.order(w), c.Print)
}

// notYet makes sure that this very draft has not been approved before: its
// answers are given then, and the check would find them wrong.
func (h *house) notYet(e *env, path string, src []byte) error {
	r, err := h.approvedDraft(e, path, src)
	switch {
	case err == nil:
		return fmt.Errorf("%w: %s is approved already, as report %d of %s (%s, %s); send it with \"rapport report send %s\", or withdraw it with \"rapport report cancel %s\"",
			threads.ErrConflict, path, r.Number, r.Project, r.ID, r.State, r.ID, r.ID)
	case errors.Is(err, threads.ErrNotApproved), errors.Is(err, errBlocked):
		return nil
	}
	return err
}
