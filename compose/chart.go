package compose

import (
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// chartBlock compares a few numbers, with those of the last report beside them.
//
//	title: Orders a day
//	kind: bar            # or line: a picture
//	unit: orders
//	values:
//	  - label: Bath
//	    value: 42
//	    was: 31
//	    of: 50           # what there is in all: with a line, a burn-up
type chartBlock struct {
	line  int
	title []inline
	kind  string // "bar" or "line"
	unit  string
	rows  []chartRow
	shown string // the key of its picture among the letter's files
}

type chartRow struct {
	line           int
	label          []inline
	value, was, of float64
	has            bool
	hasWas, hasOf  bool
}

const maxBars = 40

func (b *chartBlock) at() int { return b.line }

func (b *chartBlock) passages() []passage {
	out := passagesAt(b.line, b.title)
	for _, r := range b.rows {
		out = append(out, passagesAt(r.line, r.label)...)
	}
	return out
}

func readChart(r *blockReader, root ast.Node) block {
	b := &chartBlock{line: r.line}
	if root == nil {
		r.rows(nil, "chart", nil)
		return b
	}
	r.yaml.mapping(root, fields{
		"title": r.running(&b.title), "unit": r.yaml.text(&b.unit), "kind": r.yaml.oneOf(&b.kind, "bar", "line"),
		"values": func(n ast.Node) {
			r.yaml.list(n, func(n ast.Node) {
				row := chartRow{line: r.yaml.lineOf(n)}
				ok := r.yaml.mapping(n, fields{"label": r.running(&row.label), "value": r.yaml.number(&row.value, &row.has), "was": r.yaml.number(&row.was, &row.hasWas), "of": r.yaml.number(&row.of, &row.hasOf)})
				if !ok {
					return
				}
				line := r.yaml.lineOf(n)
				r.need(len(row.label) > 0, line, "label")
				r.need(row.has, line, "value")
				if row.value < 0 || row.was < 0 || row.of < 0 {
					r.find(Error, "bad-number", line, "a bar cannot be shorter than nothing", "show the numbers as a table")
					return
				}
				b.rows = append(b.rows, row)
			})
		},
	})
	if len(b.rows) > maxBars {
		r.find(Error, "chart-size", r.line, "nobody reads a chart with so many bars", "show at most 40 values, or attach a table")
		b.rows = b.rows[:maxBars]
	}
	r.need(len(b.rows) > 0, r.line, "values")
	return b
}

// amount is a value with its unit.
func (b *chartBlock) amount(v float64) string { return b.withUnit(number(v)) }

// reached is a row's value, of what there is in all if that is said.
func (b *chartBlock) reached(w *words, r *chartRow) string {
	if r.hasOf {
		return b.withUnit(w.say("progress.of", number(r.value), number(r.of)))
	}
	return b.amount(r.value)
}

func (b *chartBlock) withUnit(s string) string {
	switch {
	case b.unit == "":
		return s
	case b.unit == "%" || !cjk(firstRune(b.unit)):
		return s + " " + b.unit
	}
	return s + b.unit
}

func (b *chartBlock) before(w *words, r *chartRow) string {
	if !r.hasWas {
		return ""
	}
	return w.say("chart.was", b.amount(r.was))
}

func (b *chartBlock) largest() float64 {
	most := 0.0
	for _, r := range b.rows {
		most = max(most, r.value, r.was, r.of)
	}
	return math.Max(most, 1e-9)
}

// isLine reports whether the chart is shown as a picture.
func (b *chartBlock) isLine() bool { return b.kind == "line" && len(b.rows) > 1 }

func (b *chartBlock) setPoints(p *pointer) {
	if b.isLine() {
		p.add(b.sentence(p.words))
		return
	}
	for i := range b.rows {
		r := &b.rows[i]
		p.add(joined(p.plain(r.label), b.reached(p.words, r), b.before(p.words, r)))
	}
}

func (b *chartBlock) writeText(t *textWriter) {
	if len(b.title) > 0 {
		t.running(b.title)
	}
	var rows [][]string
	most := b.largest()
	for i := range b.rows {
		r := &b.rows[i]
		rows = append(rows, []string{bar(r.value/most, textBar), t.plain(r.label), b.reached(t.words, r), b.before(t.words, r)})
	}
	t.grid(nil, rows, []alignment{alignNone, alignNone, alignRight})
	if b.shown != "" {
		t.wrapped(b.sentence(t.words))
	}
}

func (b *chartBlock) writeHTML(h *htmlWriter) {
	if len(b.title) > 0 {
		h.raw("<p>")
		h.strong(b.title)
		h.raw("</p>\n")
	}
	if h.files[b.shown] != nil {
		h.raw("<p>")
		h.picture(&inline{kind: picture, text: b.shown, kids: plainInline(b.sentence(h.words))})
		h.raw("</p>\n")
		b.writeLabels(h)
		h.raw("<p>")
		h.small(b.sentence(h.words))
		h.raw("</p>\n")
		return
	}
	h.startRows()
	most := b.largest()
	for i := range b.rows {
		r := &b.rows[i]
		h.raw("<tr><td>")
		h.inlines(r.label)
		h.raw(" <b>")
		h.esc(b.reached(h.words, r))
		h.raw("</b> ")
		if was := b.before(h.words, r); was != "" {
			h.small(was)
		}
		h.bar(r.value / most)
		h.endRow()
	}
	h.endRows()
}

// labelled reports whether each spot of the line has its label below it: four
// short ones stand beside each other on a telephone.
func (b *chartBlock) labelled() bool {
	longest := func(s string) int {
		most := 0
		for word := range strings.FieldsSeq(s) {
			most = max(most, displayWidth(word))
		}
		return most
	}
	fits := len(b.rows) <= 4 && longest(b.unit) <= 8
	for _, r := range b.rows {
		for _, n := range r.label {
			fits = fits && longest(n.text) <= 8
		}
	}
	return fits
}

// writeLabels writes what each spot of the line is, below it; of a long line its
// ends.
func (b *chartBlock) writeLabels(h *htmlWriter) {
	rows, align := b.rows, []string{"center"}
	if !b.labelled() {
		rows, align = []chartRow{rows[0], rows[len(rows)-1]}, []string{"left", "right"}
	}
	h.raw(`<table role="none" width="100%" cellspacing="0"><tr valign="top">`)
	for i := range rows {
		r := &rows[i]
		h.raw(`<td align="`, align[i%len(align)], `" width="`, strconv.Itoa(100/len(rows)), `%"><small>`)
		h.inlines(r.label)
		h.raw("</small><br><b>")
		h.esc(b.reached(h.words, r))
		h.raw("</b>")
		if was := b.before(h.words, r); was != "" {
			h.raw("<br>")
			h.small(was)
		}
		h.raw("</td>")
	}
	h.raw("</tr></table>\n")
}

func firstRune(s string) rune {
	for _, c := range s {
		return c
	}
	return 0
}
