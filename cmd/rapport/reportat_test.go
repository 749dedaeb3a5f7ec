package main

import (
	"testing"
	"time"
)

func TestWhenALetterIsToGo(t *testing.T) {
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 27, 15, 30, 0, 0, shanghai) // a Friday
	for text, want := range map[string]string{
		"16:00": "2026-11-27 16:00", "15:30": "2026-11-28 15:30", "fri 16:00": "2026-11-27 16:00", "Fri 15:00": "2026-12-04 15:00",
		"monday 09:00": "2026-11-30 09:00", "2026-12-24 08:00": "2026-12-24 08:00", "2026-12-24T08:00": "2026-12-24 08:00",
		"": "", "fr 16:00": "", "yesterday": "", "25:00": "", "fri": "", "fri 16:00 +0100": "", "2026-02-30 10:00": "",
	} {
		got := ""
		if at := parseAt(text, now); !at.IsZero() {
			got = at.Format("2006-01-02 15:04")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A time that the clocks leave out, or have twice, is still on that day, and to
// come.
func TestATimeOnTheDayTheClocksChange(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, text, day string }{
		{"2027-03-13T18:00:00-05:00", "sun 02:30", "2027-03-14"}, {"2027-03-13T18:00:00-05:00", "2027-03-14 02:30", "2027-03-14"},
		{"2027-03-14T00:30:00-05:00", "02:30", "2027-03-14"}, {"2026-10-31T18:00:00-04:00", "sun 01:30", "2026-11-01"},
		{"2026-11-01T01:45:00-05:00", "01:30", "2026-11-02"}, // the second 01:45: both are over
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		at := parseAt(c.text, now.In(newYork))
		if !at.After(now) || at.Format(time.DateOnly) != c.day {
			t.Errorf("%s, %q: %v", c.now, c.text, at)
		}
	}
}
