package compose

// Rows are how status areas, milestones and risks stand in HTML: what state on
// the left, what it is on the right, a thin line between. The words of a row
// stand in the order of the text part, and break into lines where that does:
// so a reply that quotes the HTML is found in the text.

func (h *htmlWriter) startRows() {
	h.raw(`<table role="none" class="rw" width="100%" cellpadding="6">`, "\n")
}

// startRow begins a row with its chip.
func (h *htmlWriter) startRow(mark, word string, s shade) {
	h.raw(`<tr><td class="k">`)
	h.chip(mark, word, s)
	h.raw("</td><td>")
}

func (h *htmlWriter) endRow() { h.raw("</td></tr>\n") }

func (h *htmlWriter) endRows() {
	h.raw("</table>\n")
}

func (h *htmlWriter) strong(in []inline) {
	h.raw("<b>")
	h.inlines(in)
	h.raw("</b>")
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

// small writes words that step back.
func (h *htmlWriter) small(s string) {
	h.raw("<small>")
	h.esc(s)
	h.raw("</small>")
}
