package compose

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// milestonesBlock is the plan: what is due when, and how it stands.
//
//   - milestone: Payment goes live
//     date: 2026-12-07
//     was: 2026-12-01
//     state: moved
//     note: The bank needs another week.
type milestonesBlock struct {
	line int
	rows []milestone
}

type milestone struct {
	line       int
	name, note []inline
	date, was  string
	state      string
}

var milestoneStates = []string{"done", "on-track", "at-risk", "late", "moved", "open"}

func (b *milestonesBlock) at() int { return b.line }

func (b *milestonesBlock) passages() []passage {
	var out []passage
	for _, r := range b.rows {
		out = append(out, passagesAt(r.line, r.name, r.note)...)
	}
	return out
}

func readMilestones(r *blockReader, root ast.Node) block {
	b := &milestonesBlock{line: r.line}
	r.rows(root, "milestones", func(n ast.Node, line int) {
		m := milestone{line: line}
		ok := r.yaml.mapping(n, fields{
			"milestone": r.running(&m.name), "note": r.running(&m.note),
			"date": r.yaml.date(&m.date), "was": r.yaml.date(&m.was), "state": r.yaml.oneOf(&m.state, milestoneStates...),
		})
		if !ok {
			return
		}
		r.need(len(m.name) > 0, line, "milestone")
		r.need(m.date != "", line, "date")
		if m.state == "" {
			m.state = "open"
		}
		b.rows = append(b.rows, m)
	})
	return b
}

func (m *milestone) before(w *words) string {
	if m.was == "" {
		return ""
	}
	return w.say("milestones.was", w.day(m.was))
}

func (b *milestonesBlock) setPoints(p *pointer) {
	for i := range b.rows {
		m := &b.rows[i]
		p.add(joined(p.say("milestone."+m.state), p.day(m.date), p.plain(m.name), m.before(p.words), p.plain(m.note)))
	}
}

func (b *milestonesBlock) writeText(t *textWriter) {
	var rows [][]string
	for i := range b.rows {
		m := &b.rows[i]
		name := t.plain(m.name)
		if was := m.before(t.words); was != "" {
			name += t.say("aside", was)
		}
		if len(m.note) > 0 {
			name += t.say("then") + t.plain(m.note)
			t.collect(m.note)
		}
		rows = append(rows, []string{chipText(statusMark(m.state), t.say("milestone."+m.state)), t.day(m.date), strings.ReplaceAll(name, "\n", " ")})
	}
	t.grid(nil, rows, nil)
	t.flushLinks()
}

func (b *milestonesBlock) writeHTML(h *htmlWriter) {
	h.startRows()
	for i := range b.rows {
		m := &b.rows[i]
		h.startRow(statusMark(m.state), h.say("milestone."+m.state), statusShade(m.state))
		h.small(h.day(m.date))
		h.raw("  ")
		h.strong(m.name)
		if was := m.before(h.words); was != "" {
			h.small(h.say("aside", was))
		}
		if len(m.note) > 0 {
			h.esc(h.say("then"))
			h.inlines(m.note)
		}
		h.endRow()
	}
	h.endRows()
}
