package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

// add makes an item of words that were not taken for one.
func (a *amendment) add() error {
	m := &a.message
	switch {
	case m.Project == "":
		return fmt.Errorf("%w: mail %s is in the tray; file it first", threads.ErrConflict, m.ID)
	case m.Direction == threads.Out:
		return fmt.Errorf("%w: mail %s is ours; items are what the client says", threads.ErrConflict, m.ID)
	case a.Kind == "":
		return fmt.Errorf("the item needs a kind")
	}
	start, end := a.Start, a.End
	if a.Words != "" {
		if start = strings.Index(m.NewText, a.Words); start < 0 {
			return fmt.Errorf("the mail's new text does not have the words %q: %w", a.Words, threads.ErrNotFound)
		}
		end = start + len(a.Words)
	}
	if !whole(m.NewText, start, end) {
		return fmt.Errorf("bytes %d to %d are no words of the mail's new text: %w", start, end, threads.ErrNotFound)
	}
	i := threads.Item{Facet: threads.NoFacet, Text: m.NewText[start:end], Start: start, End: end, At: m.Date}
	for n := range a.items {
		if o := &a.items[n]; o.Start < end && start < o.End {
			return fmt.Errorf("%w: these words are in %s already; change, split or bring back that one", threads.ErrConflict, o.Label())
		}
	}
	a.read(&i)
	a.items = append(a.items, i)
	a.touched = []int{len(a.items) - 1}
	a.taught = a.touched
	a.told = string(a.Step)
	return nil
}

// whole reports whether a range holds words and cuts no character.
func whole(text string, start, end int) bool {
	if start < 0 || start >= end || end > len(text) || strings.TrimSpace(text[start:end]) == "" {
		return false
	}
	return utf8.RuneStart(text[start]) && (end == len(text) || utf8.RuneStart(text[end]))
}
