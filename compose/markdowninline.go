package compose

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

func (r *reader) inlines(parent ast.Node) []inline {
	var out []inline
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		out = r.inline(out, n)
	}
	return r.linksAfterChinese(parent, out)
}

// inline appends what n is. Neighbouring plain text is joined.
func (r *reader) inline(out []inline, n ast.Node) []inline {
	switch n := n.(type) {
	case *ast.Text:
		if n.Segment.Start < n.Segment.Stop {
			r.now = r.lineOf(n.Segment.Start)
		}
		out = addText(out, unescape(n.Segment.Value(r.source), n.IsRaw()))
		switch {
		case n.HardLineBreak(), n.SoftLineBreak() && r.verse:
			out = append(out, inline{kind: lineBreak})
		case n.SoftLineBreak() && blankBetween(lastOf(out), r.firstRune(n.NextSibling())):
			out = addText(out, " ")
		}
	case *ast.String:
		out = addText(out, unescape(n.Value, n.IsRaw()))
	case *ast.Emphasis:
		kind := emphasis
		if n.Level == 2 {
			kind = strongText
		}
		out = append(out, inline{kind: kind, kids: r.inlines(n)})
	case *east.Strikethrough:
		out = append(out, inline{kind: struckText, kids: r.inlines(n)})
	case *ast.CodeSpan:
		out = append(out, inline{kind: verbatim, text: r.codeText(n)})
	case *ast.Link:
		line := r.now
		kids := r.inlines(n)
		out = append(out, inline{kind: link, text: unescape(n.Destination, false), kids: kids, line: max(line, r.now)})
	case *ast.AutoLink:
		out = append(out, r.autoLink(n, r.source))
	case *ast.Image:
		line := r.now
		out = append(out, inline{kind: picture, text: unescape(n.Destination, false), kids: r.inlines(n), line: max(line, r.now)})
	case *east.FootnoteLink:
		out = append(out, inline{kind: noteMark, text: strconv.Itoa(n.Index)})
	case *ast.RawHTML:
		r.rawHTML(n)
	}
	return out
}

// autoLink is an address that is a link by itself.
func (r *reader) autoLink(n *ast.AutoLink, source []byte) inline {
	url := string(n.URL(source))
	if len(n.Protocol) > 0 { // a bare www. address: nobody asked for http
		url = "https://" + strings.TrimPrefix(url, "http://")
	}
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(url), "mailto:") {
		url = "mailto:" + url
	}
	return inline{kind: link, text: url, kids: plainInline(string(n.Label(source))), line: r.now}
}

func (r *reader) rawHTML(n *ast.RawHTML) {
	line := r.now
	if n.Segments.Len() > 0 {
		line = r.lineOf(n.Segments.At(0).Start)
	}
	if k := len(r.findings) - 1; k >= 0 && r.findings[k].Code == "raw-html" && r.findings[k].Line == line {
		return // the tag that closes it
	}
	r.find(Error, "raw-html", line, "raw HTML is not sent: mail programs drop or distort it", "write it as Markdown, or remove it; put text with < into `backticks`")
}

// codeText is a code span with its line ends as blanks (CommonMark 6.1).
func (r *reader) codeText(n ast.Node) string {
	var b strings.Builder
	for k := n.FirstChild(); k != nil; k = k.NextSibling() {
		if t, ok := k.(*ast.Text); ok {
			b.WriteString(strings.ReplaceAll(string(t.Segment.Value(r.source)), "\n", " "))
		}
	}
	return b.String()
}

// firstRune is the character with which n begins, a letter if n is no text.
func (r *reader) firstRune(n ast.Node) rune {
	for n != nil {
		switch t := n.(type) {
		case *ast.Text:
			c, _ := utf8.DecodeRune(t.Segment.Value(r.source))
			return c
		case *ast.Emphasis, *east.Strikethrough, *ast.Link:
			n = n.FirstChild()
		default:
			return 'x'
		}
	}
	return 'x'
}

// lastOf is the last character written so far.
func lastOf(out []inline) rune {
	for len(out) > 0 {
		last := out[len(out)-1]
		if len(last.kids) == 0 {
			c, _ := utf8.DecodeLastRuneInString(last.text)
			return c
		}
		out = last.kids
	}
	return 'x'
}

// blankBetween decides what a line end in the source becomes (CSS Text level 3,
// segment break transformation): nothing between two wide characters unless
// one is Hangul, nor beside full-width punctuation; else a blank.
func blankBetween(a, b rune) bool {
	if fullMark(a) || fullMark(b) {
		return false
	}
	hangul := a >= 0x1100 && a <= 0x11ff || a >= 0xac00 && a <= 0xd7ff || b >= 0xac00 && b <= 0xd7ff
	return hangul || !(cjk(a) && cjk(b))
}

// fullMark is punctuation that has its own white space.
func fullMark(r rune) bool {
	return r >= 0x3001 && r <= 0x3003 || r >= 0x3008 && r <= 0x3011 || r >= 0x3014 && r <= 0x301f ||
		r >= 0xff01 && r <= 0xff0f || r >= 0xff1a && r <= 0xff20 || r >= 0xff3b && r <= 0xff3d || r == 0xff5e
}

func addText(out []inline, s string) []inline {
	if s == "" {
		return out
	}
	if k := len(out) - 1; k >= 0 && out[k].kind == plainText {
		out[k].text += s
		return out
	}
	return append(out, inline{kind: plainText, text: s})
}

// unescape resolves backslash escapes (an escaped blank is nothing) and
// character references.
func unescape(s []byte, raw bool) string {
	if raw || bytes.IndexByte(s, '\\') < 0 && bytes.IndexByte(s, '&') < 0 {
		return string(s)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == ' ':
			i++
		case s[i] == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			i++
			b.WriteByte(s[i])
		case s[i] == '&':
			n := bytes.IndexByte(s[i:min(len(s), i+34)], ';')
			if n < 0 {
				b.WriteByte('&')
				continue
			}
			b.WriteString(strings.ReplaceAll(html.UnescapeString(string(s[i:i+n+1])), "\x00", "\ufffd"))
			i += n
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// running reads a line of text from a report block as Markdown. What would be
// a list or a heading stays as it was typed.
func (r *reader) running(s string, line int) []inline {
	if !strings.ContainsAny(s, "*_~`[<\\&!") && !strings.Contains(s, "http") && !strings.Contains(s, "www.") && !strings.Contains(s, "@") {
		return plainInline(s)
	}
	in := newReader(r.path, []byte(s), line)
	root := markdownParser().Parse(text.NewReader(in.source))
	p, ok := root.FirstChild().(*ast.Paragraph)
	if !ok || p.NextSibling() != nil {
		if _, raw := root.FirstChild().(*ast.HTMLBlock); raw {
			in.block(root.FirstChild(), nil)
			r.findings = append(r.findings, in.findings...)
		}
		return plainInline(s)
	}
	out := in.inlines(p)
	r.findings = append(r.findings, in.findings...)
	return out
}
