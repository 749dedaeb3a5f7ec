package web

import (
	"sort"
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

// block is one stretch of a mail as it is read: either the writer's words in
// runs, or a folded part.
type block struct {
	Runs []run
	Fold *fold
}

// run is text that the same items cover. Kind is "" where none does.
type run struct {
	Text string
	Kind threads.Kind
	ID   string   // the anchor of the first item that begins here, "f13"
	More []string // anchors of further items that begin here
	Ends []mark   // items that end here: their labels follow the words
}

type mark struct {
	Label  string // "F-13"
	Number int
}

// limits bound the text of one mail on a page, in bytes.
type limits struct{ text, fold int }

// Limits of a mail among others, and of a mail alone.
var (
	threadLimits  = limits{64 << 10, 16 << 10}
	messageLimits = limits{2 << 20, 2 << 20}
)

// blocks cuts the new text at the bounds of items and at the places of folds.
// Items whose words do not stand where they say are left out: better no mark
// than a wrong one. cut reports that the text went on.
func blocks(m *threads.Message, items []threads.Item, max limits) (out []block, cut bool) {
	text, cut := clip(m.NewText, max.text)
	items = standing(text, items)
	cuts := map[int]bool{0: true, len(text): true}
	for _, i := range items {
		cuts[i.Start], cuts[i.End] = true, true
	}
	folds := map[int][]fold{}
	for _, f := range m.Folds {
		at := boundary(text, f.At)
		cuts[at] = true
		folds[at] = append(folds[at], newFold(f, max.fold))
	}
	places := make([]int, 0, len(cuts))
	for p := range cuts {
		places = append(places, p)
	}
	sort.Ints(places)

	var words block
	flush := func() {
		if words.trim(); len(words.Runs) > 0 {
			out = append(out, words)
		}
		words = block{}
	}
	for i, p := range places {
		if fs := folds[p]; len(fs) > 0 {
			flush()
			for j := range fs {
				out = append(out, block{Fold: &fs[j]})
			}
		}
		if i+1 < len(places) {
			words.Runs = append(words.Runs, runOf(text, p, places[i+1], items))
		}
	}
	flush()
	return joinFolds(out), cut
}

// runOf is the run from one cut to the next.
func runOf(text string, from, to int, items []threads.Item) run {
	r := run{Text: text[from:to]}
	for i := range items {
		it := &items[i]
		if it.Start > from || it.End < to {
			continue
		}
		if r.Kind == "" {
			r.Kind = it.Kind
		}
		if it.Start == from {
			if anchor := anchor(it.Number); r.ID == "" {
				r.ID = anchor
			} else {
				r.More = append(r.More, anchor)
			}
		}
		if it.End == to {
			r.Ends = append(r.Ends, mark{it.Label(), it.Number})
		}
	}
	return r
}

// anchors are the places in a text that an address can name.
func anchors(blocks []block) map[string]bool {
	out := map[string]bool{}
	for _, b := range blocks {
		for _, r := range b.Runs {
			out[r.ID] = true
			for _, id := range r.More {
				out[id] = true
			}
		}
	}
	return out
}

// standing returns the items whose words are in the text where they say, each
// number once, in their order.
func standing(text string, items []threads.Item) []threads.Item {
	seen := map[int]bool{}
	var out []threads.Item
	for _, i := range items {
		fits := i.Start >= 0 && i.Start < i.End && i.End <= len(text) && text[i.Start:i.End] == i.Text
		if fits && !seen[i.Number] {
			seen[i.Number] = true
			out = append(out, i)
		}
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Start < out[b].Start })
	return out
}

// trim takes empty lines off both ends: the space around a block is the page's.
func (b *block) trim() {
	for len(b.Runs) > 0 && b.Runs[0].Kind == "" {
		b.Runs[0].Text = strings.TrimLeft(b.Runs[0].Text, "\n")
		if b.Runs[0].Text != "" {
			break
		}
		b.Runs = b.Runs[1:]
	}
	for n := len(b.Runs); n > 0 && b.Runs[n-1].Kind == ""; n = len(b.Runs) {
		b.Runs[n-1].Text = strings.TrimRight(b.Runs[n-1].Text, "\n ")
		if b.Runs[n-1].Text != "" {
			break
		}
		b.Runs = b.Runs[:n-1]
	}
}

// clip cuts text to at most max bytes, between two characters.
func clip(text string, max int) (string, bool) {
	if len(text) <= max {
		return text, false
	}
	return text[:boundary(text, max)], true
}

// boundary moves a byte offset into the text and back to the beginning of a character.
func boundary(text string, at int) int {
	at = min(max(at, 0), len(text))
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
