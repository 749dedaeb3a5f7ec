package web

import (
	"strconv"
	"time"

	"rapport/threads"
)

// nextDue is when the next report is due by the rhythm, in zone; zero without
// a rhythm. A report belongs to the slot nearest to it, so one that was sent a
// day early or two days late counts, and the slot after it is next. Before the
// first report the next slot after now is due.
func nextDue(r threads.Rhythm, last, now time.Time, zone *time.Location) time.Time {
	half := map[string]time.Duration{"week": 84 * time.Hour, "two-weeks": 252 * time.Hour, "month": 15 * 24 * time.Hour}[r.Every]
	if half == 0 {
		return time.Time{}
	}
	after := now
	if !last.IsZero() {
		after = last.Add(half)
	}
	day := after.In(zone)
	for range 62 { // at most the rest of this month and the next
		slot := slotOn(r, day, zone)
		if !slot.IsZero() && slot.After(after) {
			return slot
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, zone)
	}
	return time.Time{}
}

// rhythm says in words when reports are due.
func (v *visit) rhythm(r threads.Rhythm) string {
	if r.Every == "" {
		return v.lang.t("rhythm.none")
	}
	at := ""
	if r.At != "" {
		at = v.lang.t("every.at", r.At)
	}
	return v.lang.t("every."+r.Every, v.lang.t("weekday."+strconv.Itoa(int(r.Weekday))), at)
}

// slotOn is the moment on that day at which a report is due, zero if none is:
// on the weekday, or on the last day of the month.
func slotOn(r threads.Rhythm, day time.Time, zone *time.Location) time.Time {
	if r.Every == "month" {
		if day.AddDate(0, 0, 1).Month() == day.Month() {
			return time.Time{}
		}
	} else if day.Weekday() != r.Weekday {
		return time.Time{}
	}
	at, err := time.Parse("15:04", r.At)
	if err != nil {
		at = time.Date(0, 1, 1, 17, 0, 0, 0, time.UTC) // end of the working day
	}
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, zone)
}
