package main

import (
	"fmt"
	"slices"
	"time"

	"rapport/threads"
)

type reportListCmd struct {
	Project string `placeholder:"KEY" help:"Only this project."`
	Limit   most   `default:"50" help:"How many of each project at most."`
	JSON    bool   `help:"Print JSON."`
}

func (c *reportListCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	all, err := ofProjects(h, c.Project, func(key string) ([]threads.Report, error) { return h.store.Reports(e.ctx, key, int(c.Limit)) })
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b threads.Report) int { return b.ApprovedAt.Compare(a.ApprovedAt) })
	if c.JSON {
		return printJSON(e.out, all)
	}
	t := table{empty: "No reports.", head: []string{"REPORT", "PROJECT", "NO", "PERIOD", "STATE", "TIME", "SUBJECT"}}
	zone := h.listZone(all)
	for _, r := range all {
		t.add(r.ID, r.Project, fmt.Sprint(r.Number), r.Period, string(r.State), h.goes(r, time.Now(), zone), subjectOf(r))
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
	fmt.Fprintf(e.out, "%s  report %d of %s, %s: %s\n%s\n\n", r.ID, r.Number, r.Project, r.Period, r.State, line(subjectOf(r)))
	printDeliveries(e, r)
	h.tellReleased(e, r)
	h.tellWaiting(e, r, time.Now())
	if err := h.tellSeconds(e, r, time.Now()); err != nil {
		return err
	}
	for _, it := range replies {
		point := it.Point
		if point == "" {
			point = "—"
		}
		fmt.Fprintf(e.out, "\n%s: %s\n  %s %s: %s\n", point, line(about(r, it)), it.Label(), it.Kind, line(it.Text))
	}
	return nil
}

// tellReleased says who let the letters go, and who did so again.
func (h *house) tellReleased(e *env, r threads.Report) {
	if r.ReleasedBy != "" {
		fmt.Fprintf(e.out, "released by %s on %s\n", r.ReleasedBy, h.clientTime(r.Project, r.ReleasedAt).Format(momentForm))
	}
	for _, a := range r.Again {
		fmt.Fprintf(e.out, "%s%s on %s\n", threads.ReleasedAgain, a.By, h.clientTime(r.Project, a.At).Format(momentForm))
	}
}

// listZone is the zone of all times in a list of reports: the client's, where all
// are of one project, else that of the machine.
func (h *house) listZone(all []threads.Report) *time.Location {
	if len(all) == 0 || slices.ContainsFunc(all, func(r threads.Report) bool { return r.Project != all[0].Project }) {
		return time.Local
	}
	return h.clientTime(all[0].Project, time.Time{}).Location()
}

// goes says when a report went out or is to, if that is known.
func (h *house) goes(r threads.Report, now time.Time, zone *time.Location) string {
	at := r.Goes(now)
	switch {
	case r.Missed():
		return "missed: " + h.wasToGo(r).In(zone).Format(momentForm)
	case !at.IsZero():
		return "goes " + at.In(zone).Format(momentForm)
	case r.State == threads.ReportSent:
		return r.Went().In(zone).Format(momentForm)
	}
	return ""
}

// subjectOf is a report's subject, or that it has none any more.
func subjectOf(r threads.Report) string {
	if r.Erased() {
		return "(erased)"
	}
	return r.Subject
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
	all, err := h.store.Items(e.ctx, threads.ItemQuery{Report: r.ID})
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
	r, _, by, err := h.approvedBy(e, c.Report, c.As)
	if err != nil {
		return err
	}
	if r, err = h.store.Cancel(e.ctx, r.ID, by.Login); err != nil {
		return next(err, threads.ErrConflict, "what has gone out cannot be called back, put it right in the next report")
	}
	fmt.Fprintf(e.out, "withdrawn: report %d of %s, %s\n", r.Number, r.Project, r.Period)
	return nil
}

// printDeliveries says where each letter stands.
func printDeliveries(e *env, r threads.Report) {
	t := table{head: []string{"RECIPIENT", "STATE", "TRIED", "WORDS"}}
	for _, d := range r.Deliveries {
		state := string(d.State)
		if d.Opened {
			state += ", read"
		}
		t.add(d.Recipient.Address, state, fmt.Sprint(d.Attempts), d.Words)
	}
	t.print(e.out)
}
