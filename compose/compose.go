// Package compose turns a manager's draft into a letter and sends it.
//
// A Markdown draft with front matter comes in; findings with their lines, an
// HTML and a plain text from one syntax tree, and the exact bytes of one letter
// per recipient go out. It promises that rendering is pure (the same input gives
// the same bytes), that nothing is sent that was not approved with exactly these
// bytes, and that nothing is sent twice: what happened to a letter is either
// known from the server's words or found out before anything is sent again.
package compose

import (
	"fmt"

	"rapport/threads"
)

// Draft is a report as the manager wrote it.
type Draft struct {
	Path   string // for findings; "" if it came from elsewhere
	Source []byte // the whole file
	Front  Front
	Body   []byte // the Markdown below the front matter
	Line   int    // the line of the file on which Body begins, 1-based
}

// Front is a draft's front matter.
type Front struct {
	Project     string            // key
	Period      string            // "2026-W48", "2026-11" or "2026-11-16..2026-11-22"
	Status      string            // "green", "yellow", "red" or ""
	Subject     string            // "" for the project's usual one
	Language    string            // of a letter in one language; "" for the project's
	Languages   []string          // of a letter in several, in their order
	To, Cc      []threads.Address // empty To: the project's contacts that get reports
	Attachments []string          // paths, relative to the draft
	Silence     map[string]string // finding code → the reason why it is no trouble here
}

// Severity says whether a finding blocks.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // blocks approval
	Warning Severity = "warning" // tells
)

// Finding is one thing that the check of a draft has to say.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"` // "answer-missing"; it can be silenced by this word
	Path     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"` // in the draft's file; 0 if it is about the whole
	Words    string   `json:"words"`          // what is wrong and why
	Proposal string   `json:"proposal,omitempty"`
}

// String is the finding as compilers write it: "week.md:12: error: …".
func (f Finding) String() string {
	at := f.Path
	if f.Line > 0 {
		at = fmt.Sprintf("%s:%d", f.Path, f.Line)
	}
	s := fmt.Sprintf("%s: %s: %s [%s]", at, f.Severity, f.Words, f.Code)
	if f.Proposal != "" {
		s += "\n    " + f.Proposal
	}
	return s
}

// Blocked reports whether one of the findings forbids approval.
func Blocked(findings []Finding) bool {
	for _, f := range findings {
		if f.Severity == Error {
			return true
		}
	}
	return false
}

// Past is what a draft is checked against and what its blocks may name: what
// the project's client is owed and what was sent before.
type Past struct {
	Open    []threads.Item   // owed items, answered or not yet
	Reports []threads.Report // latest first
}

// Rendered is a draft as it will be read: one tree, rendered twice.
type Rendered struct {
	Project  string
	Period   string
	Status   string
	Subject  string
	Language string   // BCP 47 primary tag; of a report in several languages the first
	Also     []string // its other languages, in their order
	HTML     string
	Text     string // at most 78 columns
	Points   []threads.Point
	Answers  []threads.Answer // what the report tells the client, by the items' ids
	To, Cc   []threads.Address
	Files    []File
	ReplyTo  string // our address behind the buttons of HTML, see ReplyVia
}

// File is an attachment, or a picture that the HTML shows by its ContentID.
type File struct {
	Name      string
	Type      string // media type
	ContentID string // without angle brackets; "" for an attachment
	Body      []byte
}
