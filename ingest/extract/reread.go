package extract

import (
	"sort"
	"time"
	"unicode/utf8"

	"rapport/threads"
)

// Reading is one item as another reader than this package's sees it: a
// language model, a person.
type Reading struct {
	Kind       threads.Kind
	Facet      threads.Facet // "" to leave it to this package
	Start, End int           // in the new text of Read's result
	Urgent     bool
	Due        string // civil date or ""
}

// Reread is Read with items read elsewhere, by the reader of that name. What
// they are about, and whether a decision is a plain one, is still told here.
// Lines of answer buttons stay as Read has them, spans that are none of the new
// text or overlap another one are left out, and an item that only the other
// reader sees is unsure.
func Reread(in Input, readings []Reading, by string) Result {
	out := Read(in)
	if len(out.Items)+len(out.Remarks) == 0 {
		return out
	}
	f := newFinder(in, out.Language, readText(in))
	kept := f.exact()
	sort.SliceStable(readings, func(i, k int) bool { return readings[i].Start < readings[k].Start })
	for _, r := range readings {
		if o := f.reading(r, by); o != nil && !overlapsAny(kept, o) {
			kept = append(kept, o)
		}
	}
	sort.SliceStable(kept, func(i, k int) bool { return kept[i].start < kept[k].start })
	out.Items, out.Remarks = nil, nil
	for _, o := range kept {
		it := f.item(o)
		if o.told != nil {
			it.Urgent, it.Due = o.told.Urgent, o.told.Due
		}
		out.Items = append(out.Items, it)
	}
	for _, o := range f.found {
		if !overlapsAny(kept, o) {
			out.Remarks = append(out.Remarks, Span{o.start, o.end})
		}
	}
	return out
}

// exact are the items of lines that an answer button has written.
func (f *finder) exact() []*found {
	var out []*found
	for _, o := range f.found {
		if _, _, ok := labelled(o.text); ok && o.kind != none {
			out = append(out, o)
		}
	}
	return out
}

// reading is what another reader has read, nil if it is nonsense.
func (f *finder) reading(r Reading, by string) *found {
	if classOf(r.Kind) <= 0 || r.Start < 0 || r.End > len(f.text) || r.Start >= r.End || !utf8.ValidString(f.text[r.Start:r.End]) {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, r.Due); err != nil {
		r.Due = ""
	}
	i := sort.Search(len(f.found), func(i int) bool { return f.found[i].end > r.Start })
	if i == len(f.found) || letters(f.text[r.Start:r.End]) == "" {
		return nil
	}
	at := f.found[i]
	o := &found{sentence: at.sentence, text: f.text[r.Start:r.End], told: &r}
	o.start, o.end = r.Start, r.End
	f.read(o)
	o.become(r.Kind)
	if facetOf(r.Facet) >= 0 {
		o.facet = r.Facet
	}
	if at.kind != r.Kind {
		o.unsure("only " + by + " reads it so")
	}
	if r.Kind == threads.Decision {
		o.guard(o.flags)
	}
	return o
}

func overlapsAny(list []*found, o *found) bool {
	for _, k := range list {
		if o.start < k.end && k.start < o.end {
			return true
		}
	}
	return false
}
