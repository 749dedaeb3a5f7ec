package compose

func (b *asksBlock) writeHTML(h *htmlWriter) {
	for i := range b.rows {
		b.rows[i].writeHTML(h)
	}
}

func (a *asked) writeHTML(h *htmlWriter) {
	h.open(panelShade, "18px 20px")
	h.raw(`<p style="margin-top:0;margin-bottom:8px">`)
	h.chip("", a.label, blueShade)
	h.raw(" ")
	h.strong(a.text)
	h.raw("</p>")
	if len(a.why) > 0 {
		h.line(a.why)
	}
	a.writeOptions(h)
	if len(a.recommend) > 0 {
		h.raw(`<p style="margin-top:0;margin-bottom:8px">`)
		h.small(h.say("ask.recommend"))
		h.inlines(a.recommend)
		h.raw("</p>")
	}
	if a.by != "" {
		h.line(plainInline(h.say("ask.by", h.day(a.by))))
	}
	a.writeButtons(h)
	h.muted(a.hint(h.words), "margin-top:8px;margin-bottom:0;font-size:14px")
	h.close()
}

// writeOptions writes a row for each option: its letter, which is a button, and
// its words.
func (a *asked) writeOptions(h *htmlWriter) {
	if len(a.options) == 0 {
		return
	}
	h.raw(`<table role="presentation" cellpadding="3" cellspacing="0" style="margin-bottom:8px">`)
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
	if len(a.options) > 0 || h.reply == "" {
		return
	}
	h.raw(`<p style="margin-top:12px;margin-bottom:0">`)
	if !a.yesNo {
		h.button(h.say("ask.answer", a.label), answerLine(h.words, a.label, ""), true)
	}
	for i := range captions {
		if i > 0 {
			h.esc(h.say("ask.either"))
		}
		h.button(captions[i], answerLine(h.words, a.label, values[i]), i == 0)
	}
	h.raw("</p>")
}

func (h *htmlWriter) line(in []inline) {
	h.raw(`<p style="margin-top:0;margin-bottom:8px">`)
	h.inlines(in)
	h.raw("</p>")
}
