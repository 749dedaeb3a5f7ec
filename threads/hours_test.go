package threads

import (
	"testing"
	"time"
)

func TestAClientIsWrittenToInItsHours(t *testing.T) {
	shanghai := time.FixedZone("CST", 8*3600)
	office := Hours{
		Zone: shanghai, From: "09:00", Until: "17:30",
		Days:     []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		Holidays: []string{"2026-12-25", "2027-01-01"},
	}
	for _, c := range []struct {
		name  string
		hours Hours
		at    string
		want  string
	}{
		{"within the hours", office, "2026-11-25T10:00:00+08:00", "2026-11-25T10:00:00+08:00"},
		{"at their beginning", office, "2026-11-25T09:00:00+08:00", "2026-11-25T09:00:00+08:00"},
		{"before them", office, "2026-11-25T00:30:00Z", "2026-11-25T09:00:00+08:00"},
		{"at their end", office, "2026-11-25T17:30:00+08:00", "2026-11-26T09:00:00+08:00"},
		{"on Friday evening", office, "2026-11-27T18:00:00+08:00", "2026-11-30T09:00:00+08:00"},
		{"before a holiday and a weekend", office, "2026-12-24T20:00:00+08:00", "2026-12-28T09:00:00+08:00"},
		{"always", Hours{}, "2026-11-28T03:00:00Z", "2026-11-28T03:00:00Z"},
		{"days only", Hours{Zone: shanghai, Days: []time.Weekday{time.Monday}}, "2026-11-25T10:00:00+08:00", "2026-11-30T00:00:00+08:00"},
		{"never", Hours{Days: []time.Weekday{9}}, "2026-11-25T10:00:00Z", "2026-11-25T10:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.hours.Next(at); !got.Equal(want) {
			t.Errorf("%s: %v, want %v", c.name, got, want)
		}
	}
}

// The clocks change on the day: in spring 02:30 is left out, in autumn 01:30 is
// there twice.
func TestHoursOnTheDayTheClocksChange(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name              string
		from, until       string
		at, earliest, end string // end: the first moment after which it is the next day's turn
	}{
		{"spring", "02:30", "12:00", "2027-03-14T05:30:00Z", "2027-03-14T06:30:00Z", "2027-03-14T16:00:00Z"},
		{"autumn", "01:30", "12:00", "2026-11-01T04:30:00Z", "2026-11-01T05:30:00Z", "2026-11-01T17:00:00Z"},
	} {
		hours := Hours{Zone: newYork, From: c.from, Until: c.until}
		parse := func(s string) time.Time {
			at, err := time.Parse(time.RFC3339, s)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		first := hours.Next(parse(c.at))
		if late := first.Sub(parse(c.earliest)); late < 0 || late > time.Hour {
			t.Errorf("%s: opens at %v", c.name, first)
		}
		if last := parse(c.end).Add(-time.Minute); !hours.Next(last).Equal(last) {
			t.Errorf("%s: closed before its end", c.name)
		}
		if next := hours.Next(parse(c.end)).In(newYork); next.Day() == parse(c.end).In(newYork).Day() || next.Format("15:04") != c.from {
			t.Errorf("%s: after its end it opens at %v", c.name, next)
		}
		// Whatever the hour, what is open stays open, and time never goes back.
		for at := parse(c.at); at.Before(parse(c.end)); at = at.Add(10 * time.Minute) {
			next := hours.Next(at)
			if next.Before(at) || !hours.Next(next).Equal(next) {
				t.Errorf("%s: at %v it is %v, and then %v", c.name, at, next, hours.Next(next))
			}
		}
	}
}

func TestHoursThatCannotBe(t *testing.T) {
	for _, h := range []Hours{{From: "9", Until: "17:00"}, {From: "17:00", Until: "09:00"}, {From: "09:00"}, {Holidays: []string{"25.12."}}} {
		if h.Check() == nil {
			t.Errorf("%+v was taken", h)
		}
	}
	if err := (Hours{From: "09:00", Until: "17:30", Holidays: []string{"2026-12-25"}}).Check(); err != nil {
		t.Error(err)
	}
}
