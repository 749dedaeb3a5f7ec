package extract

import (
	"slices"

	"rapport/threads"
)

const (
	maxCorrections = 2000
	likeness       = 0.75 // from which a sentence is taken for a corrected one
)

// correction is a sentence that the manager has read otherwise, as the set of
// its words and pairs of words.
type correction struct {
	kind  threads.Kind
	facet threads.Facet
	words []uint32
}

// corrections prepares what the manager has corrected, the latest first.
func (f *finder) corrections(list []Example) []correction {
	var out []correction
	for i := len(list) - 1; i >= 0 && len(out) < maxCorrections; i-- {
		if classOf(list[i].Kind) < 0 {
			continue
		}
		c := correction{kind: list[i].Kind, words: f.wordSet(list[i].Text)}
		if facetOf(list[i].Facet) >= 0 && list[i].Kind != none {
			c.facet = list[i].Facet
		}
		out = append(out, c)
	}
	return out
}

// wordSet is the sorted set of a text's words and pairs of words.
func (f *finder) wordSet(s string) []uint32 {
	f.features.toks = tokens(s[:min(len(s), maxSentence)], f.features.toks)
	var set []uint32
	before := uint64(0)
	for _, t := range f.features.toks {
		set = append(set, spread(t.hash+1), spread(before*31+t.hash+3))
		before = t.hash
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// correct reads a sentence as the manager has read the one most like it; of
// equals the latest counts. Answers to a labelled point stay exact.
func (f *finder) correct(o *found) {
	if len(f.corrected) == 0 {
		return
	}
	if _, _, ok := labelled(o.text); ok {
		return
	}
	set := f.wordSet(o.text)
	var nearest *correction
	top := 0.0
	for i := range f.corrected {
		if d := dice(set, f.corrected[i].words); d >= likeness && d > top {
			nearest, top = &f.corrected[i], d
		}
	}
	if nearest == nil {
		return
	}
	o.become(nearest.kind)
	o.taught = true
	o.facet = nearest.facet
	if o.kind == threads.Decision {
		o.guard(o.flags)
	}
}

// dice is how much two sorted sets have in common, from 0 to 1.
func dice(a, b []uint32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			both, i, j = both+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 2 * float64(both) / float64(len(a)+len(b))
}
