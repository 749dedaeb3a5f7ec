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
