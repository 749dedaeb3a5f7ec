package compose

import (
	"strings"

	"github.com/yuin/goldmark/util"
)

func (h *htmlWriter) inlines(in []inline) {
	for i := range in {
		h.inline(&in[i])
	}
}

func (h *htmlWriter) inline(n *inline) {
	switch n.kind {
	case plainText:
		h.esc(n.text)
	case strongText:
		h.wrap("strong", n.kids)
	case emphasis:
		h.wrap("em", n.kids)
	case struckText:
		h.wrap("s", n.kids)
	case verbatim:
		h.raw("<code>")
		h.esc(n.text)
		h.raw("</code>")
	case link:
		h.link(n)
	case picture:
		h.picture(n)
	case lineBreak:
		h.raw("<br>\n")
	case noteMark:
		h.raw("<sup>[", n.text, "]</sup>")
	}
}

func (h *htmlWriter) wrap(tag string, kids []inline) {
	h.raw("<", tag, ">")
	h.inlines(kids)
	h.raw("</", tag, ">")
}

// link writes only addresses that may leave the house; what else was asked for
// is a finding of the check, and here plain text.
func (h *htmlWriter) link(n *inline) {
	if !goodLink(n.text) {
		h.inlines(n.kids)
		return
	}
	class := ""
	if len(n.kids) == 1 && strings.Contains(n.kids[0].text, "://") { // an address in full may be long
		class = ` class="ur"`
	}
	h.raw("<a", class, ` href="`)
	h.esc(string(util.URLEscape([]byte(n.text), true)))
	h.raw(`">`)
	h.inlines(n.kids)
	h.raw("</a>")
}

// goodLink reports whether a link may stand in a letter.
func goodLink(url string) bool {
	low := strings.ToLower(url)
	return strings.HasPrefix(low, "https://") && len(url) > len("https://") || strings.HasPrefix(low, "mailto:") && strings.Contains(url, "@")
}
