package extract

import (
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

const (
	gram     = 8    // characters by which places in our letters are found
	maxPlace = 64   // places tried for one line of the mail
	window   = 1200 // bytes behind the cursor in which short lines are looked for
)

// sentText is a letter of ours as one run of letters and digits, in which the
// lines of a mail are looked for.
type sentText struct {
	letter *threads.SentLetter
	text   string
	lines  []sentLine
	edge   []uint8 // by place: whether a line of the letter begins or ends there
	heads  []int32 // by hash of the characters at a place: the first such place plus one
	next   []int32 // by place: the next place with that hash plus one
	owner  []int32 // by place: the index of the point it belongs to plus one
	cursor int     // quotations keep the order of the letter
}

// sentLine is one line of the letter that has words.
type sentLine struct {
	start, end int
	gap, item  bool // a blank line stands before it; a list item begins with it
}

const (
	lineStart = 1
	lineEnd   = 2
)

func readSent(s *threads.SentLetter) *sentText {
	k := &sentText{letter: s}
	var b strings.Builder
	var behind []int // where a list item begins behind its number
	add := func(n string, gap, item bool) {
		if n != "" {
			start := b.Len()
			b.WriteString(n)
			k.lines = append(k.lines, sentLine{start, b.Len(), gap, item})
		}
	}
	gap := true
	for raw := range strings.SplitSeq(s.Text, "\n") {
		_, rest := quoteMarks(raw)
		rest = strings.TrimSpace(rest)
		marker, _ := listMarker(rest)
		if marker != "" {
			behind = append(behind, b.Len()+len(letters(marker)))
		}
		n := letters(rest)
		add(n, gap, marker != "")
		gap = n == ""
	}
	body := b.String()
	for i := range s.Points { // the text part may word a point differently: keep its words as well
		if n := letters(s.Points[i].Text); !strings.Contains(body, n) {
			add(n, true, true)
		}
	}
	k.text = b.String()
	k.edge = make([]uint8, len(k.text)+1)
	for _, l := range k.lines {
		k.edge[l.start] |= lineStart
		k.edge[l.end] |= lineEnd
	}
	for _, at := range behind {
		k.edge[at] |= lineStart
	}
	k.own()
	k.index()
	return k
}

// own tells every place the point it belongs to: where the point's words
// stand, as often as they do, and what follows them in the same paragraph, as
// the hint how to answer does.
func (k *sentText) own() {
	k.owner = make([]int32, len(k.text))
	for i := range k.letter.Points {
		n := letters(k.letter.Points[i].Text)
		for from := 0; n != ""; {
			at := strings.Index(k.text[from:], n)
			if at < 0 {
				break
			}
			from += at + len(n)
			for p := from - len(n); p < from; p++ {
				if k.owner[p] == 0 {
					k.owner[p] = int32(i + 1)
				}
			}
		}
	}
	above := int32(0)
	for _, l := range k.lines {
		if l.gap || l.item {
			above = 0
		}
		for p := l.start; p < l.end; p++ {
			if k.owner[p] != 0 {
				above = k.owner[p]
			} else {
				k.owner[p] = above
			}
		}
	}
}

// index builds the table of places, so that the chain of a hash goes up.
func (k *sentText) index() {
	bits := 8
	for 1<<bits < len(k.text) {
		bits++
	}
	k.heads, k.next = make([]int32, 1<<bits), make([]int32, len(k.text))
	for i := len(k.text) - 1; i >= 0; i-- {
		if h, ok := gramHash(k.text[i:]); ok && utf8.RuneStart(k.text[i]) {
			slot := h & uint32(len(k.heads)-1)
			k.next[i], k.heads[slot] = k.heads[slot], int32(i+1)
		}
	}
}

// gramHash hashes the first characters of s; false if there are too few.
func gramHash(s string) (uint32, bool) {
	h, n := uint64(hashSeed), 0
	for _, r := range s {
		h = hashRune(h, r)
		if n++; n == gram {
			return spread(h) >> 1, true
		}
	}
	return 0, false
}

// find looks for a line, given as letters, in the letter, at or behind the
// cursor first. It returns the place, -1 if there is none, and how many bytes
// of the line are there.
func (k *sentText) find(n string) (place, length int) {
	h, ok := gramHash(n)
	if !ok {
		return k.findShort(n)
	}
	place = -1
	tries := 0
	for p := k.heads[h&uint32(len(k.heads)-1)]; p > 0 && tries < maxPlace; p = k.next[p-1] {
		at := int(p - 1)
		tries++
		c := common(k.text[at:], n)
		if c > length || c == length && place < k.cursor && at >= k.cursor {
			place, length = at, c
		}
	}
	if length == 0 {
		return -1, 0
	}
	return place, length
}

// findShort takes a line of a few characters only where a line of the letter
// is exactly that, or begins or goes on with it, close behind the cursor.
func (k *sentText) findShort(n string) (place, length int) {
	near := k.text[min(k.cursor, len(k.text)):min(k.cursor+window, len(k.text))]
	for i := 0; i+len(n) <= len(near); {
		j := strings.Index(near[i:], n)
		if j < 0 {
			break
		}
		at := k.cursor + i + j
		starts, ends := k.edge[at]&lineStart != 0, k.edge[at+len(n)]&lineEnd != 0
		if starts && (ends || len(n) > 3) || ends && k.cursor == at {
			return at, len(n)
		}
		i += j + 1
	}
	return -1, 0
}

func common(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] != b[i] {
			for i > 0 && !utf8.RuneStart(b[i]) {
				i--
			}
			return i
		}
	}
	return n
}

// lastEnd is the last end of a line of the letter in its text from place on,
// at most length bytes behind it; 0 if there is none.
func (k *sentText) lastEnd(place, length int) int {
	for n := length; n > 0; n-- {
		if k.edge[place+n]&lineEnd != 0 {
			return n
		}
	}
	return 0
}

// pointIn is the last point that the stretch belongs to: a line may begin with
// a label or number that is not the point's own.
func (k *sentText) pointIn(place, length int) *threads.Point {
	for p := place + length - 1; p >= place; p-- {
		if i := k.owner[p]; i > 0 {
			return &k.letter.Points[i-1]
		}
	}
	return nil
}
