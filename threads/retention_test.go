package threads

import (
	"testing"
	"time"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRetentionCountsFromTheLastMail(t *testing.T) {
	r := Retention{AtLeast: Span{Years: 6}, AtMost: Span{Years: 7}}
	if got := r.KeptUntil(day("2020-03-02")); !got.Equal(day("2026-03-02")) {
		t.Errorf("kept until %s", got)
	}
	if got := r.DueAt(day("2020-03-02")); !got.Equal(day("2027-03-02")) {
		t.Errorf("due at %s", got)
	}
	var none Retention
	if !none.KeptUntil(day("2020-03-02")).IsZero() || !none.DueAt(day("2020-03-02")).IsZero() || !none.DueBefore(day("2026-01-01")).IsZero() {
		t.Error("without a rule nothing is due and nothing must be kept")
	}
}

// Whatever the months: what is due is among what DueBefore leads to.
func TestNothingThatIsDueIsPassedBy(t *testing.T) {
	for _, s := range []Span{{Days: 90}, {Months: 1}, {Months: 18}, {Years: 1}, {Years: 7, Months: 1}} {
		r := Retention{AtMost: s}
		for last := day("2023-01-01"); last.Before(day("2025-01-01")); last = last.AddDate(0, 0, 1) {
			if now := r.DueAt(last); !last.Before(r.DueBefore(now).Add(time.Second)) {
				t.Fatalf("%+v: due since %s, but before %s is asked for", s, last.Format(time.DateOnly), r.DueBefore(now).Format(time.DateOnly))
			}
		}
	}
}
