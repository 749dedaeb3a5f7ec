package compose

import "strings"

// button writes a link that opens the client's mail program with an answer
// already typed. The style sheet makes borders of its own colour around it:
// Outlook's Word engine knows no padding on a link, but it does draw borders.
func (h *htmlWriter) button(caption, line string, first bool) {
	if h.reply == "" {
		h.esc(caption)
		return
	}
	class, style := quietShade.class, ""
	if first { // the one to press is a button everywhere, the others at least a link
		class, style = buttonShade.class, ` style="`+buttonShade.colors()+`"`
	}
	h.raw(`<a class="b `, class, `" href="`)
	h.esc(mailto(h.reply, "["+h.key+"] "+line, line))
	h.raw(`"`, style, ">")
	h.esc(caption)
	h.raw("</a>")
}

// maxMailto is the length that every mail program takes of a mailto link.
const maxMailto = 1000

// mailto is a link to a mail with subject and one line of text (RFC 6068: line
// ends are %0D%0A). The subject names the project, in case the plus part of
// the address is lost on the way.
func mailto(address, subject, line string) string {
	link := "mailto:" + encode(address, "@+") + "?subject=" + encode(subject, ":") + "&body=" + encode(line, ":") + "%0D%0A"
	if len(link) > maxMailto {
		link = "mailto:" + encode(address, "@+")
	}
	return link
}

// encode percent-encodes all but unreserved characters (RFC 3986 section 2.3)
// and those in keep.
func encode(s, keep string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
	}
	return b.String()
}

// ReplyVia is the HTML with its buttons aimed at another of our addresses: the
// signed one of a single recipient. Nothing else changes.
func (r *Rendered) ReplyVia(address string) string {
	if r.ReplyTo == "" || address == "" {
		return r.HTML
	}
	return strings.ReplaceAll(r.HTML, `href="mailto:`+encode(r.ReplyTo, "@+")+`?subject=%5B`, `href="mailto:`+encode(address, "@+")+`?subject=%5B`)
}
