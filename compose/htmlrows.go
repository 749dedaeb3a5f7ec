package compose

// Rows are how status areas, milestones and risks stand in HTML: what state on
// the left, what it is on the right, a thin line between. The words of a row
// stand in the order of the text part, and break into lines where that does:
// so a reply that quotes the HTML is found in the text.

func (h *htmlWriter) startRows() {
	h.row = 0
	h.raw(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin-bottom:20px">`, "\n")
}

// rowCell opens a cell; a thin line stands between rows, not around them. On a
// small screen the class puts the cells of a row below each other.
func (h *htmlWriter) rowCell(class, width string) {
	h.raw("<td", width, ` valign="top" class="`, class)
	if h.row > 1 {
		h.raw(` li" style="padding-top:10px;padding-bottom:10px;border-top:1px solid `, lineColor, `">`)
		return
	}
	h.raw(`" style="padding-top:6px;padding-bottom:10px">`)
}

// startRow begins a row with its chip.
func (h *htmlWriter) startRow(mark, word string, s shade) {
	h.row++
	h.raw("<tr>")
	width := ""
	if h.row == 1 { // the first row makes the column
		width = ` width="132"`
	}
	h.rowCell("k1", width)
	h.chip(mark, word, s)
	h.raw("</td>")
	h.rowCell("k2", "")
}

func (h *htmlWriter) endRow() { h.raw("</td></tr>\n") }

func (h *htmlWriter) endRows() {
	h.raw("</table>\n")
}

func (h *htmlWriter) strong(in []inline) {
	h.raw("<strong>")
	h.inlines(in)
	h.raw("</strong>")
}

// labelled writes a label and its text on a line of their own.
func (h *htmlWriter) labelled(label string, in []inline) {
	if len(in) == 0 {
		return
	}
	h.raw("<br>")
	h.small(label)
	h.inlines(in)
}

// small writes a word that steps back, inside a line.
func (h *htmlWriter) small(s string) {
	shade := mutedShade
	if h.ground.class == panelShade.class {
		shade = hintShade
	}
	h.raw(`<span class="`, shade.class, `" style="font-size:14px">`)
	h.esc(s)
	h.raw("</span>")
}
