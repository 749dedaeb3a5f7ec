package compose

import "strings"

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
	// lang, ground and font stand on the wrapper too: a third of mail programs
	// replace <body>.
	h.raw(`<body class="pg" bgcolor="`, pageShade.ground, `">`, "\n")
	if f.preheader != "" {
		h.raw(`<div style="display:none">`)
		h.esc(f.preheader)
		h.raw("</div>\n")
	}
	h.raw(`<table role="none" lang="`, h.language, `" class="pg" bgcolor="`, pageShade.ground, `" width="100%" cellspacing="0" cellpadding="12"><tr><td class="o" align="center" style="font-family:`, fonts, `;font-size:16px;line-height:1.6">`, "\n",
		`<!--[if mso]><table width="600"><tr><td><![endif]-->`, "\n",
		`<table role="none" width="100%" cellspacing="0" style="max-width:600px">`, "\n",
		`<tr><td align="left" class="pp" bgcolor="`, paperShade.ground, `" style="border-top:6px solid `, barColor, `;padding:36px 40px;color:`, paperShade.ink, `">`, "\n")
	for i, p := range parts {
		h.words = p.words
		if i > 0 {
			h.raw("<hr>\n", `<div lang="`, h.language, `">`, "\n")
		}
		h.top(p.furniture)
		h.blocks(p.blocks)
		h.bottom(p.furniture)
		if i > 0 {
			h.raw("</div>\n")
		}
	}
	h.raw("</td></tr>\n", `<tr><td align="center">`)
	h.small(f.foot)
	h.raw("</td></tr>\n</table>\n<!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n</body>\n</html>\n")
	body := h.b.String()
	h.b = strings.Builder{}
	h.b.Grow(len(body) + 4<<10)
	h.words = parts[0].words
	h.head(f.subject, body)
	h.raw(body)
}

func (h *htmlWriter) head(subject, body string) {
	h.raw("<!doctype html>\n<html lang=\"", h.language, "\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta name="viewport" content="width=device-width">`, "\n",
		`<meta name="color-scheme" content="light dark">`, "\n",
		`<meta name="format-detection" content="telephone=no,date=no,address=no">`, "\n<title>")
	h.esc(subject)
	h.raw("</title>\n<style>", styleSheet(screenRules, body), "</style>\n<style>", styleSheet(darkRules, body), "</style>\n", h.stackSheet(), outlookSheet, "\n</head>\n")
}

// top is the letter's head: whose project, which time, how it stands, and
// what the client is asked for.
func (h *htmlWriter) top(f *furniture) {
	for _, w := range f.below {
		h.raw(`<p lang="`, w.language, `">`)
		h.esc(w.say("language.below"))
		h.raw("</p>\n")
	}
	h.small(f.over)
	h.raw("<h1>")
	h.inlines(f.title)
	h.raw("</h1>\n")
	if f.status != "" {
		h.raw("<p>")
		h.chip(statusMark(f.status), h.say("status."+f.status), statusShade(f.status))
		h.raw("</p>\n")
	}
	if f.asked != "" {
		h.open(quietShade)
		h.raw("<b>")
		h.esc(f.asked)
		h.raw("</b>")
		h.close()
	}
}

// bottom is the manager's name, how to answer, and the footnotes.
func (h *htmlWriter) bottom(f *furniture) {
	if len(f.notes) > 0 {
		h.raw("<hr>\n")
		for _, n := range f.notes {
			h.raw("<p>[", noteNumber(n), "] ")
			h.itemBlocks(n.blocks)
			h.raw("</p>\n")
		}
	}
	if f.signature != "" {
		h.raw("<p><b>")
		h.esc(f.signature)
		h.raw("</b></p>\n")
	}
	h.raw("<hr>\n<p>")
	h.small(f.reply)
	h.raw("</p>\n")
}

// chip writes a word on a coloured ground with a mark: never colour alone.
func (h *htmlWriter) chip(mark, word string, s shade) {
	h.raw(`<b class="c `, s.class)
	if s == yellowShade || s == redShade { // what needs attention has its colour everywhere
		h.raw(`" style="`, s.colors())
	}
	h.raw(`"> `)
	if mark != "" {
		h.raw(mark, " ")
	}
	h.esc(word)
	h.raw(" </b>")
}

// open begins a panel, close ends it. The empty paragraph keeps a distance:
// Outlook's Word engine joins tables that follow each other.
func (h *htmlWriter) open(s shade) {
	h.raw(`<table role="none" class="`, s.class, `" bgcolor="`, s.ground, `" width="100%" cellpadding="16"><tr><td>`)
}

func (h *htmlWriter) close() {
	h.raw("</td></tr></table><p></p>\n")
}
