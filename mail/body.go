package mail

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// section is the readable part of an entity, as plain text, as HTML or both.
type section struct {
	plain string
	html  string
	from  string // as Message.TextFrom
}

func (s section) empty() bool { return s.plain == "" && s.html == "" }

// text is the section for reading, and where it was read from.
func (s section) text() (text, from string) {
	if strings.TrimSpace(s.plain) == "" && s.html != "" {
		return HTMLText(s.html), "html"
	}
	return s.plain, s.from
}

// readBody reads a text part.
func (p *parser) readBody(e entity) section {
	limit := 4 * p.limits.Text
	var data []byte
	if len(e.body) > largeBody {
		data = decodeLarge(e.body, e.encoding, limit+1, &p.faults).head
	} else {
		data = decodeTransfer(e.body, e.encoding, &p.faults)
	}
	if len(data) > limit {
		p.faults.add("text-too-long", "the text is longer than the limit; its end was cut off")
		data = data[:limit]
	}
	charset := e.typ.get("charset")
	if notText(data, charset) {
		p.faults.add("binary-as-text", "a part declared as text is none; it was kept as a file")
		e.typ = mediaType{value: "application/octet-stream", params: e.typ.params}
		p.attach(e)
		return section{}
	}
	if charset == "" && e.typ.value == "text/html" {
		charset = metaCharset(data)
	}
	text, used := readText(data, charset, &p.faults)
	if p.hint == "" && used != "us-ascii" {
		p.hint = used
	}
	text = cleanLines(text)
	switch {
	case e.typ.value == "text/html":
		return section{html: text}
	case e.typ.value == "text/enriched" || e.typ.value == "text/richtext":
		return section{plain: strings.TrimSpace(readEnriched(text)), from: "plain"}
	case looksHTML(text):
		p.faults.add("html-as-plain", "the text is declared plain but is HTML")
		return section{html: text}
	}
	if strings.EqualFold(e.typ.get("format"), "flowed") {
		text = unflow(text, strings.EqualFold(e.typ.get("delsp"), "yes"))
	}
	text = unescapeFrom(text)
	from := "plain"
	if strings.Contains(text, "begin ") {
		text, from = p.takeUuencoded(e, text)
	} else if transferName(e.encoding) == "uuencode" {
		from = "uuencode"
	}
	return section{plain: strings.Trim(text, "\n"), from: from}
}

// notText reports whether data cannot be text: many zero and control bytes.
func notText(data []byte, charset string) bool {
	name := charsetName(charset)
	if strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32") || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return false
	}
	head := data[:min(len(data), 1024)]
	control := 0
	for _, c := range head {
		if c == 0 || c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x0e && c != 0x0f {
			control++
		}
	}
	return control*20 > len(head)+40
}

// takeUuencoded takes uuencoded files out of the text and lists them as parts.
func (p *parser) takeUuencoded(e entity, text string) (rest, from string) {
	files, left := cutUuencoded([]byte(text))
	for i, f := range files {
		child := entity{path: e.path + "." + strconv.Itoa(i+1), typ: mediaType{value: "application/octet-stream"}}
		if e.path == "" {
			child.path = "1." + strconv.Itoa(i+1)
		}
		child.disposition = mediaType{value: "attachment", params: []param{{"filename", f.name}}}
		p.keep(child, f.body)
	}
	return string(left), "plain"
}

// unescapeFrom takes the mark off a line ">From …" that a mail store has put it
// before, lest the line begin another mail in an mbox. Among other lines with a
// mark it is a quotation.
func unescapeFrom(text string) string {
	const escaped = ">From "
	if !strings.HasPrefix(text, escaped) && !strings.Contains(text, "\n"+escaped) {
		return text
	}
	lines := strings.Split(text, "\n")
	quoted := func(i int) bool { return i >= 0 && i < len(lines) && strings.HasPrefix(lines[i], ">") }
	for i, l := range lines {
		if strings.HasPrefix(l, escaped) && !quoted(i-1) && !quoted(i+1) {
			lines[i] = l[1:]
		}
	}
	return strings.Join(lines, "\n")
}

// sequence joins sections that follow each other.
func sequence(sections []section) section {
	var out section
	var plain, markup []string
	anyHTML, anyPlain := false, false
	for _, s := range sections {
		anyHTML = anyHTML || s.html != ""
		anyPlain = anyPlain || strings.TrimSpace(s.plain) != ""
	}
	for _, s := range sections {
		if s.empty() {
			continue
		}
		if anyPlain {
			text, from := s.text()
			if strings.TrimSpace(text) != "" {
				plain = append(plain, text)
			}
			if out.from == "" {
				out.from = from
			}
		}
		if anyHTML {
			if s.html != "" {
				markup = append(markup, s.html)
			} else if s.plain != "" {
				markup = append(markup, "<pre>"+html.EscapeString(s.plain)+"</pre>")
			}
		}
	}
	out.plain = strings.Join(plain, "\n\n")
	out.html = strings.Join(markup, "\n")
	return out
}

// alternative chooses among sections that say the same: the last HTML, which is
// the richest, and the first plain text that is more than a hint to use
// another program.
func alternative(sections []section) section {
	var out section
	for _, s := range sections {
		if s.html != "" {
			out.html = s.html
		}
		if strings.TrimSpace(out.plain) == "" && strings.TrimSpace(s.plain) != "" {
			out.plain, out.from = s.plain, s.from
		}
	}
	if out.html != "" && len(out.plain) < 400 && excuse(out.plain) {
		out.plain, out.from = "", ""
	}
	return out
}

// excuse reports whether a plain text only says that there is HTML.
func excuse(s string) bool {
	s = strings.ToLower(s)
	for _, words := range []string{
		"not support html", "n't support html", "not display html", "html format", "html-format", "html version", "html-capable", "view this email in your browser",
		"html email", "html e-mail", "html message", "html 格式", "html格式", "不支持html", "不支持 html", "html-fähig", "format html",
	} {
		if strings.Contains(s, words) {
			return true
		}
	}
	return false
}

// cleanLines gives text "\n" line ends and takes out what no text has.
func cleanLines(s string) string {
	s = strings.TrimPrefix(s, "\ufeff")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return s
}

var metaTag = regexp.MustCompile(`(?i)<(?:meta|\?xml)[^>]{0,200}(?:charset|encoding)\s*=\s*["']?\s*([-\w:.]{2,40})`)

// metaCharset is the charset that HTML names in itself.
func metaCharset(data []byte) string {
	if m := metaTag.FindSubmatch(data[:min(len(data), 2048)]); m != nil {
		return string(m[1])
	}
	return ""
}

// looksHTML reports whether text begins as an HTML page does.
func looksHTML(text string) bool {
	head := strings.ToLower(strings.TrimSpace(text[:min(len(text), 200)]))
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") && strings.Contains(head, ">")
}

// readEnriched reads text/enriched, RFC 1896: commands in angle brackets, "<<"
// for the bracket itself, one line end for a blank, two for a paragraph.
func readEnriched(s string) string {
	s = strings.ReplaceAll(s, "<<", "\x00")
	var out bytes.Buffer
	for {
		before, rest, ok := strings.Cut(s, "<")
		out.WriteString(before)
		if !ok {
			break
		}
		tag, after, ok := strings.Cut(rest, ">")
		if !ok || len(tag) > 60 {
			out.WriteString("<" + rest)
			break
		}
		if strings.EqualFold(tag, "param") {
			if i := strings.Index(strings.ToLower(after[:min(len(after), 500)]), "</param>"); i >= 0 {
				after = after[i+len("</param>"):]
			}
		}
		s = after
	}
	return strings.ReplaceAll(out.String(), "\x00", "<")
}
