package compose

import (
	"strconv"
	"strings"
)

// htmlWriter writes the HTML part from the tree: one column of tables and
// paragraphs whose styles stand at the elements.
type htmlWriter struct {
	*words
	b      strings.Builder
	ground shade // what is written on
	files  map[string]*pictureFile
	reply  string // our address behind the buttons, "" for none
	key    string // the project's
	row    int    // of the rows that are being written
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

// The spacing of paragraphs. Line height is set once, on the paper.
const (
	paragraphStyle = "margin-top:0;margin-bottom:16px"
	tightStyle     = "margin-top:0;margin-bottom:6px"
)

func (h *htmlWriter) blocks(blocks []block, style string) {
	for _, b := range blocks {
		h.block(b, style)
	}
}

// block writes one block; style is that of its paragraphs.
func (h *htmlWriter) block(b block, style string) {
	switch b := b.(type) {
	case *heading:
		h.heading(b)
	case *paragraph:
		h.raw(`<p style="`, style, `">`)
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
		h.raw(`<hr class="li" style="margin-top:28px;margin-bottom:28px;border-style:none;border-top:1px solid `, lineColor, `">`, "\n")
	case reportBlock:
		b.writeHTML(h)
	}
}

// heading writes a heading. The letter's own title is its only level 1.
func (h *htmlWriter) heading(b *heading) {
	level, style := "2", "margin-top:36px;margin-bottom:14px;font-size:20px"
	if b.level > 2 {
		level, style = "3", "margin-top:24px;margin-bottom:8px;font-size:16px"
	}
	h.raw("<h", level, ` style="`, style, `">`)
	h.inlines(b.text)
	h.raw("</h", level, ">\n")
}

func (h *htmlWriter) list(l *list) {
	style := "margin-bottom:6px"
	if l.loose {
		style = "margin-bottom:12px"
	}
	boxes := len(l.items) > 0
	for _, it := range l.items {
		boxes = boxes && it.task != noBox
	}
	end := "</ul>\n"
	switch {
	case l.ordered:
		h.raw(`<ol style="margin-top:0;margin-bottom:16px;padding-left:26px"`)
		if l.start != 1 {
			h.raw(` start="`, strconv.Itoa(l.start), `"`)
		}
		h.raw(">\n")
		end = "</ol>\n"
	case boxes: // the box stands where the bullet would
		h.raw(`<ul style="margin-top:0;margin-bottom:16px;padding-left:4px;list-style-type:none">`, "\n")
	default:
		h.raw(`<ul style="margin-top:0;margin-bottom:16px;padding-left:22px">`, "\n")
	}
	for _, it := range l.items {
		h.raw(`<li style="`, style, `">`)
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
		switch {
		case ok && i == 0:
			h.inlines(p.text)
		case ok:
			h.raw(`<p style="margin-top:8px;margin-bottom:0">`)
			h.inlines(p.text)
			h.raw("</p>")
		default:
			if i > 0 {
				h.raw("\n")
			}
			h.block(b, tightStyle)
		}
	}
}

func (h *htmlWriter) table(t *table) {
	h.raw(`<div class="sc"><table width="100%" cellpadding="7" cellspacing="0" style="margin-bottom:20px;font-size:15px">`, "\n<tr>")
	for i, c := range t.head {
		h.cell("th", ` scope="col"`, alignAt(t.align, i), c)
	}
	h.raw("</tr>\n")
	for _, r := range t.rows {
		h.raw("<tr>")
		for i, c := range r.cells {
			h.cell("td", "", alignAt(t.align, i), c)
		}
		h.raw("</tr>\n")
	}
	h.raw("</table></div>\n")
}

func (h *htmlWriter) cell(tag, scope string, a alignment, c cell) {
	align := ""
	switch {
	case a == alignRight:
		align = ` align="right"`
	case a == alignCenter:
		align = ` align="center"`
	case tag == "th":
		align = ` align="left"`
	}
	h.raw("<", tag, scope, align, ` valign="top" class="li" style="border-bottom:1px solid `, lineColor, `">`)
	h.inlines(c)
	h.raw("</", tag, ">")
}

// quotation is a table and no <blockquote>: in a reply, whoever looks for the
// client's own words takes what stands in a blockquote for quoted mail, and
// what stands outside of it for new.
func (h *htmlWriter) quotation(q *quotation) {
	h.raw(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin-bottom:16px"><tr><td class="li" style="padding-left:16px;border-left:3px solid `, lineColor, `">`)
	h.blocks(q.blocks, tightStyle)
	h.raw("</td></tr></table>\n")
}

// code is wrapped by us: <pre> keeps a long line as wide as it is.
func (h *htmlWriter) code(c *code) {
	h.raw(`<table role="presentation" width="100%" cellpadding="12" cellspacing="0" style="margin-bottom:16px"><tr><td class="rd `, panelShade.class, `" style="`, panelShade.colors(), `"><pre style="margin-top:0;margin-bottom:0;font-family:`, monoFonts, `;font-size:13px;white-space:pre-wrap">`)
	for i, l := range hardWrap(c.lines, 72) {
		if i > 0 {
			h.raw("\n")
		}
		h.esc(l)
	}
	h.raw("</pre></td></tr></table>\n")
}
