package main

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// outboxStatus is how letters stand on their way.
type outboxStatus struct {
	States  map[threads.DeliveryState]int `json:"states"` // letters of the latest reports of each project
	Letters []letterStatus                `json:"letters"`
	Waiting []waitingStatus               `json:"waiting"`
}

// waitingStatus is a report that waits for its time.
type waitingStatus struct {
	Report  string    `json:"report"`
	Project string    `json:"project"`
	Period  string    `json:"period"`
	Goes    time.Time `json:"goes"` // in the client's time zone
}

// letterStatus is a letter about which somebody has to do something.
type letterStatus struct {
	Letter    string                `json:"letter"`
	Report    string                `json:"report"`
	Project   string                `json:"project"`
	Period    string                `json:"period"`
	Recipient string                `json:"recipient"`
	State     threads.DeliveryState `json:"state"`
	Words     string                `json:"words,omitempty"`
	Changed   time.Time             `json:"changed"`
	Next      string                `json:"next"`
}

// latest bounds how many reports of a project are looked at.
const latest = 200

// latestReports are the latest reports of each configured project.
func (h *house) latestReports(ctx context.Context) (map[string][]threads.Report, error) {
	out := map[string][]threads.Report{}
	for _, p := range h.projects().Projects {
		reports, err := h.store.Reports(ctx, p.Key, latest)
		if err != nil {
			return nil, err
		}
		out[p.Key] = reports
	}
	return out, nil
}

func (h *house) outboxStatus(ctx context.Context, reports map[string][]threads.Report, now time.Time) (outboxStatus, error) {
	s := outboxStatus{States: map[threads.DeliveryState]int{}, Letters: []letterStatus{}, Waiting: []waitingStatus{}}
	seen := map[string]bool{}
	add := func(r threads.Report, d threads.Delivery) {
		if next := nextStep(d); next != "" && !seen[d.Letter] {
			s.Letters = append(s.Letters, letterStatus{d.Letter, r.ID, r.Project, r.Period, d.Recipient.Address, d.State, d.Words, d.Changed, next})
		}
		seen[d.Letter] = true
	}
	for _, p := range h.projects().Projects {
		for _, r := range reports[p.Key] {
			if at := r.Goes(now); !at.IsZero() {
				s.Waiting = append(s.Waiting, waitingStatus{r.ID, r.Project, r.Period, h.clientTime(p.Key, at)})
			}
			for _, d := range r.Deliveries {
				s.States[d.State]++
				add(r, d)
			}
		}
	}
	// However old it is, and of whatever project: nobody knows whether it arrived.
	unknown, err := h.store.Unsettled(ctx)
	if err != nil {
		return s, err
	}
	for _, d := range unknown {
		if seen[d.Letter] {
			continue
		}
		r, err := h.store.Report(ctx, d.Report)
		if err != nil {
			return s, err
		}
		s.States[d.State]++
		add(r, d)
	}
	return s, nil
}

// nextStep is what a person has to do about a letter, "" if nothing.
func nextStep(d threads.Delivery) string {
	switch d.State {
	case threads.Unknown:
		return "the connection ended before the server said whether it took the letter. Its copy in our mailbox, a bounce or an answer settles that; else ask the recipient before anything is sent again"
	case threads.Refused:
		return "the server did not take it. Mend what it complains of, mostly the address in the configuration; \"rapport report show\" tells who else may get it"
	case threads.Bounced:
		return "it came back. Ask the client for an address that works, change it in the configuration; \"rapport report show\" tells who else may get it"
	case threads.Held:
		if d.Missed() {
			return fmt.Sprintf("is it still right? \"rapport report send %s\" sends it, \"rapport report cancel %s\" withdraws it", d.Report, d.Report)
		}
		return fmt.Sprintf("it is approved and waits for \"rapport report send %s\"", d.Report)
	case threads.Deferring:
		if d.Stuck() {
			return "our own mail server does not work with us. Nothing is lost, the letter waits for it; \"rapport doctor\" tells what to mend"
		}
		return "the server did not take it yet; it is tried again by itself while \"rapport serve\" runs"
	}
	return ""
}

// reportStatus is when a project's next report is due.
type reportStatus struct {
	Project    string    `json:"project"`
	Due        time.Time `json:"due"`
	Late       bool      `json:"late"`
	LastPeriod string    `json:"last_period,omitempty"`
	Last       time.Time `json:"last,omitzero"` // when it went out, or is to
}

// reportStatus lists the projects that have a rhythm.
func (h *house) reportStatus(reports map[string][]threads.Report, now time.Time) []reportStatus {
	out := []reportStatus{}
	for _, p := range h.projects().Projects {
		s := reportStatus{Project: p.Key}
		for _, r := range reports[p.Key] {
			if r.State != threads.ReportCancelled {
				s.Last, s.LastPeriod = r.Went(), r.Period
				break
			}
		}
		if s.Due = p.Due(reports[p.Key], now); !s.Due.IsZero() {
			s.Late = s.Due.Before(now)
			out = append(out, s)
		}
	}
	return out
}
