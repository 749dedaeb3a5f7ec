package threads

import "time"

// Due is when the next report is due, in zone; zero without a rhythm. A report
// belongs to the slot nearest to it, so one that went out a day early or two
// days late counts for that slot, and the slot after it is next. Before the
// first report (last is zero) the next slot after now is due.
func (r Rhythm) Due(last, now time.Time, zone *time.Location) time.Time {
	// Slots of two weeks are every second weekday, counted from the last report.
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
		if slot := r.on(day, zone); !slot.IsZero() && slot.After(after) {
			return slot
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 12, 0, 0, 0, zone)
	}
	return time.Time{}
}

// on is the moment of that day at which a report is due, zero if none is: on
// the weekday, or on the last day of the month.
func (r Rhythm) on(day time.Time, zone *time.Location) time.Time {
	switch {
	case r.Every == "month" && day.AddDate(0, 0, 1).Month() == day.Month():
		return time.Time{}
	case r.Every != "month" && day.Weekday() != r.Weekday:
		return time.Time{}
	}
	at, err := time.Parse("15:04", r.At)
	if err != nil {
		at = time.Date(0, 1, 1, 17, 0, 0, 0, time.UTC) // end of the working day
	}
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, zone)
}
