package main

import (
	"testing"
	"time"

	"rapport/threads"
)

func TestLettersWaitForTheHoursOfTheirProject(t *testing.T) {
	h := &house{}
	h.directory.Store(threads.NewDirectory([]threads.Project{
		{Key: "OFFICE", Zone: time.UTC, Hours: threads.Hours{Zone: time.UTC, From: "09:00", Until: "17:00"}}, {Key: "ALWAYS", Zone: time.UTC},
	}, nil, nil))
	night := time.Date(2026, 11, 27, 23, 0, 0, 0, time.UTC)
	morning := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		letter threads.Letter
		want   time.Time
	}{
		"in the office":          {threads.Letter{Project: "OFFICE"}, morning},
		"at any hour":            {threads.Letter{Project: "OFFICE", Release: threads.Release{AnyHour: true}}, night},
		"without hours":          {threads.Letter{Project: "ALWAYS"}, night},
		"of a project that went": {threads.Letter{Project: "GONE"}, night},
	} {
		if got := h.hours()(c.letter, night); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
