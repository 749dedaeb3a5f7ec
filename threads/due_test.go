package threads

import (
	"testing"
	"time"
)

func TestNextReport(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	today := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	at := func(s string) time.Time {
		if s == "" {
			return time.Time{}
		}
		m, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	week, two := Rhythm{Every: "week", Weekday: time.Friday, At: "16:00"}, Rhythm{Every: "two-weeks", Weekday: time.Friday, At: "16:00"}
	month := Rhythm{Every: "month", At: "nonsense"}
	for _, c := range []struct {
		name       string
		rhythm     Rhythm
		last, want string
	}{
		{"none yet: this Friday", week, "", "2026-11-27 16:00"},
		{"sent last Friday", week, "2026-11-20 15:50", "2026-11-27 16:00"},
		{"sent a day early", week, "2026-11-19 12:00", "2026-11-27 16:00"},
		{"sent two days late", week, "2026-11-22 12:00", "2026-11-27 16:00"},
		{"nothing for two weeks: last Friday's is late", week, "2026-11-13 16:00", "2026-11-20 16:00"},
		{"every two weeks", two, "2026-11-13 16:00", "2026-11-27 16:00"},
		{"the last day of the month, at its default hour", month, "2026-10-31 17:00", "2026-11-30 17:00"},
		{"over the end of summer time", week, "2026-10-23 16:00", "2026-10-30 16:00"},
		{"no rhythm", Rhythm{}, "2026-11-13 16:00", ""},
		{"an unknown rhythm", Rhythm{Every: "decade"}, "", ""},
	} {
		if got := c.rhythm.Due(at(c.last), today, berlin); !got.Equal(at(c.want)) {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}
