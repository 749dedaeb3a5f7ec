package extract

import (
	"strings"

	"rapport/threads"
)

const (
	minSure  = 8  // letters that a line needs to count before any quote mark
	minPlain = 16 // letters that an unmarked line needs beside marked ones
)

// knownCut takes the lines of our letters out of a mail: what stands between
// them is the client's.
type knownCut struct {
	letters []*sentText
	quoting int  // index of the first line that shows that quoting has begun
	marks   bool // quoted lines have marks of their own
	any     bool // a line of ours was found
	out     []line
}

// cutKnown marks the lines of our letters. A line that begins with a whole line
// of ours and goes on is split there. It returns the lines, and whether any was
// ours.
func cutKnown(lines []line, sent []threads.SentLetter) ([]line, bool) {
	c := &knownCut{quoting: firstMark(lines), out: make([]line, 0, len(lines))}
	for i := range sent {
		s := &sent[i]
		if len(s.Points) == 0 {
			whole := *s
			whole.Points = letterPoints(s.Text)
			s = &whole
		}
		if len(s.Points) > 0 || strings.TrimSpace(s.Text) != "" {
			c.letters = append(c.letters, readSent(s))
		}
	}
	if len(c.letters) == 0 {
		return lines, false
	}
	c.marks = c.marked(lines)
	for i := range lines {
		c.line(lines[i], i >= c.quoting || c.any)
	}
	if c.any {
		c.before()
		c.buttons()
		c.rules()
	}
	return c.out, c.any
}

// marked reports whether most of our long lines have a quote mark. A few marks
// say nothing: our letters quote as well.
func (c *knownCut) marked(lines []line) bool {
	with, without := 0, 0
	for i := range lines {
		n := letters(lines[i].text)
		if runes(n) < minPlain {
			continue
		}
		for _, k := range c.letters {
			if _, length := k.find(n); length < len(n) {
				continue
			}
			if lines[i].depth > 0 {
				with++
			} else {
				without++
			}
			break
		}
	}
	return with > without
}

// line marks a line as ours if one of the letters has it; what the client wrote
// behind it on the same line becomes a line of its own.
func (c *knownCut) line(l line, sure bool) {
	n := letters(l.text)
	for _, k := range c.letters {
		if n == "" {
			break
		}
		place, length := k.find(n)
		if length < len(n) { // a list that was numbered anew
			if _, marker := listMarker(l.text); marker > 0 {
				rest := letters(l.text[marker:])
				if p, got := k.find(rest); rest != "" && got == len(rest) && k.edge[p]&lineStart != 0 {
					n, place, length = rest, p, got
				}
			}
		}
		if place < 0 {
			continue
		}
		if length == len(n) {
			if !c.whole(&l, k, place, n, sure) {
				continue
			}
			c.take(&l, k, place, length)
			c.out = append(c.out, l)
			return
		}
		end := k.lastEnd(place, length)
		if end == 0 || runes(n[:end]) < minSure || k.edge[place]&lineStart == 0 || !sure && l.depth == 0 {
			continue
		}
		c.split(l, k, place, end)
		return
	}
	c.out = append(c.out, l)
}

// whole decides about a line all of whose letters stand in a letter of ours.
// Beside marked lines a short one without a mark is the client's, unless it is
// the end of a line that was wrapped behind its mark.
func (c *knownCut) whole(l *line, k *sentText, place int, n string, sure bool) bool {
	if l.depth == 0 && c.marks && runes(n) < minPlain {
		return place > 0 && place == k.cursor && k.edge[place]&lineEnd == 0 && c.follows(k)
	}
	return sure || l.depth > 0 || k.edge[place]&lineStart != 0 && runes(n) >= minSure
}

// follows: the line right above is one of the letter's.
func (c *knownCut) follows(k *sentText) bool {
	n := len(c.out)
	return n > 0 && c.out[n-1].cut == cutLetter && c.out[n-1].sent == k.letter
}

func (c *knownCut) take(l *line, k *sentText, place, length int) {
	l.cut, l.sent = cutLetter, k.letter
	l.point = k.pointIn(place, length)
	l.known, l.place = k, place
	k.cursor = place + length
	c.any = true
}

// split parts a line behind the letters of it that are ours.
func (c *knownCut) split(l line, k *sentText, place, end int) {
	_, at := lettersAt(l.text)
	if end > len(at) {
		c.out = append(c.out, l)
		return
	}
	rest := answerTail(l.text[at[end-1]:])
	head := l
	if letters(rest) != "" {
		head.text = l.text[:at[end-1]]
	}
	c.take(&head, k, place, end)
	c.out = append(c.out, head)
	if letters(rest) != "" {
		c.out = append(c.out, line{text: rest, html: l.html, point: head.point, sent: head.sent, behind: true})
	}
}

// before marks the short lines right above those that were found: the greeting
// of a letter that is quoted without any mark.
func (c *knownCut) before() {
	var below *line
	for i := len(c.out) - 1; i >= 0; i-- {
		l := &c.out[i]
		switch {
		case l.blank():
			continue
		case l.cut == "" && below != nil && below.known != nil:
			k := below.known
			n := letters(l.text)
			start := below.place - len(n)
			if n != "" && start >= 0 && k.text[start:below.place] == n && k.edge[start]&lineStart != 0 && (!c.marks || l.depth > 0) {
				l.cut, l.sent, l.point = cutLetter, k.letter, k.pointIn(start, len(n))
				l.known, l.place = k, start
			}
		}
		below = l
	}
}

// buttons marks the answer buttons of our HTML letters: lines of links that
// write a mail with its subject or text filled in. Nobody types those.
func (c *knownCut) buttons() {
	var above *line
	for i := range c.out {
		l := &c.out[i]
		if l.cut == cutLetter {
			above = l
		}
		if l.cut != "" || above == nil || l.html == nil || len(l.html.Links) == 0 {
			continue
		}
		all := true
		for _, link := range l.html.Links {
			all = all && strings.HasPrefix(link, "mailto:") && strings.ContainsRune(link, '?')
		}
		if all {
			l.cut, l.sent, l.point = cutLetter, above.sent, above.point
		}
	}
}

// rules marks the lines without a word that our text part draws under headings
// where a line of ours stands above or below.
func (c *knownCut) rules() {
	ours := make([]bool, len(c.out)) // the next line above or below with words is ours
	for _, down := range []bool{true, false} {
		near := false
		for k := range c.out {
			i := k
			if !down {
				i = len(c.out) - 1 - k
			}
			l := &c.out[i]
			if l.blank() || dashes(l.text) {
				ours[i] = ours[i] || near
			} else {
				near = l.cut == cutLetter
			}
		}
	}
	for i := range c.out {
		if l := &c.out[i]; l.cut == "" && ours[i] && dashes(l.text) {
			l.cut = cutLetter
		}
	}
}

// answerTail drops the marks between our words and the client's on one line.
func answerTail(s string) string {
	return strings.TrimLeft(s, " \t.;:,?!。；：，？！)）]】\u00a0–—-=>→*_")
}

// firstMark is the index of the first line that shows that quoting has begun.
func firstMark(lines []line) int {
	for i := range lines {
		l := &lines[i]
		if l.depth > 0 || l.separator() != "" || l.marked(quoteNodes...) {
			return i
		}
		if _, ok := attribution(lines, i); ok {
			return i
		}
		if headerBlock(lines, i) > 0 {
			return i
		}
	}
	return len(lines)
}
