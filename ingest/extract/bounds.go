package extract

import (
	"slices"
	"sort"

	"rapport/threads"
)

// One mail must not fill the manager's lists, drafts and days: no person makes
// as many points, and a program that does is answered as one.
const (
	// maxItems bounds the items of one mail.
	maxItems = 200
	// maxRead bounds the sentences of one mail that are read for items.
	maxRead = 8000
	// maxSentence bounds the bytes of one sentence that are read; the rest of it
	// belongs to the item all the same.
	maxSentence = 2000
	// maxAbout bounds the bytes of a quoted line that an item is about.
	maxAbout = 4000
)

// bounded keeps the first items of a mail. Where there are more, or sentences
// that were not read, one unsure request stands at the first sentence of the
// rest, so that it waits for an answer; left is how many sentences the rest has.
func (f *finder) bounded(kept []*found) (list []*found, left int) {
	from := f.readTo
	if len(kept) > maxItems {
		from = min(from, kept[maxItems].start)
	}
	first := sort.Search(len(f.found), func(i int) bool { return f.found[i].end > from })
	if first == len(f.found) {
		return kept, 0
	}
	if i := slices.IndexFunc(kept, func(o *found) bool { return o.end > from }); i >= 0 {
		kept = kept[:i]
	}
	rest := *f.found[first]
	rest.become(threads.Request)
	rest.unsure("more points follow than are taken apart")
	return append(kept, &rest), len(f.found) - first
}
