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
