// Package extract finds what a client's mail says: in goes one parsed mail with
// the letters of ours that it may answer, out come the client's own new words
// and the items in them.
//
// It promises that every item is an exact piece of the new text, that what was
// cut from the mail is kept as a fold with its reason, that the same input
// gives the same result, and that time grows with the mail's length only. It
// uses no network, no clock and no state.
package extract

import (
	"time"

	"rapport/mail"
	"rapport/threads"
)

// Input is one mail and what is known around it.
type Input struct {
	Mail     *mail.Message
	Class    threads.Class
	Sent     []threads.SentLetter // letters of ours that the mail may answer, the likeliest first
	Zone     *time.Location       // the project's; nil means the offset of the mail's Date
	Language string               // the client's, BCP 47 primary tag; may be ""

	// Corrections are sentences of this client that the manager has read
	// otherwise, the latest last; Kind is "none" where it was no item. A sentence
	// like one of them is read the same way at once.
	Corrections []Example

	// Earlier are mails of the same sender, as they are stored: endings that
	// repeat in them are a signature.
	Earlier []threads.Message

	// Unlisted is mail whose items nobody keeps, as that of our own people: no
	// other reader is asked about it.
	Unlisted bool
}

// Result is what was read. Items have Kind, Facet, Text, Start, End, Urgent,
// Due, About, Report, Point, At, State, Sure and Why filled.
type Result struct {
	Language string // BCP 47 primary tag of the new text
	NewText  string // the client's new words: UTF-8, "\n" line ends
	Folds    []threads.Fold
	Items    []threads.Item
	Remarks  []Span         // the sentences that are no item, in order
	Rating   *threads.Rated // where the client rated our work ("Rating: 4"), else nil
	Left     int            // sentences that no items were taken from because the mail has too many; the last item stands for them
	Note     string         // why another reader that was to help did not; "" if all is well
}

// Span is a part of the new text, in bytes.
type Span struct{ Start, End int }

// Read reads a mail. Machine mail has no items; of automatic replies the text
// is kept, of bounces, receipts and list mail it is empty.
func Read(in Input) Result {
	text := readText(in)
	out := Result{NewText: text.newText, Folds: text.folds}
	out.Language = language(out.NewText, in.Language)
	switch in.Class {
	case threads.ClassBounce, threads.ClassDelay, threads.ClassReceipt, threads.ClassList, threads.ClassOwnCopy:
		if out.NewText = ""; in.Mail.Text != "" {
			out.Folds = []threads.Fold{{Reason: "machine mail", Text: in.Mail.Text}}
		}
	case threads.ClassAutoReply, threads.ClassOutOfOffice:
	default:
		out.readItems(in, text)
	}
	return out
}

// Sentences splits a text into its sentences: list items and lines stand for
// themselves, list markers are left out.
func Sentences(text string) []Span {
	r := reading{newText: text, pieces: []piece{{end: len(text)}}}
	var out []Span
	for _, s := range sentences(&r) {
		out = append(out, Span{s.start, s.end})
	}
	return out
}
