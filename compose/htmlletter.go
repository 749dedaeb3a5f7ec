package compose

// furniture is what stands around the manager's words.
type furniture struct {
	subject   string
	over      string // above the title: the client and the project
	title     []inline
	status    string // shown below the title, "" if a status block tells it
	asked     string // what we need from the client, in a sentence
	preheader string // what mail lists show behind the subject
	signature string
	reply     string
	foot      string
	notes     []note
	below     []*words // the other languages in which the report follows
	attached  string   // set when the HTML is a short form
}

// letter writes the whole HTML document.
func (h *htmlWriter) letter(parts []*part) {
	h.words = parts[0].words
	f := parts[0].furniture
	h.head(f.subject)
	// lang and dir stand on the wrapper too: a third of mail programs replace <body>.
	h.raw(`<body class="`, pageShade.class, `" bgcolor="`, pageShade.ground, `" style="margin:0;padding:0;`, pageShade.colors(), `">`, "\n")
	if f.preheader != "" {
		h.raw(`<div style="display:none;max-height:0;overflow:hidden">`)
		h.esc(f.preheader)
		h.raw("</div>\n")
	}
	h.raw(`<table role="presentation" lang="`, h.language, `" dir="ltr" width="100%" cellpadding="0" cellspacing="0" class="`, pageShade.class, `" bgcolor="`, pageShade.ground, `"><tr><td align="center" class="og" style="padding:28px 12px">`, "\n")
	h.raw(`<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"><tr><td><![endif]-->`, "\n")
	h.raw(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px">`, "\n")
	h.raw(`<tr><td class="ba" bgcolor="`, barColor, `" style="font-size:3px">&nbsp;</td></tr>`, "\n")
	h.raw(`<tr><td align="left" class="`, paperShade.class, ` pd" bgcolor="`, paperShade.ground, `" style="padding:36px 40px;font-family:`, fonts, `;font-size:16px;line-height:1.6;`, paperShade.colors(), `">`, "\n")
	h.ground = paperShade
	for i, p := range parts {
		h.words = p.words
		if i > 0 {
			h.block(&divider{}, "")
			h.raw(`<div lang="`, h.language, `">`, "\n")
		}
		h.top(p.furniture)
		h.blocks(p.blocks, paragraphStyle)
		h.bottom(p.furniture)
		if i > 0 {
			h.raw("</div>\n")
		}
	}
	h.raw("</td></tr>\n")
	h.raw(`<tr><td align="center" class="`, pageShade.class, `" bgcolor="`, pageShade.ground, `" style="padding:16px 20px;font-family:`, fonts, `;font-size:12px;`, pageShade.colors(), `">`)
	h.esc(f.foot)
	h.raw("</td></tr>\n</table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n")
}

func (h *htmlWriter) head(subject string) {
	h.raw("<!doctype html>\n<html lang=\"", h.language, "\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta name="viewport" content="width=device-width,initial-scale=1">`, "\n",
		`<meta name="color-scheme" content="light dark">`, "\n",
		`<meta name="supported-color-schemes" content="light dark">`, "\n",
		`<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">`, "\n",
		`<meta name="x-apple-disable-message-reformatting">`, "\n<title>")
	h.esc(subject)
	h.raw("</title>\n<style>", screenSheet(), "</style>\n<style>", darkSheet(), "</style>\n", outlookSheet, "\n</head>\n")
}

// top is the letter's head: whose project, which time, how it stands, and
// what the client is asked for.
func (h *htmlWriter) top(f *furniture) {
	for _, w := range f.below {
		h.raw(`<p lang="`, w.language, `" style="margin-top:0;margin-bottom:12px">`)
		h.esc(w.say("language.below"))
		h.raw("</p>\n")
	}
	h.muted(f.over, "margin-top:0;margin-bottom:4px;font-size:13px")
	h.raw(`<h1 style="margin-top:0;margin-bottom:20px;font-size:24px;line-height:1.3">`)
	h.inlines(f.title)
	h.raw("</h1>\n")
	if f.status != "" {
		h.raw(`<p style="`, paragraphStyle, `">`)
		h.chip(statusMark(f.status), h.say("status."+f.status), statusShade(f.status))
		h.raw("</p>\n")
	}
	if f.asked != "" {
		h.open(panelShade, "14px 18px")
		h.raw(`<strong>`)
		h.esc(f.asked)
		h.raw(`</strong>`)
		h.close()
	}
}

// bottom is the manager's name, how to answer, and the footnotes.
func (h *htmlWriter) bottom(f *furniture) {
	if len(f.notes) > 0 {
		h.raw(`<hr class="li" style="margin-top:28px;margin-bottom:12px;border-style:none;border-top:1px solid `, lineColor, `">`, "\n")
		for _, n := range f.notes {
			h.raw(`<p style="margin-top:0;margin-bottom:6px;font-size:14px">[`, noteNumber(n), `] `)
			h.itemBlocks(n.blocks)
			h.raw("</p>\n")
		}
	}
	if f.signature != "" {
		h.raw(`<p style="margin-top:28px;margin-bottom:28px"><strong>`)
		h.esc(f.signature)
		h.raw("</strong></p>\n")
	}
	h.raw(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td class="li `, mutedShade.class, `" style="padding-top:16px;border-top:1px solid `, lineColor, `;font-size:14px">`)
	h.esc(f.reply)
	h.raw("</td></tr></table>\n")
}

// muted writes a line that steps back.
func (h *htmlWriter) muted(s, style string) {
	shade := mutedShade
	if h.ground.class == panelShade.class {
		shade = hintShade
	}
	h.raw(`<p class="`, shade.class, `" style="`, style, `">`)
	h.esc(s)
	h.raw("</p>\n")
}

// chip writes a word on a coloured ground with a mark: never colour alone.
func (h *htmlWriter) chip(mark, word string, s shade) {
	h.raw(`<strong class="ch `, s.class)
	if s == yellowShade || s == redShade { // what needs attention has its colour everywhere
		h.raw(`" style="`, s.colors())
	}
	h.raw(`">&nbsp;`)
	if mark != "" {
		h.raw(mark, "&nbsp;")
	}
	h.esc(word)
	h.raw(`&nbsp;</strong>`)
}

// open begins a panel, close ends it.
func (h *htmlWriter) open(s shade, padding string) {
	h.ground = s
	h.raw(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td class="rd `, s.class, `" style="padding:`, padding, `;`, s.colors(), `">`)
}

func (h *htmlWriter) close() {
	h.ground = paperShade
	h.raw(`</td></tr><tr><td style="font-size:10px">&nbsp;</td></tr></table>`, "\n")
}
