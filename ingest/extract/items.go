package extract

import (
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
	in        Input
	language  string
	text      string
	pieces    []piece
	model     *Model
	written   time.Time
	corrected []correction

	features features
	found    []*found
	readTo   int // where the sentences begin that were not read; the end of the text if all were
	rating   *threads.Rated
}

// none is the class of a sentence that is no item.
const none threads.Kind = "none"

func newFinder(in Input, language string, text reading) *finder {
	f := &finder{in: in, language: language, text: text.newText, pieces: text.pieces, readTo: len(text.newText), model: builtin(), written: in.Mail.Date}
	f.corrected = f.corrections(in.Corrections)
	if in.Zone != nil && !f.written.IsZero() {
		f.written = f.written.In(in.Zone)
	}
	f.features = features{list: make([]uint32, 0, usualFeatures), toks: make([]token, 0, usualFeatures/4)}
	var before *found
	all := sentences(&text)
	f.found = make([]*found, 0, len(all))
	for i, s := range all {
		here := &found{sentence: s, text: f.text[s.start:s.end], kind: none}
		switch {
		case i < maxRead:
			f.read(here)
			f.context(here, before)
			f.correct(here)
		case i == maxRead:
			f.readTo = s.start
		}
		f.found = append(f.found, here)
		before = here
	}
	f.facts()
	f.oneWord()
	return f
}

// readItems reads the sentences of the new text in their order: each by itself,
// then by what stands around it.
func (out *Result) readItems(in Input, text reading) {
	f := newFinder(in, out.Language, text)
	var kept []*found
	for _, o := range f.found {
		if o.kind != none {
			kept = append(kept, o)
		}
	}
	f.list(out, kept)
	out.Rating = f.rating
}

// list fills the items and the remarks: kept is what is an item, in its order.
func (f *finder) list(out *Result, kept []*found) {
	kept, out.Left = f.bounded(kept)
	out.Items, out.Remarks = nil, nil
	if len(kept) > 0 {
		out.Items = make([]threads.Item, 0, len(kept))
	}
	for _, o := range kept {
		out.Items = append(out.Items, f.toldItem(o))
	}
	next := 0
	for _, o := range f.found {
		for next < len(kept) && kept[next].end <= o.start {
			next++
		}
		if next == len(kept) || kept[next].start >= o.end {
			out.Remarks = append(out.Remarks, Span{o.start, o.end})
		}
	}
}

// item makes an item of a sentence.
func (f *finder) item(o *found) threads.Item {
	it := threads.Item{Kind: o.kind, Text: o.text, Start: o.start, End: o.end, Sure: o.sure, Why: o.why, At: f.in.Mail.Date, State: o.kind.FirstState()}
	f.place(o, &it)
	it.Facet = o.facet
	if it.Facet == "" {
		it.Facet = f.facet(o, it.About)
	}
	switch o.kind {
	case threads.Request, threads.Problem, threads.Concern, threads.Question:
		it.Urgent = urgent(o.flags) || o.rushed
	}
	switch o.kind {
	case threads.Commitment:
		it.Due = dueDate(o.head, o.language, f.written, anyDay)
	case threads.Request:
		it.Due = dueDate(o.head, o.language, f.written, agreedDay)
	case threads.Problem:
		it.Due = dueDate(o.head, o.language, f.written, deadlineDay)
		if it.Due == "" {
			it.Due = dueDate(o.fix, o.language, f.written, agreedDay)
		}
	}
	return it
}

// facet reads the facet of the sentence; of a bare answer, that of the point.
func (f *finder) facet(o *found, about string) threads.Facet {
	text, flags := o.head, o.flags
	if about != "" && len(tokens(text, nil)) <= 6 {
		text = about[:min(len(about), maxSentence)] + " " + text
		flags = ruleFlags(text, o.language)
	}
	f.features.of(text, o.language, flags)
	f.features.kinded(o.kind)
	var s [5]float64
	f.model.Facets.scores(&f.features, s[:])
	return facets[best(s[:])]
}
