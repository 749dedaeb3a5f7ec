package compose

func (b *asksBlock) writeHTML(h *htmlWriter) {
	for i := range b.rows {
		b.rows[i].writeHTML(h)
	}
}

func (a *asked) writeHTML(h *htmlWriter) {
	h.open(panelShade)
	h.chip("", a.label, quietShade)
	h.raw(" ")
	h.strong(a.text)
	if len(a.why) > 0 {
		h.raw("<br>")
		h.inlines(a.why)
	}
	below := "<br>" // a table ends its line by itself
	if len(a.options) > 0 {
		a.writeOptions(h)
		below = ""
	}
	if len(a.recommend) > 0 {
		h.raw(below)
		h.small(h.say("ask.recommend"))
		h.inlines(a.recommend)
		below = "<br>"
	}
	if a.by != "" {
		h.raw(below)
		h.esc(h.say("ask.by", h.day(a.by)))
		below = "<br>"
	}
	if len(a.options) == 0 && h.reply != "" {
		h.raw(below)
		a.writeButtons(h)
		below = "<br>"
	}
	h.raw(below)
	h.small(a.hint(h.words))
	h.close()
}

// writeOptions writes a row for each option: its letter, which is a button, and
// its words.
func (a *asked) writeOptions(h *htmlWriter) {
	h.raw(`<table role="none" cellpadding="4">`)
	for i, o := range a.options {
		letter := string(rune('A' + i))
		h.raw("<tr><td>")
		h.button(letter, answerLine(h.words, a.label, letter), false)
		h.raw("</td><td>")
		h.esc(o)
		h.raw("</td></tr>")
	}
	h.raw("</table>")
}

// writeButtons writes yes and no, or one button for an open question.
func (a *asked) writeButtons(h *htmlWriter) {
	captions, values := a.choices(h.words)
	if !a.yesNo {
		h.button(h.say("ask.answer", a.label), answerLine(h.words, a.label, ""), true)
	}
	for i := range captions {
		if i > 0 {
			h.esc(h.say("ask.either"))
		}
		h.button(captions[i], answerLine(h.words, a.label, values[i]), i == 0)
	}
}
