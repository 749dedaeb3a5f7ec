package threads

import (
	"fmt"
	"strings"
	"time"
)

// Word is the manager's answer to an item in one word.
type Word string

// The words of an answer.
const (
	Accepted Word = "accepted"
	Rejected Word = "rejected"
	Adjusted Word = "adjusted" // yes, but differently
	Deferred Word = "deferred" // yes, but later
	Done     Word = "done"
	Replied  Word = "answered" // a question, or anything that needed words only
)

// Words are all answer words in the order in which they are shown.
var Words = []Word{Accepted, Adjusted, Deferred, Rejected, Done, Replied}

// Answer is what we tell the client about one item. Answers are never changed:
// a later one stands in front of the earlier.
type Answer struct {
	Item   string    `json:"item"`
	Word   Word      `json:"word"`
	Reason string    `json:"reason"`
	Next   string    `json:"next,omitempty"` // next step
	Date   string    `json:"date,omitempty"` // civil date of the next step
	By     string    `json:"by"`             // login
	At     time.Time `json:"at"`
	Report string    `json:"report,omitempty"` // the report that carried it to the client
}

// Check tells what an answer lacks before a client may read it: every answer
// has a reason, a rejected or deferred one also a next step.
func (a *Answer) Check() error {
	known := false
	for _, w := range Words {
		known = known || w == a.Word
	}
	switch {
	case !known:
		return fmt.Errorf("%q is no answer; use one of accepted, adjusted, deferred, rejected, done, answered", a.Word)
	case strings.TrimSpace(a.Reason) == "":
		return fmt.Errorf("the answer %q has no reason; add one that the client can understand", a.Word)
	case (a.Word == Rejected || a.Word == Deferred) && strings.TrimSpace(a.Next) == "":
		return fmt.Errorf("the answer %q has no next step; say what happens instead, or when", a.Word)
	}
	if a.Date != "" {
		if _, err := time.Parse(time.DateOnly, a.Date); err != nil {
			return fmt.Errorf("the date %q is not of the form 2026-11-27", a.Date)
		}
	}
	return nil
}
