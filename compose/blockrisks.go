package compose

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// risksBlock is what may go wrong, and what we do about it.
//
//   - risk: The text for the York shop is missing.
//     level: medium
//     effect: The page goes live without York.
//     action: We call the shop on Monday.
//     owner: Mara
//     since: 2026-11-13
type risksBlock struct {
	line int
	rows []risk
}

type risk struct {
	line                 int
	level                string
	risk, effect, action []inline
	owner                string
	since                string
}

func (b *risksBlock) at() int { return b.line }

func (b *risksBlock) passages() []passage {
	var out []passage
	for _, r := range b.rows {
		out = append(out, passagesAt(r.line, r.risk, r.effect, r.action)...)
	}
	return out
}

func readRisks(r *blockReader, root ast.Node) block {
	b := &risksBlock{line: r.line}
	r.rows(root, "risks", func(n ast.Node, line int) {
		k := risk{line: line}
		ok := r.yaml.mapping(n, fields{
			"risk": r.running(&k.risk), "effect": r.running(&k.effect), "action": r.running(&k.action),
			"level": r.yaml.oneOf(&k.level, "high", "medium", "low"), "owner": r.yaml.text(&k.owner), "since": r.yaml.date(&k.since),
		})
		if !ok {
			return
		}
		r.need(len(k.risk) > 0, line, "risk")
		r.need(k.level != "", line, "level")
		r.need(len(k.action) > 0, line, "action")
		b.rows = append(b.rows, k)
	})
	return b
}

// foot is who looks after it and since when.
func (k *risk) foot(w *words) string {
	var parts []string
	if k.owner != "" {
		parts = append(parts, w.say("risk.owner")+k.owner)
	}
	if k.since != "" {
		parts = append(parts, w.say("risk.since", w.day(k.since)))
	}
	return strings.Join(parts, " · ")
}

func (k *risk) labelled(w *words) (effect, action string) {
	if len(k.effect) > 0 {
		effect = w.say("risk.effect") + w.plain(k.effect)
	}
	if len(k.action) > 0 {
		action = w.say("risk.action") + w.plain(k.action)
	}
	return effect, action
}

func (b *risksBlock) setPoints(p *pointer) {
	for i := range b.rows {
		effect, action := b.rows[i].labelled(p.words)
		p.add(joined(p.say("risk."+b.rows[i].level), p.plain(b.rows[i].risk), effect, action, b.rows[i].foot(p.words)))
	}
}

func (b *risksBlock) writeText(t *textWriter) {
	for i := range b.rows {
		k := &b.rows[i]
		if i > 0 {
			t.gap()
		}
		effect, action := k.labelled(t.words)
		t.item(statusMark(k.level)+" ", t.say("risk."+k.level)+t.say("answer.word")+t.plain(k.risk))
		for _, s := range []string{effect, action, k.foot(t.words)} {
			if s != "" {
				t.within("  ", "  ", func() { t.wrapped(s) })
			}
		}
		t.collect(k.risk)
		t.collect(k.effect)
		t.collect(k.action)
		t.flushLinks()
	}
}

func (b *risksBlock) writeHTML(h *htmlWriter) {
	h.startRows()
	for i := range b.rows {
		k := &b.rows[i]
		h.startRow(statusMark(k.level), h.say("risk."+k.level), statusShade(k.level))
		h.strong(k.risk)
		h.labelled(h.say("risk.effect"), k.effect)
		h.labelled(h.say("risk.action"), k.action)
		if foot := k.foot(h.words); foot != "" {
			h.raw("<br>")
			h.small(foot)
		}
		h.endRow()
	}
	h.endRows()
}
