package extract

import (
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// piece is a run of the client's words between quotations.
type piece struct {
	start, end int    // byte offsets in the new text
	about      string // our words above it that it answers
	point      *threads.Point
	sent       *threads.SentLetter
	last       bool // nothing quoted follows
}

// reading is a mail's text taken apart.
type reading struct {
	newText string
	folds   []threads.Fold
	pieces  []piece
	markup  bool // the lines are paragraphs of an HTML part: none is wrapped
}

// readText separates the client's new words from everything else.
func readText(in Input) reading {
	lines := linesOf(in.Mail)
	lines, known := cutKnown(lines, in.Sent)
	cutQuotes(lines, in.Mail, known)
	cutSignatures(lines, sender(in.Mail))
	cutEnding(lines, endings(in.Earlier), in.Language)
	return assemble(append(lines, invitation(in.Mail)...))
}

func sender(m *mail.Message) mail.Address {
	if len(m.From) > 0 {
		return m.From[0]
	}
	return mail.Address{}
}

// assembly builds the new text and the folds side by side.
type assembly struct {
	out   strings.Builder
	fold  strings.Builder
	why   string
	gap   bool // a blank line is due before the next word
	quote int  // index of the last quoted line, -1 if none since the last piece
	read  reading
}

func assemble(lines []line) reading {
	a := &assembly{quote: -1}
	for i := range lines {
		l := &lines[i]
		a.read.markup = a.read.markup || l.html != nil
		switch {
		case l.cut != "":
			a.cut(l, i)
		case l.blank():
			a.gap = true
			if a.why != "" {
				a.fold.WriteByte('\n')
			}
		default:
			a.keep(lines, i)
		}
	}
	a.closeFold()
	a.closePiece(true)
	a.read.newText = strings.TrimRight(a.out.String(), "\n ")
	if n := len(a.read.pieces); n > 0 {
		a.read.pieces[n-1].end = min(a.read.pieces[n-1].end, len(a.read.newText))
	}
	for i := range a.read.folds {
		a.read.folds[i].At = min(a.read.folds[i].At, len(a.read.newText))
	}
	return a.read
}

// cut adds a line to the fold under way.
func (a *assembly) cut(l *line, i int) {
	if a.why != l.cut {
		a.closeFold()
		a.why = l.cut
	}
	if l.depth > 0 {
		a.fold.WriteString(strings.Repeat(">", min(l.depth, 9)) + " ")
	}
	a.fold.WriteString(l.text)
	a.fold.WriteByte('\n')
	a.gap = true
	if (l.cut == cutQuote || l.cut == cutLetter) && !l.blank() && !l.head {
		a.quote = i
	}
}

func (a *assembly) closeFold() {
	if text := strings.Trim(a.fold.String(), "\n"); text != "" {
		a.read.folds = append(a.read.folds, threads.Fold{Reason: a.why, Text: text, At: a.out.Len()})
	}
	a.fold.Reset()
	a.why = ""
}

// keep adds a line of the client's; behind a quotation it begins a new piece.
func (a *assembly) keep(lines []line, i int) {
	a.closeFold()
	l := &lines[i]
	if l.told {
		a.tell(l)
		return
	}
	if len(a.read.pieces) == 0 || a.quote >= 0 || l.behind {
		a.closePiece(false)
		if a.gap && a.out.Len() > 0 {
			a.out.WriteByte('\n')
		}
		p := piece{start: a.out.Len(), point: l.point, sent: l.sent}
		if a.quote >= 0 {
			p.about, p.point, p.sent = answered(lines, a.quote)
		} else if l.point != nil { // behind our words on one line
			p.about = l.point.Text
		}
		a.read.pieces = append(a.read.pieces, p)
		a.quote = -1
	} else if a.gap && a.out.Len() > 0 {
		a.out.WriteByte('\n')
	}
	a.gap = false
	a.out.WriteString(l.text)
	if l.html != nil {
		a.out.WriteString(l.html.Targets())
	}
	a.out.WriteByte('\n')
}

// tell adds a line of an invitation: it is no piece of the client's own words.
func (a *assembly) tell(l *line) {
	a.closePiece(true)
	if a.gap && a.out.Len() > 0 {
		a.out.WriteByte('\n')
	}
	a.gap = false
	a.out.WriteString(l.text)
	a.out.WriteByte('\n')
}

func (a *assembly) closePiece(last bool) {
	if n := len(a.read.pieces); n > 0 && a.read.pieces[n-1].end == 0 {
		a.read.pieces[n-1].end, a.read.pieces[n-1].last = a.out.Len(), last
	}
}

// answered finds what stands in the quotation that ends at line i: the point
// of our letter, or the last paragraph or list item of the quotation.
func answered(lines []line, i int) (string, *threads.Point, *threads.SentLetter) {
	l := &lines[i]
	if l.cut == cutLetter {
		if l.point != nil {
			return l.point.Text, l.point, l.sent
		}
		if len(l.sent.Points) > 0 {
			return "", nil, l.sent
		}
	}
	text := l.text
	for j := i - 1; j >= 0 && j > i-12 && !lines[j+1].item; j-- {
		above := &lines[j]
		if above.head || above.blank() || above.cut == "" || above.depth != l.depth || above.html != nil && !above.html.Pre || !runsOn(above.text, lines[j+1].text) {
			break
		}
		text = above.text + " " + text
	}
	if closing(text) || width(text) < 24 && nameLike(l) && !l.item && gapBefore(lines, i) && !asks(text) && endOfQuote(lines, i) {
		return "", nil, l.sent
	}
	return clip(text, maxAbout), nil, l.sent
}

// endOfQuote: a short last line is the writer's name where a closing line or a
// longer paragraph stands above it and nothing is quoted after it.
func endOfQuote(lines []line, i int) bool {
	for j := i + 1; j < len(lines); j++ {
		if lines[j].cut == cutQuote && !lines[j].head && !lines[j].blank() {
			return false
		}
	}
	return true
}

func asks(s string) bool {
	r := lastRune(s)
	return r == '?' || r == '？'
}

// runsOn reports whether a line of plain text goes on in the next one.
func runsOn(above, below string) bool {
	switch lastRune(above) {
	case '.', '!', '?', '。', '！', '？', ':', '：':
		return width(above) >= 55
	}
	return !closing(above) || width(above) >= 30
}
