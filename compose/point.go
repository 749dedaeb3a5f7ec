package compose

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/threads"
)

// pointer numbers the statements of a report that a client can answer. The
// words of each are those of the text part, unwrapped.
type pointer struct {
	*words
	count                int
	decisions, questions int // the last labels given in this project
	points               []threads.Point
	asked                []*asked
}

// add makes a point of a statement without a label.
func (p *pointer) add(text string) string {
	if text == "" {
		return ""
	}
	p.count++
	id := "P" + strconv.Itoa(p.count)
	p.points = append(p.points, threads.Point{ID: id, Text: text})
	return id
}

// label makes a point that was printed with its label.
func (p *pointer) label(id, text string) {
	if text != "" {
		p.points = append(p.points, threads.Point{ID: id, Text: text})
	}
}

// joined puts the parts of a row behind each other.
func joined(parts ...string) string {
	var b strings.Builder
	for _, s := range parts {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(s)
	}
	return b.String()
}

// blocks walks the tree in reading order.
func (p *pointer) blocks(blocks []block) {
	for i, b := range blocks {
		switch b := b.(type) {
		case *paragraph:
			if s := p.plain(b.text); p.statement(s, i, blocks) {
				b.point = p.add(s)
			}
		case *list:
			for _, it := range b.items {
				p.item(it)
			}
		case *table:
			for j := range b.rows {
				b.rows[j].point = p.add(joined(p.cells(b.rows[j].cells)...))
			}
		case *quotation:
			p.blocks(b.blocks)
		case reportBlock:
			b.setPoints(p)
		}
	}
}

// item makes a point of a list item's text, however short, and of what is below it.
func (p *pointer) item(it listItem) {
	for i, b := range it.blocks {
		if q, ok := b.(*paragraph); ok && i == 0 {
			q.point = p.add(p.plain(q.text))
			continue
		}
		p.blocks([]block{b})
	}
}

func (p *pointer) cells(cells []cell) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = p.plain(c)
	}
	return out
}

// statement reports whether a paragraph says something that can be answered: a
// greeting, a closing line or a lead-in does not.
func (p *pointer) statement(s string, i int, blocks []block) bool {
	n := 0
	for _, c := range s {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			if n += runeWidth(c); n >= 16 {
				break
			}
		}
	}
	last := lastRune(s)
	if n < 8 || strings.ContainsRune(",，:：、", last) {
		return false
	}
	return n >= 16 || strings.ContainsRune(".。!！?？;；", last)
}

// lastRune is the last character but blanks and closing marks.
func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(s, func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune("\"”’'）)*", c)
	}))
	return r
}

// lastLabels are the highest numbers that the project's reports have given to
// decisions and questions, so that a label means one thing for the whole project.
func lastLabels(reports []threads.Report) (decisions, questions int) {
	for _, r := range reports {
		for _, p := range r.Points {
			letter, digits, ok := strings.Cut(p.ID, "-")
			n, err := strconv.Atoi(digits)
			switch {
			case !ok || err != nil || n > 99999:
			case letter == "D":
				decisions = max(decisions, n)
			case letter == "Q":
				questions = max(questions, n)
			}
		}
	}
	return decisions, questions
}
