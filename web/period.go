package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// period names the span of time that a report is about: an ISO week
// ("2026-W48"), a month ("2026-11") or days ("2026-11-16..2026-11-22").
// Anything else is shown as it stands.
func (l *language) period(s string) string {
	var year, week int
	if n, err := fmt.Sscanf(s, "%4d-W%2d", &year, &week); err == nil && n == 2 {
		return l.t("period.week", year, week)
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return l.t("period.month", t.Year(), l.month(t))
	}
	from, to, _ := strings.Cut(s, "..")
	a, err := time.Parse(time.DateOnly, from)
	b, err2 := time.Parse(time.DateOnly, to)
	if err != nil || err2 != nil {
		return s
	}
	return l.t("period.days", l.date(a), l.date(b))
}

// date is a civil day with its year.
func (l *language) date(t time.Time) string {
	return l.t("day.with-year", t.Day(), l.month(t), t.Year())
}

func (l *language) month(t time.Time) string { return l.t("month." + strconv.Itoa(int(t.Month()))) }
