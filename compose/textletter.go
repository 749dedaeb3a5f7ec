package compose

import (
	"strconv"
	"strings"
)

// letter writes the whole text part.
func (t *textWriter) letter(parts []*part) {
	for i, p := range parts {
		t.words = p.words
		if i > 0 {
			t.gap()
			t.line("")
			t.line(strings.Repeat("*", textColumns))
			t.gap()
		}
		for _, w := range p.furniture.below {
			t.wrapped(w.say("language.below"))
			t.gap()
		}
		t.part(p.furniture, p.blocks)
	}
	t.wrapped(parts[0].furniture.foot)
}

// part writes what stands in one language.
func (t *textWriter) part(f *furniture, blocks []block) {
	t.wrapped(f.over)
	title := wrap(t.plain(f.title), textColumns)
	widest := 0
	for _, l := range title {
		t.line(l)
		widest = max(widest, displayWidth(l))
	}
	t.line(strings.Repeat("=", min(max(widest, 40), textColumns)))
	t.gap()
	if f.status != "" {
		t.line(statusMark(f.status) + " " + t.say("status."+f.status))
	}
	if f.asked != "" {
		t.wrapped(f.asked)
	}
	t.gap()
	t.blocks(blocks)
	t.bottom(f)
}

func (t *textWriter) bottom(f *furniture) {
	if len(f.notes) > 0 {
		t.gap()
		t.line(strings.Repeat("-", 20))
		for _, n := range f.notes {
			mark := "[" + noteNumber(n) + "] "
			t.within(mark, strings.Repeat(" ", len(mark)), func() { t.tight(n.blocks, false) })
		}
	}
	if f.attached != "" {
		t.gap()
		t.wrapped(f.attached)
	}
	if f.signature != "" {
		t.gap()
		t.wrapped(f.signature)
	}
	t.gap()
	t.line(strings.Repeat("-", 40))
	t.wrapped(f.reply)
}

func noteNumber(n note) string { return strconv.Itoa(n.number) }
