package extract

import (
	"slices"
	"sort"
	"time"
	"unicode/utf8"

	"rapport/threads"
)

// Reading is one item as another reader than this package's sees it: a
// language model.
type Reading struct {
	Kind       threads.Kind
	Facet      threads.Facet // "" to leave it to this package
	Start, End int           // in the new text of Read's result
	Urgent     bool
	Due        string // civil date or ""
}

// Reread is Read with items that a language model has read. What they are
// about is still told here, and so is whether a decision is a plain one:
//   - lines of answer buttons and sentences that the manager has corrected are
//     read as Read does, and a sure decision stays, unsure where the model reads
//     the sentence otherwise;
//   - an item that only the model sees is unsure;
//   - spans that are none of the new text, that cross paragraphs, or overlap
//     another one are left out.
func Reread(in Input, readings []Reading) Result {
	out := Read(in)
	if len(out.Items)+len(out.Remarks) == 0 {
		return out
	}
	f := newFinder(in, out.Language, readText(in))
	f.list(&out, f.agreed(f.told(readings)))
	return out
}

// settled: no other reader has a say in this sentence.
func (o *found) settled() bool {
	_, _, labelled := labelled(o.text)
	return labelled || o.taught || o.label != ""
}

// agreed joins what was told with what is read here, in the order of the text.
func (f *finder) agreed(told []*found) []*found {
	var kept, closed []*found
	keep := func(o *found) {
		closed = append(closed, o)
		if o.kind != none {
			kept = append(kept, o)
		}
	}
	for _, o := range f.found {
		if o.settled() {
			keep(o)
		}
	}
	told = slices.DeleteFunc(told, func(o *found) bool { return overlapsAny(closed, o) })
	for _, o := range f.found {
		if o.kind != threads.Decision || !o.sure || o.settled() {
			continue
		}
		switch kind := touching(told, o); kind {
		case threads.Decision: // in the span that the model names
		case none:
			keep(o)
		default:
			o.unsure("the language model reads it otherwise")
			keep(o)
		}
	}
	for _, o := range told {
		if !overlapsAny(closed, o) {
			keep(o)
		}
	}
	sort.SliceStable(kept, func(i, k int) bool { return kept[i].start < kept[k].start })
	return kept
}

// touching is the kind that was told of a sentence, none if nothing was.
func touching(told []*found, o *found) threads.Kind {
	for _, t := range told {
		if t.start < o.end && o.start < t.end {
			return t.kind
		}
	}
	return none
}

// told are the readings that make sense, in the order of the text.
func (f *finder) told(readings []Reading) []*found {
	readings = append([]Reading(nil), readings...)
	sort.SliceStable(readings, func(i, k int) bool { return readings[i].Start < readings[k].Start })
	shared := map[int]int{} // readings of each sentence
	for i := range readings {
		first, last := f.touched(&readings[i])
		for k := first; k <= last; k++ {
			shared[k]++
		}
	}
	var out []*found
	for i := range readings {
		r := &readings[i]
		first, last := f.touched(r)
		whole := true
		for k := first; k <= last; k++ {
			whole = whole && shared[k] == 1
		}
		if o := f.reading(r, first, last, whole); o != nil && !overlapsAny(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// touched are the first and the last sentence that a reading touches; last is
// before first if there is none.
func (f *finder) touched(r *Reading) (first, last int) {
	if r.Start < 0 || r.End > len(f.text) || r.Start >= r.End {
		return 0, -1
	}
	first = sort.Search(len(f.found), func(i int) bool { return f.found[i].end > r.Start })
	last = sort.Search(len(f.found), func(i int) bool { return f.found[i].start >= r.End }) - 1
	return first, last
}

// reading is what was told of the sentences from first to last, nil if it is
// nonsense. It is of the whole sentences unless they hold more than one item:
// "approved" may be cut out of "not approved".
func (f *finder) reading(r *Reading, first, last int, whole bool) *found {
	if last < first || classOf(r.Kind) <= 0 || !utf8.ValidString(f.text[r.Start:r.End]) || wordless(f.text[r.Start:r.End]) {
		return nil
	}
	from, to := f.found[first], f.found[last]
	if from.piece != to.piece || from.paragraph != to.paragraph {
		return nil
	}
	o := &found{sentence: from.sentence, told: r}
	o.start, o.end = r.Start, r.End
	if whole {
		o.start, o.end = from.start, to.end
	}
	o.text = f.text[o.start:o.end]
	f.read(o)
	o.become(r.Kind)
	if facetOf(r.Facet) >= 0 {
		o.facet = r.Facet
	}
	f.certain(o, first, last, whole)
	return o
}

// certain makes unsure what is not read so here. A decision must be read as a
// sure one in each of its sentences; to find another kind in one is enough.
func (f *finder) certain(o *found, first, last int, whole bool) {
	agree, doubt := 0, ""
	for _, s := range f.found[first : last+1] {
		if s.kind == o.kind {
			agree++
			if !s.sure {
				doubt = s.why
			}
		}
	}
	decision := o.kind == threads.Decision
	if decision {
		o.guard(o.flags)
	}
	switch {
	case agree == 0, decision && (agree <= last-first || !whole):
		o.unsure("found by the language model")
	case decision && doubt != "":
		o.unsure(doubt)
	}
}

// toldItem makes an item of what is kept. A date that is read here counts more
// than one that was told.
func (f *finder) toldItem(o *found) threads.Item {
	it := f.item(o)
	if o.told == nil {
		return it
	}
	switch it.Kind {
	case threads.Request, threads.Problem, threads.Concern, threads.Question:
		it.Urgent = o.told.Urgent
	}
	switch it.Kind {
	case threads.Request, threads.Problem, threads.Commitment:
		if it.Due == "" && f.likely(o.told.Due) {
			it.Due = o.told.Due
		}
	}
	return it
}

// likely: a civil date from the day of the mail to two years later.
func (f *finder) likely(due string) bool {
	if _, err := time.Parse(time.DateOnly, due); err != nil || f.written.IsZero() {
		return false
	}
	return due >= f.written.Format(time.DateOnly) && due <= f.written.AddDate(2, 0, 0).Format(time.DateOnly)
}

func overlapsAny(list []*found, o *found) bool {
	for _, k := range list {
		if o.start < k.end && k.start < o.end {
			return true
		}
	}
	return false
}
