package extract

import (
	"strings"
	"unicode/utf8"

	"rapport/mail"
	"rapport/threads"
)

// The reasons for which a line is cut, as they stand in a threads.Fold.
const (
	cutQuote      = "quote"
	cutLetter     = "our letter"
	cutSignature  = "signature"
	cutDisclaimer = "disclaimer"
	cutForwarded  = "forwarded"
	cutBanner     = "banner"
)

// maxLines bounds the lines that are looked at; the rest of a longer mail is
// one fold.
const maxLines = 20000

// line is one line of a mail's text with what is known of it.
type line struct {
	text  string // without quote marks, white space at its ends trimmed
	depth int    // quote marks or enclosing blockquotes
	html  *mail.Line
	item  bool   // begins a list item; text starts with its marker
	cut   string // reason, "" for the client's own words
	head  bool   // of an attribution or header block: quoted, but no words of ours
	told  bool   // of an invitation, in our words
	point *threads.Point
	sent  *threads.SentLetter // the letter it is a line of

	known  *sentText // where it was found
	place  int
	behind bool // the client wrote it behind a line of ours

	looked bool   // the next two are known: several heads look at the same line
	sep    string // as separator has it
	field  string // as headerField has it
}

// separator is what the line is as the line above a quoted mail.
func (l *line) separator() string {
	l.look()
	return l.sep
}

// headerField is the field of a header block that the line is, "" for none.
func (l *line) headerField() string {
	l.look()
	return l.field
}

func (l *line) look() {
	if !l.looked {
		l.looked, l.sep = true, separator(l.text)
		l.field, _ = headerField(l.text)
	}
}

func (l *line) blank() bool { return l.text == "" }

func (l *line) marked(names ...string) bool {
	if l.html == nil {
		return false
	}
	for _, n := range names {
		if l.html.Marked(n) {
			return true
		}
	}
	return false
}

// linesOf reads the mail's lines, from the HTML part where there is one: its
// structure tells quotations, signatures and colours apart.
func linesOf(m *mail.Message) []line {
	if m.HTML != "" {
		if lines := htmlLines(m.HTML); len(lines) > 0 {
			return lines
		}
	}
	return plainLines(m.Text[:len(m.Text)-len(invited(m))])
}

// invitation is what the mail's calendar parts tell, as lines of its own below
// the mail's: none of them is a signature, and none an item.
func invitation(m *mail.Message) []line {
	if invited(m) == "" {
		return nil
	}
	lines := append([]line{{}}, plainLines(m.Invitation)...)
	for i := range lines {
		lines[i].told = true
	}
	return lines
}

// invited is the invitation with which the text ends, "" if a limit has cut it
// off or the text is that of another mail.
func invited(m *mail.Message) string {
	if strings.HasSuffix(m.Text, m.Invitation) {
		return m.Invitation
	}
	return ""
}

func htmlLines(src string) []line {
	words := false
	parsed := mail.HTMLLines(src)
	parsed = parsed[:min(len(parsed), maxLines)]
	lines := make([]line, 0, len(parsed))
	for i := range parsed {
		h := &parsed[i]
		l := line{text: strings.TrimSpace(h.Text), depth: h.Quote, html: h, item: h.Bullet != ""}
		if depth, rest := quoteMarks(l.text); depth > 0 && h.Bullet == "" {
			l.depth, l.text = l.depth+depth, rest
		}
		if l.item {
			l.text = "- " + l.text
		}
		words = words || l.text != ""
		lines = append(lines, l)
	}
	if !words {
		return nil
	}
	return lines
}

func plainLines(text string) []line {
	lines := make([]line, 0, min(strings.Count(text, "\n")+1, maxLines))
	for raw := range strings.SplitSeq(text, "\n") {
		if len(lines) == maxLines {
			break
		}
		depth, rest := quoteMarks(strings.TrimRight(raw, " \t\r\u00a0\u3000"))
		rest = strings.TrimSpace(rest)
		_, marker := listMarker(rest)
		lines = append(lines, line{text: rest, depth: depth, item: marker > 0})
	}
	return lines
}

// quoteMarks counts the quote marks before a line: ">", "> >" and ">>". The
// client's own arrow "=>" or "->" is none.
func quoteMarks(s string) (depth int, rest string) {
	rest = s
	for {
		t := strings.TrimLeft(rest, " \u00a0")
		switch {
		case strings.HasPrefix(t, ">"):
			t = t[1:]
		case depth == 0 && (t == "|" || strings.HasPrefix(t, "| ") && !strings.HasSuffix(t, "|")):
			t = t[1:] // Lotus, some Android programs
		default:
			if depth == 0 {
				return 0, s
			}
			return depth, strings.TrimPrefix(rest, " ")
		}
		depth, rest = depth+1, t
	}
}

// width is the line's width in columns: East Asian characters take two.
func width(s string) int {
	w := 0
	for _, r := range s {
		if r >= 0x1100 && wide(r) {
			w++
		}
		w++
	}
	return w
}

// wide reports whether a character takes two columns.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x20000 && r <= 0x3fffd
}

// han reports whether a character is written without blanks between words.
func han(r rune) bool {
	return r >= 0x3400 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0x3040 && r <= 0x30ff || r >= 0x20000 && r <= 0x3fffd
}

func runes(s string) int { return utf8.RuneCountInString(s) }
