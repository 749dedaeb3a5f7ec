package web

import (
	"strconv"
	"time"
)

// moment is a time as a page shows it.
type moment struct {
	ISO  string // for machines
	Text string // "Fri 27 Nov, 16:00"
	Ago  string // "2 h ago", "" where the date says it better
}

// Known is false for the zero time.
func (m moment) Known() bool { return m.ISO != "" }

// at shows t in zone as seen at now.
func (v *visit) at(t time.Time, zone *time.Location) moment {
	if t.IsZero() {
		return moment{}
	}
	t = t.In(zone)
	return moment{
		ISO:  t.Format(time.RFC3339),
		Text: v.day(t, v.now.In(zone)) + v.lang.t("time.join") + t.Format("15:04"),
		Ago:  v.ago(t),
	}
}

// day names a civil day: with the weekday in this year, with the year in others.
func (v *visit) day(t, now time.Time) string {
	l := v.lang
	if t.Year() != now.Year() {
		return l.date(t)
	}
	return l.t("day.this-year", t.Day(), l.month(t), l.t("weekday."+strconv.Itoa(int(t.Weekday()))))
}

// ago says how long ago t was, up to a week.
func (v *visit) ago(t time.Time) string {
	d := v.now.Sub(t)
	switch {
	case d < -time.Minute || d > 7*24*time.Hour:
		return ""
	case d < time.Minute:
		return v.lang.t("ago.now")
	case d < time.Hour:
		return v.lang.n("ago.minute", int(d/time.Minute))
	case d < 24*time.Hour:
		return v.lang.n("ago.hour", int(d/time.Hour))
	}
	return v.lang.n("ago.day", int(d/(24*time.Hour)))
}

// due is a civil date by which something is owed.
type due struct {
	ISO  string
	Text string // "tomorrow", "Fri 27 Nov", "3 days late"
	Date string // the date itself where Text is relative
	Kind string // "late", "soon" (within two days) or "later"
}

// due shows the civil date iso, as seen in zone. An unreadable date is shown as
// it stands.
func (v *visit) due(iso string, zone *time.Location) due {
	if iso == "" {
		return due{}
	}
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return due{ISO: iso, Text: iso, Kind: "later"}
	}
	now := v.now.In(zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	date := v.day(t, now)
	switch days := int(t.Sub(today) / (24 * time.Hour)); {
	case days < 0:
		return due{iso, v.lang.n("due.late", -days), date, "late"}
	case days == 0:
		return due{iso, v.lang.t("due.today"), date, "soon"}
	case days == 1:
		return due{iso, v.lang.t("due.tomorrow"), date, "soon"}
	case days == 2:
		return due{iso, date, "", "soon"}
	}
	return due{iso, date, "", "later"}
}

// civil shows a date that is only remembered: nothing is late any more.
func (v *visit) civil(iso string, zone *time.Location) due {
	if iso == "" {
		return due{}
	}
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return due{ISO: iso, Text: iso, Kind: "later"}
	}
	return due{ISO: iso, Text: v.day(t, v.now.In(zone)), Kind: "later"}
}
