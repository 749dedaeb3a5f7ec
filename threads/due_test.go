package threads

import (
	"testing"
	"time"
)

func TestWhenAReportIsDue(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		when, err := time.ParseInLocation("Mon 2006-01-02 15:04", s, london)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	week := Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"}
	twoWeeks := Rhythm{Every: "two-weeks", Weekday: time.Friday, At: "16:00"}
	month := Rhythm{Every: "month", At: "16:00"}
	now := at("Wed 2026-11-25 09:00")
	for _, c := range []struct {
		name       string
		rhythm     Rhythm
		last, want string
	}{
		{"no rhythm", Rhythm{}, "", ""},
		{"the first", week, "", "Fri 2026-11-27 16:00"},
		{"after one on time", week, "Fri 2026-11-20 16:00", "Fri 2026-11-27 16:00"},
		{"after one a day early", week, "Thu 2026-11-26 10:00", "Fri 2026-12-04 16:00"},
		{"after one two days late", week, "Sun 2026-11-22 10:00", "Fri 2026-11-27 16:00"},
		{"late", week, "Fri 2026-11-06 15:00", "Fri 2026-11-13 16:00"},
		{"every second week", twoWeeks, "Fri 2026-11-20 16:00", "Fri 2026-12-04 16:00"},
		{"every second week, a day early", twoWeeks, "Thu 2026-11-19 16:00", "Fri 2026-12-04 16:00"},
		{"at the end of the month", month, "Mon 2026-11-02 16:00", "Mon 2026-11-30 16:00"},
		{"over the change of the clocks", week, "Fri 2026-10-23 16:00", "Fri 2026-10-30 16:00"},
		{"without a time", Rhythm{Every: "week", Weekday: time.Monday}, "", "Mon 2026-11-30 17:00"},
		{"an unknown rhythm", Rhythm{Every: "decade"}, "", ""},
	} {
		if got := c.rhythm.Due(at(c.last), now, london); !got.Equal(at(c.want)) {
			t.Errorf("%s: due %s, want %s", c.name, got, c.want)
		}
	}
}
