package compose

// Rows are how status areas, milestones and risks stand in HTML: what state on
// the left, what it is on the right, a thin line between. The words of a row
// stand in the order of the text part.

func (h *htmlWriter) startRows() {
	h.raw(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">`, "\n")
}

const rowCell = ` valign="top" class="li" style="padding:10px 0;border-bottom:1px solid ` + lineColor

// startRow begins a row with its chip.
func (h *htmlWriter) startRow(mark, word string, s shade) {
	h.raw(`<tr><td width="124"`, rowCell, `">`)
	h.chip(mark, word, s)
	h.raw(`</td><td`, rowCell, `">`)
}

func (h *htmlWriter) endRow() { h.raw("</td></tr>\n") }

// endRows closes the rows and keeps the distance to what follows.
func (h *htmlWriter) endRows() {
	h.raw("</table>\n", `<div style="font-size:0;line-height:20px">&nbsp;</div>`, "\n")
}

func (h *htmlWriter) strong(in []inline) {
	h.raw("<strong>")
	h.inlines(in)
	h.raw("</strong>")
}

// note writes a sentence below what it explains.
func (h *htmlWriter) note(in []inline) {
	if len(in) > 0 {
		h.raw("<br>")
		h.inlines(in)
	}
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
	h.raw(`<span class="`, shade.class, `" style="`, shade.colors(), `;font-size:14px">`)
	h.esc(s)
	h.raw("</span>")
}
