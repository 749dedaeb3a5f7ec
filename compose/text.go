package compose

import (
	"strconv"
	"strings"
)

// textWriter writes the text part from the tree.
type textWriter struct {
	*words
	b       strings.Builder
	lead    string // stands before the next line
	indent  string // stands before every line after it
	pending bool   // lead has not been written yet
	blank   bool   // the last line written was blank
	links   []inline
}

// line writes one line behind the indentation.
func (t *textWriter) line(s string) {
	before := t.indent
	if t.pending {
		before, t.pending = t.lead, false
	}
	s = strings.TrimRight(before+s, " ")
	t.b.WriteString(s)
	t.b.WriteByte('\n')
	t.blank = s == "" || s == strings.TrimRight(t.indent, " ")
}

// gap makes sure that a blank line stands above what comes next.
func (t *textWriter) gap() {
	if t.blank || t.b.Len() == 0 || t.pending {
		return
	}
	t.line("")
	t.blank = true
}

// within writes what f writes behind marks: first on its first line, rest
// before all others.
func (t *textWriter) within(first, rest string, f func()) {
	lead, indent, pending := t.lead, t.indent, t.pending
	if pending {
		t.lead += first
	} else {
		t.lead = indent + first
	}
	t.indent, t.pending = indent+rest, true
	f()
	t.pending = t.pending && pending
	t.lead, t.indent = lead, indent
}

// width is what is left of a line.
func (t *textWriter) width() int { return textColumns - displayWidth(t.indent) }

// words writes running text, wrapped.
func (t *textWriter) wrapped(s string) {
	for _, l := range wrap(s, t.width()) {
		t.line(l)
	}
}

// item writes running text behind a mark, with its other lines below the text.
func (t *textWriter) item(mark, s string) {
	t.within(mark, strings.Repeat(" ", displayWidth(mark)), func() { t.wrapped(s) })
}

// flushLinks lists where the links of the text above lead.
func (t *textWriter) flushLinks() {
	links := t.links
	t.links = nil
	for _, l := range links {
		label, target := t.plain(l.kids), strings.TrimPrefix(l.text, "mailto:")
		if label == target || label == "" || strings.TrimSuffix(target, "/") == strings.TrimPrefix(label, "https://") {
			continue
		}
		t.item("  ", label+t.say("answer.word")+"<"+target+">")
	}
}

func (t *textWriter) blocks(blocks []block) {
	for i, b := range blocks {
		if i > 0 {
			t.gap()
		}
		t.block(b)
	}
}

func (t *textWriter) block(b block) {
	switch b := b.(type) {
	case *heading:
		t.heading(b)
	case *paragraph:
		t.running(b.text)
	case *list:
		t.list(b)
	case *table:
		t.table(b)
	case *code:
		for _, l := range hardWrap(b.lines, min(72, t.width()-2)) {
			t.line("  " + l)
		}
	case *quotation:
		t.within("| ", "| ", func() { t.blocks(b.blocks) })
	case *divider:
		t.line(strings.Repeat("-", 20))
	case reportBlock:
		b.writeText(t)
	}
}

// running writes a paragraph and lists its links below it.
func (t *textWriter) running(in []inline) {
	t.collect(in)
	t.wrapped(t.plain(in))
	t.flushLinks()
}

func (t *textWriter) heading(h *heading) {
	s := t.plain(h.text)
	line := "~"
	switch {
	case h.level <= 1:
		line = "="
	case h.level == 2:
		line = "-"
	}
	if t.b.Len() > 0 && h.level <= 2 && t.indent == "" {
		t.gap()
		t.line("")
	}
	lines := wrap(s, t.width())
	widest := 0
	for _, l := range lines {
		t.line(l)
		widest = max(widest, displayWidth(l))
	}
	t.line(strings.Repeat(line, min(widest, t.width())))
	t.collect(h.text)
	t.flushLinks()
}

func (t *textWriter) list(l *list) {
	for i, it := range l.items {
		if i > 0 && l.loose {
			t.gap()
		}
		mark := "- "
		if l.ordered {
			mark = strconv.Itoa(l.start+i) + ". "
		}
		t.within(mark, strings.Repeat(" ", len(mark)), func() {
			switch it.task {
			case emptyBox:
				t.boxed("☐ ", it.blocks)
			case tickedBox:
				t.boxed("☑ ", it.blocks)
			default:
				t.tight(it.blocks, l.loose)
			}
			if t.pending {
				t.line("")
			}
		})
	}
}

func (t *textWriter) boxed(box string, blocks []block) {
	t.within(box, "  ", func() { t.tight(blocks, false) })
}

// tight writes the blocks of a list item; a list below its text follows at once.
func (t *textWriter) tight(blocks []block, loose bool) {
	for i, b := range blocks {
		if _, sub := b.(*list); i > 0 && (loose || !sub) {
			t.gap()
		}
		t.block(b)
	}
}
