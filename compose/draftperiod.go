package compose

import (
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

// Period is the time that a report covers: whole civil days, both included.
type Period struct {
	From, To time.Time // midnight UTC: civil dates
	Month    bool      // a whole calendar month
}

// ParsePeriod reads "2026-W48" (ISO 8601 week), "2026-11" or
// "2026-11-16..2026-11-22".
func ParsePeriod(s string) (Period, error) {
	bad := fmt.Errorf("%q is no period", clip(s, 40))
	if year, week, ok := strings.Cut(s, "-W"); ok {
		y, err := time.Parse("2006", year)
		n := 0
		if len(week) == 2 && week[0] >= '0' && week[0] <= '9' && week[1] >= '0' && week[1] <= '9' {
			n = int(week[0]-'0')*10 + int(week[1]-'0')
		}
		if err != nil || n < 1 || n > 53 {
			return Period{}, bad
		}
		from := firstMonday(y.Year()).AddDate(0, 0, 7*(n-1))
		if iso, got := from.ISOWeek(); iso != y.Year() || got != n { // a year without a week 53
			return Period{}, bad
		}
		return Period{From: from, To: from.AddDate(0, 0, 6)}, nil
	}
	if a, b, ok := strings.Cut(s, ".."); ok {
		from, err1 := time.Parse(time.DateOnly, a)
		to, err2 := time.Parse(time.DateOnly, b)
		if err1 != nil || err2 != nil || to.Before(from) {
			return Period{}, bad
		}
		return Period{From: from, To: to}, nil
	}
	from, err := time.Parse("2006-01", s)
	if err != nil {
		return Period{}, bad
	}
	return Period{From: from, To: from.AddDate(0, 1, -1), Month: true}, nil
}

// firstMonday is the Monday of week 1: the week with 4 January in it.
func firstMonday(year int) time.Time {
	t := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, -int(t.Weekday()+6)%7)
}

// CurrentPeriod is the period that a report written now would cover.
func CurrentPeriod(r threads.Rhythm, now time.Time) string {
	switch r.Every {
	case "month":
		return now.Format("2006-01")
	case "two-weeks":
		end := now.AddDate(0, 0, 6-int(now.Weekday()+6)%7)
		return end.AddDate(0, 0, -13).Format(time.DateOnly) + ".." + end.Format(time.DateOnly)
	}
	year, week := now.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// Words is the period for people: "23–29 November 2026", "2026年11月23日至29日".
func (p Period) words(w *words) string {
	if p.From.IsZero() {
		return ""
	}
	if w.language == "zh" {
		return p.chinese()
	}
	switch {
	case p.Month:
		return p.From.Format("January 2006")
	case p.From.Equal(p.To):
		return p.To.Format("2 January 2006")
	case p.From.Year() != p.To.Year():
		return p.From.Format("2 January 2006") + " – " + p.To.Format("2 January 2006")
	case p.From.Month() != p.To.Month():
		return p.From.Format("2 January") + " – " + p.To.Format("2 January 2006")
	}
	return p.From.Format("2") + "–" + p.To.Format("2 January 2006")
}

func (p Period) chinese() string {
	switch {
	case p.Month:
		return p.From.Format("2006年1月")
	case p.From.Equal(p.To):
		return p.To.Format("2006年1月2日")
	case p.From.Year() != p.To.Year():
		return p.From.Format("2006年1月2日") + "至" + p.To.Format("2006年1月2日")
	case p.From.Month() != p.To.Month():
		return p.From.Format("2006年1月2日") + "至" + p.To.Format("1月2日")
	}
	return p.From.Format("2006年1月2日") + "至" + p.To.Format("2日")
}
