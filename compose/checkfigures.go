package compose

import (
	"fmt"
	"strings"
)

// figuresAgainstLast: figures and dates agree with those the client has, and go
// back only with a word.
func figuresAgainstLast(c *checker) {
	_, doc := c.lastReport()
	if doc == nil {
		return
	}
	progressAgainst(c, doc)
	milestonesAgainst(c, doc)
	chartsAgainst(c, doc)
}

// eachRow visits the rows of all blocks of one kind.
func eachRow[B block, R any](blocks []block, rows func(B) []R, visit func(*R)) {
	for _, b := range blocks {
		if b, ok := b.(B); ok {
			for _, r := range rows(b) {
				visit(&r)
			}
		}
	}
}

// byName are such rows by their names.
func byName[B block, R any](blocks []block, rows func(B) []R, name func(*R) string) map[string]R {
	out := map[string]R{}
	eachRow(blocks, rows, func(r *R) { out[strings.ToLower(name(r))] = *r })
	return out
}

// progressAgainst compares how far the work has come.
func progressAgainst(c *checker, last *document) {
	rows := func(b *progressBlock) []progressRow { return b.rows }
	before := byName(last.blocks, rows, func(r *progressRow) string { return c.plain(r.work) })
	eachRow(c.doc.blocks, rows, func(r *progressRow) {
		old, known := before[strings.ToLower(c.plain(r.work))]
		if !known {
			return
		}
		name := clip(c.plain(r.work), 40)
		if r.hasWas && (r.was != old.done || r.of != old.of) {
			c.find(Warning, "figure-differs", r.line, fmt.Sprintf("%s: the last report said %s, not %s", name, old.amount(c.words, old.done), r.amount(c.words, r.was)), "correct was:, or explain it in note:")
		}
		if r.done/r.of < old.done/old.of && len(r.note) == 0 {
			c.find(Warning, "progress-back", r.line, fmt.Sprintf("%s went back from %s to %s without a word why", name, old.amount(c.words, old.done), r.amount(c.words, r.done)), "add note: with the reason")
		}
	})
}

// milestonesAgainst compares the dates: one that moves says so.
func milestonesAgainst(c *checker, last *document) {
	rows := func(b *milestonesBlock) []milestone { return b.rows }
	before := byName(last.blocks, rows, func(m *milestone) string { return c.plain(m.name) })
	eachRow(c.doc.blocks, rows, func(m *milestone) {
		old, known := before[strings.ToLower(c.plain(m.name))]
		name := clip(c.plain(m.name), 40)
		switch {
		case !known:
		case old.state == "done" && m.state != "done" && len(m.note) == 0:
			c.find(Warning, "progress-back", m.line, name+" was done in the last report and is not now, without a word why", "add note: with the reason")
		case m.was != "" && m.was != old.date && m.was != old.was:
			c.find(Warning, "figure-differs", m.line, fmt.Sprintf("%s: the last report said %s, not %s", name, old.date, m.was), "correct was:, or explain it in note:")
		case m.was == "" && m.date != old.date && m.date != "" && m.state != "done":
			c.find(Warning, "figure-differs", m.line, fmt.Sprintf("%s: the last report said %s, this one %s", name, old.date, m.date), "write state: moved and was: "+old.date+", with the reason in note:")
		}
	})
}

// chartsAgainst compares what a chart calls the last report's values with them.
func chartsAgainst(c *checker, last *document) {
	type value struct {
		title string
		chartRow
	}
	rows := func(b *chartBlock) []value {
		var out []value
		for _, r := range b.rows {
			out = append(out, value{c.plain(b.title), r})
		}
		return out
	}
	name := func(v *value) string { return v.title + "\n" + c.plain(v.label) }
	before := byName(last.blocks, rows, name)
	eachRow(c.doc.blocks, rows, func(v *value) {
		if old, known := before[strings.ToLower(name(v))]; known && v.hasWas && v.was != old.value {
			c.find(Warning, "figure-differs", v.line, fmt.Sprintf("%s: the last report said %s, not %s", clip(c.plain(v.label), 40), number(old.value), number(v.was)), "correct was:")
		}
	})
}
