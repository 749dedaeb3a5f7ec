package compose

import (
	"strconv"
	"strings"
)

// htmlWriter writes the HTML part from the tree: one column of paragraphs and
// tables. What a letter cannot do without, grounds, widths and spacing inside
// tables, stands at the elements; the rest is in its small style sheet.
type htmlWriter struct {
	*words
	b     strings.Builder
	files map[string]*pictureFile
	reply string // our address behind the buttons, "" for none
	key   string // the project's

	widest int // what the widest of the tables needs that become lists, in pixels
}

// raw writes HTML.
func (h *htmlWriter) raw(parts ...string) {
	for _, p := range parts {
		h.b.WriteString(p)
	}
}

// esc writes text.
func (h *htmlWriter) esc(s string) {
	last := 0
	for i := 0; i < len(s); i++ {
		var e string
		switch s[i] {
		case '&':
			e = "&amp;"
		case '<':
			e = "&lt;"
		case '>':
			e = "&gt;"
		case '"':
			e = "&quot;"
		default:
			continue
		}
		h.b.WriteString(s[last:i])
		h.b.WriteString(e)
		last = i + 1
	}
	h.b.WriteString(s[last:])
}

func (h *htmlWriter) blocks(blocks []block) {
	for _, b := range blocks {
		h.block(b)
	}
}

// block writes one block. Paragraphs, lists and headings have the spacing that
// every mail program gives them; the style sheet refines it.
func (h *htmlWriter) block(b block) {
	switch b := b.(type) {
	case *heading:
		h.heading(b)
	case *paragraph:
		h.raw("<p>")
		h.inlines(b.text)
		h.raw("</p>\n")
	case *list:
		h.list(b)
	case *table:
		h.table(b)
	case *code:
		h.code(b)
	case *quotation:
		h.quotation(b)
	case *divider:
		h.raw("<hr>\n")
	case reportBlock:
		b.writeHTML(h)
	}
}

// heading writes a heading. The letter's own title is its only level 1.
func (h *htmlWriter) heading(b *heading) {
	level := "2"
	if b.level > 2 {
		level = "3"
	}
	h.raw("<h", level, ">")
	h.inlines(b.text)
	h.raw("</h", level, ">\n")
}

func (h *htmlWriter) list(l *list) {
	boxes := len(l.items) > 0
	for _, it := range l.items {
		boxes = boxes && it.task != noBox
	}
	end := "</ul>\n"
	switch {
	case l.ordered:
		h.raw("<ol")
		if l.start != 1 {
			h.raw(` start="`, strconv.Itoa(l.start), `"`)
		}
		h.raw(">\n")
		end = "</ol>\n"
	case boxes: // the box stands where the bullet would
		h.raw(`<ul style="padding-left:4px;list-style-type:none">`, "\n")
	default:
		h.raw("<ul>\n")
	}
	for _, it := range l.items {
		h.raw("<li>")
		switch it.task {
		case emptyBox:
			h.raw("☐ ")
		case tickedBox:
			h.raw("☑ ")
		}
		h.itemBlocks(it.blocks)
		h.raw("</li>\n")
	}
	h.raw(end)
}

// itemBlocks writes the text of a list item without a paragraph around it.
func (h *htmlWriter) itemBlocks(blocks []block) {
	for i, b := range blocks {
		p, ok := b.(*paragraph)
		if ok && i == 0 {
			h.inlines(p.text)
			continue
		}
		if i > 0 {
			h.raw("\n")
		}
		h.block(b)
	}
}

func (h *htmlWriter) table(t *table) {
	class, need := "tb", h.tableNeeds(t)
	stacks := len(t.head) > 2 && need > phoneColumn
	if stacks {
		class, h.widest = "tb st", max(h.widest, need)
	}
	h.raw(`<table class="`, class, `" width="100%" cellpadding="7">`, "\n<tr>")
	for i, c := range t.head {
		h.cell("th", "scope", "col", alignAt(t.align, i), c)
	}
	h.raw("</tr>\n")
	for _, r := range t.rows {
		h.raw("<tr>")
		for i, c := range r.cells {
			name := ""
			if stacks && i > 0 && i < len(t.head) && len(c) > 0 {
				name = h.plain(t.head[i])
			}
			h.cell("td", "title", name, alignAt(t.align, i), c)
		}
		h.raw("</tr>\n")
	}
	h.raw("</table>\n")
}

// cell writes a cell, with an attribute of its own unless value is "".
func (h *htmlWriter) cell(tag, attribute, value string, a alignment, c cell) {
	h.raw("<", tag)
	if value != "" {
		h.raw(" ", attribute, `="`)
		h.esc(value)
		h.raw(`"`)
	}
	switch {
	case a == alignRight:
		h.raw(` align="right"`)
	case a == alignCenter:
		h.raw(` align="center"`)
	case tag == "th":
		h.raw(` align="left"`)
	}
	h.raw(">")
	h.inlines(c)
	h.raw("</", tag, ">")
}

// quotation is a table and no <blockquote>: in a reply, whoever looks for the
// client's own words takes what stands in a blockquote for quoted mail, and
// what stands outside of it for new.
func (h *htmlWriter) quotation(q *quotation) {
	h.raw(`<table role="none" class="q" cellpadding="10"><tr><td>`)
	h.blocks(q.blocks)
	h.raw("</td></tr></table>\n")
}

// code is wrapped by us: <pre> keeps a long line as wide as it is.
func (h *htmlWriter) code(c *code) {
	h.open(panelShade)
	h.raw("<pre>")
	for i, l := range hardWrap(c.lines, 72) {
		if i > 0 {
			h.raw("\n")
		}
		h.esc(l)
	}
	h.raw("</pre>")
	h.close()
}
