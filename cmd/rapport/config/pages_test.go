package config

import "testing"

func TestPagesAreWherePeopleOpenThem(t *testing.T) {
	for want, c := range map[string]Config{
		"":                            {},
		"https://rapport.agency.test": {Web: Web{URL: "https://rapport.agency.test"}},
		"https://daily.agency.test":   {Web: Web{URL: "https://rapport.agency.test"}, Notices: Notices{Daily: Daily{Pages: "https://daily.agency.test"}}},
	} {
		if got := c.Pages(); got != want {
			t.Errorf("pages are at %q, want %q", got, want)
		}
	}
}
