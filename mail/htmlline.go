package mail

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// write adds text to the line under way, white space folded as a browser does.
func (w *walker) write(text string) {
	e := w.top()
	start := w.text.Len()
	for _, r := range text {
		switch {
		case r == '\n' && e.pre:
			w.count(e, start)
			w.lineBreak()
			start = 0
		case r == '\u200b' || r == '\ufeff' || r == '\u2060' || r == '\u00ad' || r == '\u034f' || r == 0:
			// padding of preheaders; nothing to see
		case unicode.IsSpace(r):
			if e.pre && w.text.Len() > 0 {
				w.text.WriteByte(' ')
			} else {
				w.blank = w.blank || w.text.Len() > 0
			}
		default:
			w.begin(e)
			if w.blank {
				w.text.WriteByte(' ')
				w.blank = false
			}
			w.text.WriteRune(r)
		}
	}
	w.count(e, start)
}

// begin takes marks and depth of the line from its first visible character.
func (w *walker) begin(e *element) {
	if w.text.Len() == 0 {
		w.marks, w.quote, w.pre = e.marks, e.quote, e.pre
	}
}

func (w *walker) count(e *element, start int) {
	if n := w.text.Len() - start; n > 0 {
		w.colors[e.color] += n
		if e.marks&markBit(markStruck) == 0 {
			w.marks &^= markBit(markStruck) // struck out only if all of it is
		}
	}
}

// lineBreak ends the line, an empty one too: <br> on an empty line is a blank.
func (w *walker) lineBreak() {
	if w.text.Len() == 0 && w.bullet == "" {
		w.blankLine()
		return
	}
	w.flush()
}

// breakBlock ends the line at a block's edge; a loose block has a blank line
// around it.
func (w *walker) breakBlock(loose bool) {
	if w.text.Len() > 0 {
		w.flush()
	}
	w.blank = false
	if loose && w.bullet == "" {
		w.blankLine()
	}
}

// blankLine adds a blank line, never two in a row.
func (w *walker) blankLine() {
	if n := len(w.lines); n > 0 && (w.lines[n-1].Text != "" || w.lines[n-1].Bullet != "") {
		e := w.top()
		w.lines = append(w.lines, Line{Quote: e.quote, Marks: w.names(e.marks &^ markBit(markStruck))})
	}
}

func (w *walker) flush() {
	w.lines = append(w.lines, Line{
		Text:   strings.TrimRight(w.text.String(), " "),
		Quote:  w.quote,
		Marks:  w.names(w.marks),
		Color:  w.mostColor(),
		Bullet: w.bullet,
		Links:  w.links,
		Pre:    w.pre,
	})
	w.text.Reset()
	clear(w.colors)
	w.blank, w.bullet, w.links = false, "", nil
}

// joinRow makes one line of a table row. A row with more than one line a cell is
// layout, not data, and stays as it is.
func (w *walker) joinRow(from, cells int) {
	row := w.lines[min(from, len(w.lines)):]
	var texts []string
	for _, l := range row {
		if l.Text != "" {
			texts = append(texts, l.String())
		}
		if l.Quote != row[0].Quote || len(texts) > cells {
			return
		}
	}
	if len(texts) == 0 {
		return
	}
	joined := row[slices.IndexFunc(row, func(l Line) bool { return l.Text != "" })]
	joined.Text, joined.Bullet = strings.Join(texts, " "), ""
	w.lines = append(w.lines[:from], joined)
}

func (w *walker) mostColor() string {
	best, most := "", 0
	for c, n := range w.colors {
		if n > most || n == most && c < best {
			best, most = c, n
		}
	}
	return best
}

// rule records a horizontal rule as a line of its own.
func (w *walker) rule(t html.Token) {
	w.breakBlock(false)
	e := w.top()
	if !e.hidden {
		bits := e.marks | marksOf(t.Data, t.Attr) | markBit(markRule)
		w.lines = append(w.lines, Line{Quote: e.quote, Marks: w.names(bits)})
	}
}

// names turns mark bits into a list, the same list for the same bits.
func (w *walker) names(bits uint64) []string {
	if list, ok := w.sets[bits]; ok {
		return list
	}
	var list []string
	for i, n := range markNames {
		if bits&(1<<i) != 0 {
			list = append(list, n)
		}
	}
	w.sets[bits] = list
	return list
}

func (w *walker) finish() []Line {
	if w.text.Len() > 0 {
		w.flush()
	}
	n := len(w.lines)
	for n > 0 && w.lines[n-1].Text == "" && w.lines[n-1].Bullet == "" && !w.lines[n-1].Marked(markRule) {
		n--
	}
	for i := range w.lines {
		w.lines[i].Links = hiddenLinks(w.lines[i])
	}
	return w.lines[:n]
}

// hiddenLinks keeps the link targets that the text does not show already.
func hiddenLinks(l Line) []string {
	var kept []string
	for _, link := range l.Links {
		u, err := url.Parse(strings.TrimSpace(link))
		if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
			continue
		}
		if shown := u.Host + strings.TrimRight(u.Path, "/"); u.Scheme != "mailto" && strings.Contains(l.Text, shown) {
			continue
		}
		kept = append(kept, link)
	}
	return kept
}
