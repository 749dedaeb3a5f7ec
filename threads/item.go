package threads

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind says what a client's words want from us.
type Kind string

// The kinds of item.
const (
	Request    Kind = "request"
	Problem    Kind = "problem"
	Question   Kind = "question"
	Decision   Kind = "decision"
	Concern    Kind = "concern"
	Praise     Kind = "praise"
	Commitment Kind = "commitment"
)

// Kinds are all kinds in the order in which they are shown.
var Kinds = []Kind{Problem, Request, Question, Decision, Concern, Commitment, Praise}

// Owed reports whether an item of this kind stays open until we have answered
// it. Praise, decisions and the client's own promises are only remembered.
func (k Kind) Owed() bool {
	return k == Request || k == Problem || k == Question || k == Concern
}

// Facet says what an item touches: goals and scope, function and look, dates,
// or money.
type Facet string

// The facets.
const (
	Business  Facet = "business"
	Technical Facet = "technical"
	Schedule  Facet = "schedule"
	Budget    Facet = "budget"
	NoFacet   Facet = "none"
)

// ItemState is where an item stands.
type ItemState string

// The states of an item. Noted is for kinds that owe no answer.
const (
	Open      ItemState = "open"
	Noted     ItemState = "noted"
	Answered  ItemState = "answered"
	Dismissed ItemState = "dismissed"
)

// Item is one thing the client said that needs an answer or a memory.
type Item struct {
	ID      string `json:"id"`
	Project string `json:"project"`
	Number  int    `json:"number"` // counts up in the project; shown as F-13
	Message string `json:"message"`
	Thread  string `json:"thread"`

	Kind   Kind   `json:"kind"`
	Facet  Facet  `json:"facet"`
	Text   string `json:"text"`  // the exact words: NewText[Start:End]
	Start  int    `json:"start"` // byte offsets in the message's new text
	End    int    `json:"end"`
	Urgent bool   `json:"urgent"`
	Due    string `json:"due,omitempty"`    // civil date "2026-11-27" in the project's time zone
	About  string `json:"about,omitempty"`  // the words of ours that it answers
	Report string `json:"report,omitempty"` // the report it answers, when the letter is known
	Point  string `json:"point,omitempty"`  // the point of that report

	Sure   bool      `json:"sure"`
	Why    string    `json:"why,omitempty"` // why it is unsure, in words
	State  ItemState `json:"state"`
	Answer *Answer   `json:"answer,omitempty"` // the latest
	At     time.Time `json:"at"`               // when the client wrote it
}

// Label is the number under which people speak of the item: "F-13".
func (i *Item) Label() string { return "F-" + strconv.Itoa(i.Number) }

// ParseLabel reads "F-13", "f13" or "13".
func ParseLabel(s string) (int, error) {
	t := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(s)), "F"), "-")
	n, err := strconv.Atoi(t)
	if err != nil || n <= 0 {
		return 0, fmt.Errorf("%q is no item number; write it as F-13", s)
	}
	return n, nil
}

// FirstState is the state of an item that has just been found.
func (k Kind) FirstState() ItemState {
	if k.Owed() {
		return Open
	}
	return Noted
}
