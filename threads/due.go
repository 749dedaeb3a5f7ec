package threads

import "time"

// Due is when the next report is due, in the zone of the hours; zero without a
// rhythm. A report belongs to the slot nearest to it, so one that went out a day
// early or two days late counts for that slot, and the slot after it is next.
// Before the first report (last is zero) the next slot after now is due.
//
// A slot on a day on which nobody at the client works is due on the working day
// before. If there is none since the slot before, it is left out.
func (r Rhythm) Due(last, now time.Time, hours Hours) time.Time {
	// Slots of two weeks are every second weekday, counted from the last report.
	half := map[string]time.Duration{"week": 84 * time.Hour, "two-weeks": 252 * time.Hour, "month": 15 * 24 * time.Hour}[r.Every]
	if half == 0 {
		return time.Time{}
	}
	after := now
	if !last.IsZero() {
		after = last.Add(half)
	}
	zone := hours.Location()
	day := after.In(zone)
	for range longestHoliday {
		if r.falls(day) && r.at(day, zone).After(after) {
			if due := r.workingDay(day, hours); !due.IsZero() && (due.After(now) || !last.IsZero()) {
				return due
			}
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, zone)
	}
	return time.Time{}
}

// falls reports whether a report is due on that day: on the weekday, or on the
// last day of the month.
func (r Rhythm) falls(day time.Time) bool {
	if r.Every == "month" {
		return day.AddDate(0, 0, 1).Month() != day.Month()
	}
	return day.Weekday() == r.Weekday
}

// workingDay is the moment on that day, or on the latest working day before it;
// zero if there is none since the slot before.
func (r Rhythm) workingDay(day time.Time, hours Hours) time.Time {
	for n := range map[string]int{"week": 7, "two-weeks": 14, "month": 28}[r.Every] {
		if d := day.AddDate(0, 0, -n); hours.Works(d) {
			return r.at(d, hours.Location())
		}
	}
	return time.Time{}
}

// at is the moment of that day at which a report is due.
func (r Rhythm) at(day time.Time, zone *time.Location) time.Time {
	at, err := time.Parse("15:04", r.At)
	if err != nil {
		at = time.Date(0, 1, 1, 17, 0, 0, 0, time.UTC) // end of the working day
	}
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, zone)
}
