package main

import (
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// sendAt reads when a report is to be sent, in the client's time zone.
func (h *house) sendAt(e *env, r threads.Report, text string) (time.Time, error) {
	p, err := h.project(r.Project)
	if err != nil {
		return time.Time{}, err
	}
	now := time.Now().In(p.Zone)
	if !strings.EqualFold(text, "due") {
		at := parseAt(text, now)
		if !at.After(now) {
			return at, usagef("--at %q is no time to come; write it as \"2026-11-27 16:00\", \"fri 16:00\", \"16:00\" or \"due\"", text)
		}
		return at, nil
	}
	switch at, err := h.reportDue(e, p, r, now); {
	case err != nil:
		return at, err
	case at.IsZero():
		return at, usagef("--at due: no report of %s is due; say when in its report: in the configuration", p.Key)
	case at.Before(now):
		return at, usagef("--at due: the report was due on %s; send it without --at", at.Format(momentForm))
	default:
		return at, nil
	}
}

// reportDue is when a report is due after those before it; zero if p has no rhythm.
func (h *house) reportDue(e *env, p *threads.Project, r threads.Report, now time.Time) (time.Time, error) {
	reports, err := h.store.Reports(e.ctx, p.Key, latest)
	if err != nil {
		return time.Time{}, err
	}
	reports = slices.DeleteFunc(reports, func(other threads.Report) bool { return other.Number >= r.Number })
	return p.Due(reports, now), nil
}

// parseAt reads a time of a day, of a weekday or of a date: the next after now.
// It is zero for what is none of them.
func parseAt(text string, now time.Time) time.Time {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, form := range []string{"2006-01-02 15:04", "2006-01-02t15:04"} {
		if at, err := time.ParseInLocation(form, text, now.Location()); err == nil {
			return at
		}
	}
	day, clock, two := strings.Cut(text, " ")
	if !two {
		day, clock = "", text
	}
	c, err := time.Parse("15:04", clock)
	if err != nil {
		return time.Time{}
	}
	for n := range 8 {
		at := time.Date(now.Year(), now.Month(), now.Day()+n, c.Hour(), c.Minute(), 0, 0, now.Location())
		name := strings.ToLower(at.Weekday().String())
		if at.After(now) && (day == "" || len(day) >= 3 && strings.HasPrefix(name, day)) {
			return at
		}
	}
	return time.Time{}
}

// wasToGo is when a report could have gone, on the client's clock.
func (h *house) wasToGo(r threads.Report) time.Time {
	return h.clientTime(r.Project, h.hours()(threads.Letter{Project: r.Project, Release: r.Release}, r.For()))
}

// momentForm is a point in time for people, with its zone.
const momentForm = "Mon 2 Jan 2006 15:04 MST"

// clientTime is a moment on the client's clock.
func (h *house) clientTime(project string, at time.Time) time.Time {
	if p := h.projects().Project(project); p != nil && p.Zone != nil {
		return at.In(p.Zone)
	}
	return at.UTC()
}
