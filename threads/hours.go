package threads

import (
	"fmt"
	"slices"
	"time"
)

// Hours are the times at which a client may be written to. The zero value is
// always.
type Hours struct {
	Zone        *time.Location
	From, Until string         // "09:00" and "17:30"; both "" for the whole day
	Days        []time.Weekday // none for every day
	Holidays    []string       // civil dates, "2026-12-25"
}

// Check tells what is wrong with the hours.
func (h Hours) Check() error {
	if h.From != "" || h.Until != "" {
		from, errFrom := time.Parse("15:04", h.From)
		until, errUntil := time.Parse("15:04", h.Until)
		if errFrom != nil || errUntil != nil || !from.Before(until) {
			return fmt.Errorf("hours %q to %q: write them as 09:00 and 17:30, the earlier one first", h.From, h.Until)
		}
	}
	for _, d := range h.Holidays {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return fmt.Errorf("holiday %q: write it as 2026-12-25", d)
		}
	}
	return nil
}

// longestHoliday bounds the search for an open day.
const longestHoliday = 366

// Next is the first moment at t or after it at which the client may be written
// to. Hours that never come give t itself: a letter late at night is better
// than one that never goes.
func (h Hours) Next(t time.Time) time.Time {
	zone := h.Location()
	day := t.In(zone)
	for range longestHoliday {
		begin, end := h.on(day, zone)
		if h.Works(day) && t.Before(end) {
			if t.After(begin) {
				return t
			}
			return begin
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, zone)
	}
	return t
}

// Location is the zone, UTC if there is none.
func (h Hours) Location() *time.Location {
	if h.Zone == nil {
		return time.UTC
	}
	return h.Zone
}

// Open reports whether the hours are open at a time of day, on days that are.
func (h Hours) Open(clock string) bool { return h.From == "" || h.From <= clock && clock < h.Until }

// on is when the hours begin and end on a day.
func (h Hours) on(day time.Time, zone *time.Location) (begin, end time.Time) {
	at := func(clock string, days int) time.Time {
		c, err := time.Parse("15:04", clock)
		if err != nil {
			return time.Date(day.Year(), day.Month(), day.Day()+days, 0, 0, 0, 0, zone)
		}
		return time.Date(day.Year(), day.Month(), day.Day(), c.Hour(), c.Minute(), 0, 0, zone)
	}
	return at(h.From, 0), at(h.Until, 1)
}

// Works reports whether a day is one on which the client works.
func (h Hours) Works(day time.Time) bool {
	return (len(h.Days) == 0 || slices.Contains(h.Days, day.Weekday())) &&
		!slices.Contains(h.Holidays, day.Format(time.DateOnly))
}
