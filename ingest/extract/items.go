package extract

import (
	"strings"
	"sync"
	"time"

	_ "embed"

	"rapport/threads"
)

//go:embed model.bin
var modelBytes []byte

// builtin is the model that was trained from the sentences in training.
var builtin = sync.OnceValue(func() *Model {
	m := new(Model)
	if err := m.UnmarshalBinary(modelBytes); err != nil {
		panic("extract: embedded model: " + err.Error()) // a test reads it
	}
	return m
})

// finder reads the items of one mail.
type finder struct {
	in       Input
	language string
	text     string
	pieces   []piece
	model    *Model
	written  time.Time

	features features
	items    []threads.Item
}

// reading of one sentence
type found struct {
	sentence
	text  string
	flags []string
	share [8]float64 // of each class
	kind  threads.Kind
	sure  bool
	why   string
}

func readItems(in Input, language string, text reading) ([]threads.Item, []Span) {
	f := &finder{in: in, language: language, text: text.newText, pieces: text.pieces, model: builtin(), written: in.Mail.Date}
	if in.Zone != nil && !f.written.IsZero() {
		f.written = f.written.In(in.Zone)
	}
	var before *found
	var remarks []Span
	for _, s := range sentences(&text) {
		here := f.read(s)
		f.context(here, before)
		if here.kind != none {
			f.add(here)
		} else {
			remarks = append(remarks, Span{here.start, here.end})
		}
		before = here
	}
	return f.items, remarks
}

// Mails hold more sentences that are no item than the labelled ones do, and a
// claimed decision must be right: what the model says is weighed by that.
const (
	noneBias    = 0.3 // added to the score of "none"
	minDecision = 0.4 // share below which a sentence by itself is no decision
	plainBias   = 0.6
	sureShare   = 0.6 // share from which a kind is sure
)

// none is the class of a sentence that is no item.
const none threads.Kind = "none"

// plainWords are the flags whose words are hardly used for anything else. They
// weigh more than the few sentences that the model has seen them in.
var plainWords = []struct {
	flag string
	kind threads.Kind
}{{"fault", threads.Problem}, {"delight", threads.Praise}, {"unease", threads.Concern}}

// read classifies one sentence by itself.
func (f *finder) read(s sentence) *found {
	out := &found{sentence: s, text: f.text[s.start:s.end], kind: none}
	out.flags = ruleFlags(out.text, f.language)
	f.features.of(out.text, f.language, out.flags)
	f.model.Kinds.scores(&f.features, out.share[:])
	out.share[0] += noneBias
	for _, w := range plainWords {
		if out.has(w.flag) && !out.has("solved") && !out.has("hypothetical") && !out.has("hearsay") {
			out.share[classOf(w.kind)] += plainBias
		}
	}
	softmax(out.share[:])
	top := best(out.share[:])
	out.kind = classes[top]
	out.sure = out.share[top] >= sureShare
	if !out.sure {
		out.why = "the wording is not clear"
	}
	return out
}

func (o *found) has(flag string) bool {
	for _, f := range o.flags {
		if f == flag {
			return true
		}
	}
	return false
}

func (o *found) unsure(why string) {
	o.sure, o.why = false, why
}

// context changes the reading of a sentence by what stands around it.
func (f *finder) context(o *found, before *found) {
	p := &f.pieces[o.piece]
	if o.bare && (closing(o.text) && width(o.text) < 50 && !asks(o.text) && !o.has("request") || salutation(o)) {
		o.kind = none
		return
	}
	if label, value, ok := labelled(o.text); ok {
		f.button(o, label, value)
		return
	}
	if about := f.about(o); about != "" {
		answer(o, about)
	}
	if before != nil && before.piece == p.index(f.pieces) && o.kind == threads.Request && before.kind == threads.Problem && onlyFix(o.text) {
		o.kind = none // a fault with "please fix it" is one problem
	}
	if o.kind == threads.Decision {
		f.decision(o)
	}
}

func (p *piece) index(all []piece) int {
	for i := range all {
		if &all[i] == p {
			return i
		}
	}
	return -1
}

// decision guards the most delicate kind: what is bound to a condition, or is
// not plainly a decision, is unsure.
func (f *finder) decision(o *found) {
	if o.has("condition") {
		o.unsure("the decision has a condition")
	}
	if o.share[classOf(threads.Decision)] < minDecision && f.about(o) == "" {
		o.share[classOf(threads.Decision)] = 0
		o.kind = classes[best(o.share[:])]
		o.unsure("it may be a decision")
	}
}

// about is what the sentence answers: what stands in the quotation above it.
// At the end of the mail only the first paragraph answers it.
func (f *finder) about(o *found) string {
	p := &f.pieces[o.piece]
	if p.last && o.paragraph > 0 {
		return ""
	}
	return p.about
}

func (f *finder) add(o *found) {
	p := &f.pieces[o.piece]
	it := threads.Item{Kind: o.kind, Text: o.text, Start: o.start, End: o.end, Sure: o.sure, Why: o.why, At: f.in.Mail.Date, State: o.kind.FirstState()}
	about := f.about(o)
	it.About = about
	if about != "" || p.point != nil && !(p.last && o.paragraph > 0) {
		if p.point != nil {
			it.Point = p.point.ID
		}
		if p.sent != nil {
			it.Report = p.sent.Report
		}
	}
	f.named(&it)
	it.Facet = f.facet(o, about)
	switch o.kind {
	case threads.Request, threads.Problem, threads.Concern, threads.Question:
		it.Urgent = urgent(o.flags)
	}
	switch o.kind {
	case threads.Commitment:
		it.Due = dueDate(o.text, f.language, f.written, true)
	case threads.Request, threads.Problem:
		it.Due = dueDate(o.text, f.language, f.written, false)
	}
	f.items = append(f.items, it)
}

// facet reads the facet of the sentence; of a bare answer, that of the point.
func (f *finder) facet(o *found, about string) threads.Facet {
	text := o.text
	if about != "" && len(tokens(text, nil)) <= 6 {
		text = about + " " + text
	}
	flags := o.flags
	if text != o.text {
		flags = ruleFlags(text, f.language)
	}
	f.features.of(text, f.language, flags)
	f.features.kinded(o.kind)
	var s [5]float64
	f.model.Facets.scores(&f.features, s[:])
	return facets[best(s[:])]
}

// salutation: "Hi Tom," alone on its line.
func salutation(o *found) bool {
	switch lastRune(o.text) {
	case ',', '，', ':', '：':
		return width(o.text) < 40 && o.start == 0 || width(o.text) < 24 && !o.item
	}
	return false
}

// onlyFix: "please fix it", "麻烦处理一下" and nothing else.
func onlyFix(s string) bool {
	if width(s) > 60 {
		return false
	}
	text := " " + plain(s) + " "
	for _, w := range []string{" fix ", " repair ", " correct ", " look into ", " sort this ", " sort it ", " have a look ", " take a look ", " check ", " see to it ", " investigate ",
		"修复", "修一下", "处理一下", "看一下", "查一下", "排查", "解决", "修正", " beheben ", " korrigieren ", " reparieren ", " prüfen ", " corriger ", " réparer ", " arreglar ", " corregir "} {
		if strings.Contains(text, w) {
			return strings.Count(text, " ") < 9 || han(first(s))
		}
	}
	return false
}
