package extract

import (
	"slices"
	"strings"

	"rapport/threads"
)

// facts finds what the client says to a question of ours ("Q-1: about forty").
// Nothing in such words makes an item of them, only that we have asked: so they
// are remembered as a decision about the point. Answers stand on the line that
// the button has written, below or above it where it was left empty, anywhere
// where the button's line is gone and the subject still has its label, or under
// the quoted question.
func (f *finder) facts() {
	open := f.buttonSubject()
	var line, empty *found // the answer whose line goes on; the button's line that was left empty
	kept := f.found[:0]
	for _, o := range f.found {
		if line != nil && o.kind == none && !o.taught && line.piece == o.piece && !strings.Contains(f.text[line.end:o.start], "\n") {
			line.end, line.text = o.end, f.text[line.start:o.end]
			continue
		}
		kept = append(kept, o)
		line = nil
		if _, value, ok := labelled(o.text); ok {
			open = ""
			switch label := f.questionIn(o.text); {
			case label == "":
			case wordless(value):
				open, empty = label, o
			default:
				o.fact(label)
				line = o
			}
			continue
		}
		if f.idle(o) {
			continue
		}
		if open != "" {
			o.fact(open)
			open, empty, line = "", nil, o
		} else if p := &f.pieces[o.piece]; o.kind == none && p.point != nil && p.point.ID[0] == 'Q' && f.about(o) != "" {
			o.fact(p.point.ID)
			o.unsure("it stands below our question")
			line = o
		}
	}
	f.found = kept
	if empty == nil {
		return
	}
	for i := slices.Index(kept, empty) - 1; i >= 0 && kept[i].piece == empty.piece; i-- {
		if o := kept[i]; o.kind == none && !f.idle(o) {
			o.fact(f.questionIn(empty.text))
			return
		}
	}
}

// buttonSubject is the label of a question of ours that the button has written
// into the subject ("[KEY] Q-1: "), "" if its line in the body is still there:
// that one counts.
func (f *finder) buttonSubject() string {
	s := f.in.Mail.Subject
	if tag, rest, ok := strings.Cut(s, "]"); ok && strings.HasPrefix(tag, "[") {
		s = strings.TrimSpace(rest)
	}
	label := f.questionIn(s)
	if strings.Contains(f.text, label) {
		return ""
	}
	return label
}

// questionIn is the label of a question of ours that s begins with and a colon
// follows, else "".
func (f *finder) questionIn(s string) string {
	label, _, ok := labelled(s)
	if !ok || label[0] != 'Q' {
		return ""
	}
	if _, point := f.named(label); point == nil {
		return ""
	}
	return label
}

// idle: the sentence greets, thanks or closes, and answers nothing.
func (f *finder) idle(o *found) bool {
	return wordless(o.text) || salutation(o) || o.bare && closing(o.text) || o.taught
}

// fact binds the sentence to a question of ours; what is no item by its own
// words becomes one.
func (o *found) fact(label string) {
	o.label = label
	if o.kind == none {
		o.become(threads.Decision)
		o.guard(o.flags)
	}
}
