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
	a.writeOptions(h)
	h.labelled(h.say("ask.recommend"), a.recommend)
	if a.by != "" {
		h.raw("<br>")
		h.esc(h.say("ask.by", h.day(a.by)))
	}
	a.writeButtons(h)
	h.raw("<br>")
	h.small(a.hint(h.words))
	h.close()
}

// writeOptions writes a line for each option: its letter, which is a button,
// and its words.
func (a *asked) writeOptions(h *htmlWriter) {
	for i, o := range a.options {
		letter := string(rune('A' + i))
		h.raw("<br>")
		h.button(letter, answerLine(h.words, a.label, letter), false)
		h.raw(" ")
		h.esc(o)
	}
}

// writeButtons writes yes and no, or one button for an open question.
func (a *asked) writeButtons(h *htmlWriter) {
	captions, values := a.choices(h.words)
	if len(a.options) > 0 || h.reply == "" {
		return
	}
	h.raw("<br>")
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
