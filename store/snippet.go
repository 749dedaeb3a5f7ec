package store

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

// Sizes of a snippet in bytes.
const (
	snippetBefore = 80  // what is shown before the first place that fits
	snippetSize   = 300 // all of it

	pieceSize  = 512 // how much of a text is looked through at once
	searchMost = 256 << 10
)

// snippet is a piece of a message's text around the first place that fits the
// query, and the ranges in it that fit. The writer's new words come first: the
// rest is often what we have written ourselves. Where only the subject or a
// name fits, it is the beginning of the text.
func snippet(m *threads.Message, clauses []clause) (string, [][2]int) {
	for _, text := range []string{m.NewText, strings.TrimPrefix(m.Text, m.NewText)} {
		if marks := fits(head(text, searchMost), clauses); len(marks) > 0 {
			return window(text, marks)
		}
	}
	if m.NewText != "" {
		return window(m.NewText, nil)
	}
	return window(m.Text, nil)
}

// fits are the ranges of text that fit a clause, in order, as far as a snippet
// around the first of them reaches. What comes behind is not looked through:
// texts are long, and a page of search shows many.
func fits(text string, clauses []clause) [][2]int {
	s := newSeeker(clauses)
	for at := 0; at < len(text) && (len(s.marks) == 0 || at <= s.marks[0][0]+snippetSize); {
		piece := lines(text[at:])
		split(piece, func(word []byte, _ kind, from, to int) { s.see(word, at+from, at+to) })
		s.mark(text)
		at += len(piece)
	}
	return merge(s.marks)
}

// lines are the first lines of a text, about pieceSize of them: no word and no
// run of characters goes on over the end of a line.
func lines(text string) string {
	if len(text) > pieceSize {
		if i := strings.IndexByte(text[pieceSize:], '\n'); i >= 0 {
			return text[:pieceSize+i+1]
		}
	}
	return text
}

// seeker looks for the words of a query.
type seeker struct {
	clauses []clause
	number  map[string]int // of the query's words, from 1
	first   [256]bool      // the bytes with which one of them begins

	n       int          // words seen
	found   []occurrence // those of the query
	checked int          // how many of these were looked at with all that may belong to them
	marks   [][2]int
}

// occurrence is the n-th word of the text: which word of the query it is, 0 for
// none, and which of the query's beginnings it has, as bits.
type occurrence struct {
	n        int
	word     int
	begins   uint32
	from, to int
}

func newSeeker(clauses []clause) *seeker {
	s := &seeker{clauses: clauses, number: map[string]int{}}
	for _, c := range clauses {
		for _, w := range c.words {
			if s.number[w] == 0 {
				s.number[w] = len(s.number) + 1
			}
			s.first[w[0]] = true
		}
	}
	return s
}

// see takes note of a word if the query has it.
func (s *seeker) see(word []byte, from, to int) {
	s.n++
	if !s.first[word[0]] {
		return
	}
	o := occurrence{n: s.n, word: s.number[string(word)], from: from, to: to}
	for i, c := range s.clauses {
		if c.prefix && bytes.HasPrefix(word, []byte(c.words[len(c.words)-1])) {
			o.begins |= 1 << i
		}
	}
	if o.word != 0 || o.begins != 0 {
		s.found = append(s.found, o)
	}
}

// mark finds the ranges that fit a clause among the words seen by now.
func (s *seeker) mark(text string) {
	for at := s.checked; at < len(s.found); at++ {
		rest := s.found[at:]
		for i, c := range s.clauses {
			if c.fits(rest, s.number, 1<<i) {
				s.marks = append(s.marks, [2]int{rest[0].from, c.end(text, rest[len(c.words)-1])})
			}
		}
		if rest[0].n+maxClauseWords <= s.n {
			s.checked = at + 1
		}
	}
}

// fits reports whether the words begin with the clause.
func (c clause) fits(words []occurrence, number map[string]int, bit uint32) bool {
	if len(words) < len(c.words) {
		return false
	}
	for i, w := range c.words {
		fit := words[i].word == number[w]
		if c.prefix && i == len(c.words)-1 {
			fit = words[i].begins&bit != 0
		}
		if !fit || words[i].n != words[0].n+i {
			return false
		}
	}
	return true
}

// end is where the clause ends in the text: a single character of Chinese is
// found as the beginning of a pair, but only itself is what was looked for.
func (c clause) end(text string, last occurrence) int {
	r, n := utf8.DecodeRuneInString(text[last.from:])
	if c.prefix && unspaced(r) {
		return last.from + n
	}
	return last.to
}

// merge joins ranges that touch.
func merge(ranges [][2]int) [][2]int {
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	var out [][2]int
	for _, r := range ranges {
		if n := len(out); n > 0 && r[0] <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], r[1])
		} else {
			out = append(out, r)
		}
	}
	return out
}

// window cuts the text around the first mark, on one line, and moves the marks.
func window(text string, marks [][2]int) (string, [][2]int) {
	from := 0
	if len(marks) > 0 && marks[0][0] > snippetBefore {
		from = wordStart(text, marks[0][0]-snippetBefore, marks[0][0])
	}
	piece := head(text[from:], snippetSize)
	cutEnd := from+len(piece) < len(text)
	before := ""
	if from > 0 {
		before = "… "
	}
	var moved [][2]int
	for _, m := range marks {
		if m[1] <= from+len(piece) {
			moved = append(moved, [2]int{m[0] - from + len(before), m[1] - from + len(before)})
		}
	}
	piece = before + oneLine.Replace(piece)
	if cutEnd {
		piece = strings.TrimRight(piece, " ") + " …"
	}
	return piece, moved
}

// oneLine keeps lengths, so that marks stay true.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ")

// wordStart is the first beginning of a word in text[from:to], else of a character.
func wordStart(text string, from, to int) int {
	if i := strings.IndexAny(text[from:to], " \n\t"); i >= 0 {
		return from + i + 1
	}
	for from < to && !utf8.RuneStart(text[from]) {
		from++
	}
	return from
}

// head is the beginning of s, at most n bytes, without a part of a character.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
