package extract

import (
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

const (
	gram     = 8  // characters by which places in our letters are found
	maxPlace = 16 // places tried for one of them
	minSure  = 8  // characters that a line needs to count before any quote mark
)

// sentText is a letter of ours as one run of letters and digits.
type sentText struct {
	letter *threads.SentLetter
	text   string
	ends   map[int]bool       // places in text where a line of the letter ends
	starts map[int]bool       // where one begins
	places map[string][]int32 // the characters at a place, by their first bytes
	points []pointPlace
	cursor int // quotations keep the order of the letter
}

type pointPlace struct {
	start, end int
	point      *threads.Point
}

func readSent(s *threads.SentLetter) *sentText {
	k := &sentText{letter: s, ends: map[int]bool{}, starts: map[int]bool{}, places: map[string][]int32{}}
	var b strings.Builder
	for raw := range strings.SplitSeq(s.Text, "\n") {
		_, rest := quoteMarks(raw)
		if n := letters(rest); n != "" {
			k.starts[b.Len()] = true
			b.WriteString(n)
			k.ends[b.Len()] = true
		}
	}
	from := b.Len()
	k.text = b.String()
	for i := range s.Points {
		n := letters(s.Points[i].Text)
		if n == "" {
			continue
		}
		at := strings.Index(k.text, n)
		if at < 0 { // the text part words it differently: keep its words as well
			k.starts[from] = true
			k.text += n
			at = from
			from += len(n)
			k.ends[from] = true
		}
		k.points = append(k.points, pointPlace{at, at + len(n), &s.Points[i]})
	}
	for i := range k.text {
		if key := prefix(k.text[i:], gram); key != "" && len(k.places[key]) < maxPlace {
			k.places[key] = append(k.places[key], int32(i))
		}
	}
	return k
}

// prefix is the first n characters, "" if there are fewer.
func prefix(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	if n == 0 {
		return s
	}
	return ""
}

// find looks for a normalised line in the letter, at or behind the cursor
// first. It returns how many bytes of it are ours and the place, and whether
// the line lies wholly inside the letter.
func (k *sentText) find(n string) (length, place int, whole bool) {
	key := prefix(n, gram)
	if key == "" {
		return k.findShort(n)
	}
	best, at := 0, -1
	for _, p := range k.places[key] {
		c := common(k.text[p:], n)
		better := c > best || c == best && at < k.cursor && int(p) >= k.cursor
		if better {
			best, at = c, int(p)
		}
	}
	if at < 0 {
		return 0, -1, false
	}
	return best, at, best == len(n)
}

// findShort takes a line of a few characters only where a line of the letter
// is exactly that, close behind the cursor.
func (k *sentText) findShort(n string) (int, int, bool) {
	window := k.text[min(k.cursor, len(k.text)):min(k.cursor+400, len(k.text))]
	for i := 0; i+len(n) <= len(window); {
		j := strings.Index(window[i:], n)
		if j < 0 {
			break
		}
		at := k.cursor + i + j
		if k.starts[at] && (k.ends[at+len(n)] || len(n) > 3) || k.ends[at+len(n)] && k.cursor == at {
			return len(n), at, true
		}
		i += j + 1
	}
	return 0, -1, false
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

// pointAt is the point in whose words place lies.
func (k *sentText) pointAt(place int) *threads.Point {
	for _, p := range k.points {
		if place >= p.start && place < p.end {
			return p.point
		}
	}
	return nil
}

// cutKnown takes the lines of our letters out of the mail: what stands between
// them is the client's. A line that begins with a whole line of ours and goes
// on is split there. It returns the lines, and whether any was ours.
func cutKnown(lines []line, sent []threads.SentLetter) ([]line, bool) {
	var letters []*sentText
	for i := range sent {
		if strings.TrimSpace(sent[i].Text) != "" || len(sent[i].Points) > 0 {
			letters = append(letters, readSent(&sent[i]))
		}
	}
	if len(letters) == 0 {
		return lines, false
	}
	quoting := firstMark(lines)
	out := make([]line, 0, len(lines))
	any := false
	for i, l := range lines {
		sure := i >= quoting || any
		rest, found := cutLine(&l, letters, sure)
		out = append(out, l)
		if found {
			any = true
			if rest != "" {
				tail := line{text: rest, html: l.html}
				tail.point, tail.sent = l.point, l.sent
				out = append(out, tail)
			}
		}
	}
	return out, any
}

// cutLine marks a line as ours if one of the letters has it, and returns what
// the client wrote behind it on the same line.
func cutLine(l *line, sent []*sentText, sure bool) (rest string, found bool) {
	n := letters(l.text)
	if n == "" {
		return "", false
	}
	for _, k := range sent {
		length, place, whole := k.find(n)
		short := runes(n) < minSure
		switch {
		case place < 0:
			continue
		case whole && (sure || l.depth > 0 || k.starts[place] && !short):
			l.take(k, place, length)
			return "", true
		case !whole && length > 0 && runes(n[:length]) >= minSure && k.starts[place] && k.ends[place+length] && (sure || l.depth > 0):
			_, at := lettersAt(l.text)
			if length > len(at) {
				continue
			}
			rest = answerTail(l.text[at[length-1]:])
			if letters(rest) == "" {
				l.take(k, place, length)
				return "", true
			}
			l.text = l.text[:at[length-1]]
			l.take(k, place, length)
			return rest, true
		}
	}
	return "", false
}

func (l *line) take(k *sentText, place, length int) {
	l.cut, l.sent = cutLetter, k.letter
	l.point = k.pointAt(place)
	k.cursor = place + length
}

// answerTail drops the marks between our words and the client's on one line.
func answerTail(s string) string {
	return strings.TrimLeft(s, " \t.;:,?!。；：，？！)）]】\u00a0–—-=>→*_")
}

// firstMark is the index of the first line that shows that quoting has begun.
func firstMark(lines []line) int {
	for i := range lines {
		l := &lines[i]
		if l.depth > 0 || separator(l.text) != "" || l.marked(quoteNodes...) {
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
