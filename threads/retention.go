package threads

import (
	"strconv"
	"time"
)

// Span is a length of time by the calendar; the zero Span is none.
type Span struct{ Years, Months, Days int }

// String is the span as people write it: "7y", "18m", "90d"; "" for none.
func (s Span) String() string {
	out := ""
	for _, part := range []struct {
		n    int
		unit string
	}{{s.Years, "y"}, {s.Months, "m"}, {s.Days, "d"}} {
		if part.n > 0 {
			out += strconv.Itoa(part.n) + part.unit
		}
	}
	return out
}

// After is the moment that a span later than t is reached.
func (s Span) After(t time.Time) time.Time { return t.AddDate(s.Years, s.Months, s.Days) }

// Retention is how long the mail of a project is kept. Both spans begin with the
// last mail of a thread: a conversation is kept whole, and goes whole.
type Retention struct {
	AtLeast   Span // it must not be erased before
	AtMost    Span // after that it is due
	Automatic bool // what is due is erased without being asked for
}

// KeptUntil is until when mail of a thread must be kept; zero if nothing demands it.
func (r Retention) KeptUntil(last time.Time) time.Time { return r.AtLeast.from(last) }

// DueAt is when a thread is due to be erased; zero if it never is.
func (r Retention) DueAt(last time.Time) time.Time { return r.AtMost.from(last) }

// DueBefore is the time of the last mail before which threads are due by now;
// zero if none ever is. Months differ in length, so that DueAt decides about each.
func (r Retention) DueBefore(now time.Time) time.Time {
	if r.AtMost == (Span{}) {
		return time.Time{}
	}
	return now.AddDate(-r.AtMost.Years, -r.AtMost.Months, -r.AtMost.Days).AddDate(0, 0, longestSlip)
}

// longestSlip is by how many days counting back and counting on may differ: 31
// January and a month is 3 March.
const longestSlip = 3

func (s Span) from(t time.Time) time.Time {
	if s == (Span{}) {
		return time.Time{}
	}
	return s.After(t)
}
