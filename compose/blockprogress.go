package compose

import (
	"math"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// progressBlock says how far the work has come, and how far it was before.
//
//   - work: Checkout
//     done: 80
//     was: 60
//     note: Guest orders work.
//   - work: Shop pages
//     done: 9
//     of: 12
type progressBlock struct {
	line int
	rows []progressRow
}

type progressRow struct {
	line           int
	work, note     []inline
	done, of, was  float64
	hasDone, hasOf bool
	hasWas         bool
}

func (b *progressBlock) at() int { return b.line }

func (b *progressBlock) passages() []passage {
	var out []passage
	for _, r := range b.rows {
		out = append(out, passagesAt(r.line, r.work, r.note)...)
	}
	return out
}

func readProgress(r *blockReader, root ast.Node) block {
	b := &progressBlock{line: r.line}
	r.rows(root, "progress", func(n ast.Node, line int) {
		row := progressRow{line: line, of: 100}
		ok := r.yaml.mapping(n, fields{
			"work": r.running(&row.work), "note": r.running(&row.note),
			"done": r.yaml.number(&row.done, &row.hasDone), "of": r.yaml.number(&row.of, &row.hasOf), "was": r.yaml.number(&row.was, &row.hasWas),
		})
		if !ok {
			return
		}
		r.need(len(row.work) > 0, line, "work")
		r.need(row.hasDone, line, "done")
		if row.of <= 0 || row.done < 0 || row.done > row.of || row.was < 0 || row.was > row.of {
			r.find(Error, "bad-number", line, "done and was lie between 0 and "+number(row.of), "correct the numbers; of: says how many there are, 100 if it is left out")
			row.of, row.done, row.was = 100, min(max(row.done, 0), 100), min(max(row.was, 0), 100)
		}
		b.rows = append(b.rows, row)
	})
	return b
}

// amount is how far it has come: "80 %", "9 of 12".
func (r *progressRow) amount(w *words, v float64) string {
	if r.hasOf {
		return w.say("progress.of", number(v), number(r.of))
	}
	return number(v) + "%"
}

func (r *progressRow) before(w *words) string {
	if !r.hasWas {
		return ""
	}
	return w.say("progress.was", r.amount(w, r.was))
}

func (b *progressBlock) setPoints(p *pointer) {
	for i := range b.rows {
		r := &b.rows[i]
		p.add(joined(r.amount(p.words, r.done), p.plain(r.work), r.before(p.words), p.plain(r.note)))
	}
}

const textBar = 16 // columns

func (b *progressBlock) writeText(t *textWriter) {
	widest := 0
	for i := range b.rows {
		widest = max(widest, displayWidth(b.rows[i].amount(t.words, b.rows[i].done)))
	}
	for i := range b.rows {
		r := &b.rows[i]
		s := t.plain(r.work)
		if was := r.before(t.words); was != "" {
			s += t.say("aside", was)
		}
		t.item(bar(r.done/r.of, textBar)+"  "+padded(r.amount(t.words, r.done), widest, alignRight)+"  ", s)
		if len(r.note) > 0 {
			t.within(strings.Repeat(" ", textBar+widest+4), strings.Repeat(" ", textBar+widest+4), func() { t.running(r.note) })
		}
	}
}

// bar is a share as a bar of width columns.
func bar(share float64, width int) string {
	n := int(math.Round(share * float64(width)))
	n = min(max(n, 0), width)
	return strings.Repeat("█", n) + strings.Repeat("░", width-n)
}

// number is v without needless digits.
func number(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

func (b *progressBlock) writeHTML(h *htmlWriter) {
	h.startRows()
	for i := range b.rows {
		r := &b.rows[i]
		h.raw("<tr><td><b>")
		h.esc(r.amount(h.words, r.done))
		h.raw("</b>  ")
		h.inlines(r.work)
		if was := r.before(h.words); was != "" {
			h.small(h.say("aside", was))
		}
		h.bar(r.done / r.of)
		h.inlines(r.note)
		h.endRow()
	}
	h.endRows()
}

// bar is a table of two cells; the number beside it says the same.
func (h *htmlWriter) bar(share float64) {
	done := min(max(int(math.Round(share*100)), 0), 100)
	h.raw(`<table role="none" class="rs" bgcolor="`, restColor, `" width="100%" cellspacing="0" style="font-size:5px"><tr>`)
	if done > 0 {
		h.raw(`<td class="ba" width="`, strconv.Itoa(done), `%" bgcolor="`, barColor, `"> </td>`)
	}
	if done < 100 {
		h.raw("<td> </td>")
	}
	h.raw("</tr></table>")
}
