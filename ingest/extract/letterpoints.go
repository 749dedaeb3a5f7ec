package extract

import (
	"strings"

	"rapport/threads"
)

// letterPoints are the statements of a letter whose points are not known, as
// a letter in an old mailbox: its paragraphs and list items, unwrapped. They
// have no id.
func letterPoints(text string) []threads.Point {
	var out []threads.Point
	var b strings.Builder
	item := false
	flush := func() {
		s := strings.TrimSpace(b.String())
		b.Reset()
		if runes(letters(s)) >= minSure && !closing(s) || item && letters(s) != "" {
			out = append(out, threads.Point{Text: s})
		}
		item = false
	}
	for raw := range strings.SplitSeq(text, "\n") {
		_, l := quoteMarks(strings.TrimRight(raw, " \t\r"))
		l = strings.TrimSpace(l)
		_, marker := listMarker(l)
		switch {
		case l == "" || dashes(l):
			flush()
			continue
		case marker > 0:
			flush()
			item, l = true, l[marker:]
		case b.Len() > 0 && !(han(lastRune(b.String())) && han(first(l))):
			b.WriteByte(' ')
		}
		b.WriteString(l)
	}
	flush()
	return out
}
