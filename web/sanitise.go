package web

import (
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	xhtml "golang.org/x/net/html"
)

// What a mail's HTML may keep. Everything that is not named here goes: scripts,
// forms, frames, style sheets, SVG, classes and ids. The pictures' addresses are
// ours or data; the frame's content security policy says the same again.
var (
	safeHTML    = mailHTML()
	safeStyles  = regexp.MustCompile(`^([a-z-]+: [^:;\\@<>{}]*; )*$`)
	safePicture = regexp.MustCompile(`^((https?://[0-9A-Za-z.:-]+)?/file/[0-9]+/[0-9A-Za-z_-]+/[ml]/[0-9a-z]+/picture/[0-9.]+|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+)$`)
	safeLink    = regexp.MustCompile(`(?i)^(https?://[^\s/?#]|mailto:[^\s]|tel:[^\s])`)
	safeNumber  = regexp.MustCompile(`^[0-9]{1,4}(\.[0-9]+)?(%|px)?$`)
	safeColour  = regexp.MustCompile(`^#?[0-9A-Za-z]{1,24}$`)
	safeWord    = regexp.MustCompile(`^[0-9A-Za-z, -]{1,80}$`)
)

// mailHTML is the last judge of a mail's HTML: what sanitise hands to it is
// still hostile.
func mailHTML() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("a", "abbr", "address", "article", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center",
		"cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
		"font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark",
		"ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
		"summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var", "wbr")
	p.AllowNoAttrs().OnElements("a", "font", "img", "span")
	p.AllowAttrs("style").Matching(safeStyles).Globally()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(ltr|rtl|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(safeWord).Globally()
	p.AllowAttrs("align", "valign").Matching(safeWord).Globally()
	p.AllowAttrs("title", "alt").OnElements("a", "abbr", "img", "span")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^left-out$`)).OnElements("span")
	p.AllowAttrs("bgcolor", "bordercolor", "color").Matching(safeColour).Globally()
	p.AllowAttrs("width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "size", "span", "start", "hspace", "vspace").
		Matching(safeNumber).Globally()
	p.AllowAttrs("face", "type").Matching(safeWord).OnElements("font", "ol", "ul", "li")
	p.AllowAttrs("href").Matching(safeLink).OnElements("a")
	p.AllowAttrs("src").Matching(safePicture).OnElements("img")

	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true) // only src is ever relative, and safePicture knows ours
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowDataURIImages()
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// sanitise makes a mail's HTML harmless. picture returns the address of ours
// for a picture that the mail brought with it, "" if it has none of that id.
// Pictures from elsewhere are left out, counted, and marked with the words
// label, so that the reader sees where something is missing.
func sanitise(mail string, picture func(cid string) string, label string) (safe string, blocked int) {
	var b strings.Builder
	b.Grow(len(mail))
	z := xhtml.NewTokenizer(strings.NewReader(mail))
	for {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			break // the end: a tokenizer that reads from memory knows no other error
		}
		if kind != xhtml.StartTagToken && kind != xhtml.SelfClosingTagToken {
			b.Write(z.Raw())
			continue
		}
		t := z.Token()
		blocked += backgrounds(&t)
		if t.Data == "img" {
			src, known := pictureAddress(attribute(&t, "src"), picture)
			if !known {
				blocked++
				b.WriteString(leftOut(&t, label))
				continue
			}
			setAttribute(&t, "src", src)
		}
		if style := attribute(&t, "style"); style != "" {
			setAttribute(&t, "style", styles(style))
		}
		b.WriteString(t.String())
	}
	return safeHTML.Sanitize(b.String()), blocked
}

// pictureAddress is where a picture is loaded from: from the mail itself, or not at all.
func pictureAddress(src string, picture func(cid string) string) (address string, known bool) {
	src = strings.TrimSpace(src)
	if len(src) > 4 && strings.EqualFold(src[:4], "cid:") { // RFC 2392
		address = picture(src[4:])
		return address, address != ""
	}
	if len(src) > 5 && strings.EqualFold(src[:5], "data:") {
		head, data, _ := strings.Cut(src, ",")
		address = strings.ToLower(head) + "," + strings.Join(strings.Fields(data), "")
		return address, safePicture.MatchString(address)
	}
	return "", false
}

// leftOut stands where a picture was. One that is too small to be seen, as
// those that only tell the sender that the mail was opened, leaves no mark.
func leftOut(img *xhtml.Token, label string) string {
	if tiny(attribute(img, "width")) || tiny(attribute(img, "height")) {
		return ""
	}
	if alt := strings.TrimSpace(attribute(img, "alt")); alt != "" {
		label += ": " + alt
	}
	return `<span class="left-out">` + html.EscapeString(label) + `</span>`
}

func tiny(length string) bool {
	switch strings.TrimSuffix(strings.TrimSpace(length), "px") {
	case "0", "1", "2":
		return true
	}
	return false
}

// backgrounds counts the pictures behind an element that are not loaded.
func backgrounds(t *xhtml.Token) (n int) {
	if attribute(t, "background") != "" {
		n++
	}
	return n + strings.Count(strings.ToLower(attribute(t, "style")), "url(")
}

func attribute(t *xhtml.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// setAttribute leaves one attribute of that name: a second one would count for
// a reader that takes the last.
func setAttribute(t *xhtml.Token, key, value string) {
	kept := t.Attr[:0]
	for _, a := range t.Attr {
		if a.Key != key {
			kept = append(kept, a)
		}
	}
	t.Attr = append(kept, xhtml.Attribute{Key: key, Val: value})
}
