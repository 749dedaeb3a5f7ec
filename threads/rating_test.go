package threads

import (
	"cmp"
	"fmt"
	"testing"
)

func TestSatisfaction(t *testing.T) {
	// "r2 anna 4": the latest in front.
	for _, c := range []struct {
		name    string
		ratings []string
		want    string // how many count, average, latest, trend, worry
	}{
		{"none", nil, "none"},
		{"one", []string{"r1 anna 4"}, "1 4.0 4.0 - false"},
		{"a later word replaces the earlier", []string{"r1 Anna 5", "r1 anna 2"}, "1 5.0 5.0 - false"},
		{"two people", []string{"r1 anna 5", "r1 tom 3"}, "2 4.0 4.0 - false"},
		{"of no known report each counts", []string{" anna 5", " anna 3"}, "2 4.0 5.0 rising false"},
		{"rising", []string{"r4 anna 5", "r3 anna 4", "r2 anna 4", "r1 anna 1"}, "4 3.5 5.0 rising false"},
		{"about the same", []string{"r2 anna 4", "r1 anna 4"}, "2 4.0 4.0 steady false"},
		{"falling twice", []string{"r3 anna 3", "r2 anna 4", "r1 anna 5"}, "3 4.0 3.0 falling true"},
		{"falling once", []string{"r2 anna 3", "r1 anna 5"}, "2 4.0 3.0 falling false"},
		{"low", []string{"r1 anna 2"}, "1 2.0 2.0 - true"},
		{"low by one of two", []string{"r1 anna 5", "r1 tom 1"}, "2 3.0 3.0 - true"},
		{"low before", []string{"r2 anna 4", "r1 anna 1"}, "2 2.5 4.0 rising false"},
	} {
		var ratings []Rating
		for n, text := range c.ratings {
			var r Rating
			if text[0] == ' ' {
				fmt.Sscanf(text, "%s %d", &r.From.Address, &r.Score)
			} else {
				fmt.Sscanf(text, "%s %s %d", &r.Report, &r.From.Address, &r.Score)
			}
			r.Message = fmt.Sprint("m", n)
			ratings = append(ratings, r)
		}
		got := "none"
		if s := SatisfactionOf(ratings); s != nil {
			got = fmt.Sprintf("%d %.1f %.1f %s %v", len(s.Ratings), s.Average, s.Latest, cmp.Or(s.Trend, "-"), s.Worry)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
