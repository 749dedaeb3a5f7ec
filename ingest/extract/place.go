package extract

import (
	"slices"
	"strings"

	"rapport/threads"
)

// place tells what an item is about: the point whose label it names, else what
// is quoted above it. A decision that answers neither is bound to the letter
// that the mail replies to.
func (f *finder) place(o *found, it *threads.Item) {
	p := &f.pieces[o.piece]
	it.About = f.about(o)
	if it.About != "" || p.point != nil && !(p.last && o.paragraph > 0) {
		if p.point != nil {
			it.Point = p.point.ID
		}
		if p.sent != nil {
			it.Report = p.sent.Report
		}
	}
	name := o.head
	if o.label != "" {
		name = o.label
	}
	if sent, point := f.named(name); point != nil {
		it.Report, it.Point, it.About = sent.Report, point.ID, point.Text
	}
	if it.Report == "" && it.Kind == threads.Decision {
		it.Report = f.repliedTo()
	}
}

// named finds the point of our letters whose label ("D-1", "F-13") the sentence
// names, if it names only one.
func (f *finder) named(s string) (*threads.SentLetter, *threads.Point) {
	label := ""
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r != '-' && !(r < 0x80 && (isDigit(byte(r)) || isLetter(byte(r)))) }) {
		word = strings.ToUpper(word)
		if !strings.Contains(word, "-") || !pointLabel(word) || word == label {
			continue
		}
		if label != "" {
			return nil, nil
		}
		label = word
	}
	if label == "" {
		return nil, nil
	}
	for i := range f.in.Sent {
		for k := range f.in.Sent[i].Points {
			if p := &f.in.Sent[i].Points[k]; p.ID == label {
				return &f.in.Sent[i], p
			}
		}
	}
	return nil, nil
}

// repliedTo is the report that the mail says it answers (RFC 5322 section
// 3.6.4), or lines of which it quotes.
func (f *finder) repliedTo() string {
	m := f.in.Mail
	for i := range f.in.Sent {
		s := &f.in.Sent[i]
		if s.MessageID != "" && (slices.Contains(m.InReplyTo, s.MessageID) || len(m.References) > 0 && m.References[len(m.References)-1] == s.MessageID) {
			return s.Report
		}
	}
	for i := range f.pieces {
		if f.pieces[i].sent != nil {
			return f.pieces[i].sent.Report
		}
	}
	return ""
}
