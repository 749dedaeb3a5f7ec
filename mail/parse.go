package mail

import (
	"bytes"
	"strings"
)

// withDefaults fills in what the caller left open.
func (l Limits) withDefaults() Limits {
	if l.Depth <= 0 {
		l.Depth = 20
	}
	if l.Parts <= 0 {
		l.Parts = 1000
	}
	if l.Header <= 0 {
		l.Header = 1 << 20
	}
	if l.Text <= 0 {
		l.Text = 2 << 20
	}
	if l.Part <= 0 {
		l.Part = 25 << 20
	}
	return l
}

// Parse reads a mail. It never fails: what is wrong is in Faults. Bodies of
// parts that were sent without an encoding share memory with raw.
func Parse(raw []byte, l Limits) *Message {
	p := parser{limits: l.withDefaults()}
	m := &Message{}
	raw = p.trimStart(raw)
	var body []byte
	m.Header, body = readHeader(raw, p.limits.Header, &p.faults)
	root := p.newEntity(m.Header, body, "", 0, "text/plain")
	s := p.read(root)
	m.Text, m.TextFrom = s.text()
	m.HTML = s.html
	m.Parts = p.parts
	p.readFields(m)
	p.fillText(m)
	m.Text = p.finishText(m.Text)
	if m.Text == "" {
		m.TextFrom = ""
	}
	m.Faults = p.faults.faults
	return m
}

// trimStart takes off what stands before the first header field, and reads a
// mail whose lines end in CR alone.
func (p *parser) trimStart(raw []byte) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if trimmed := bytes.TrimLeft(raw, "\r\n"); len(trimmed) < len(raw) {
		if line, _ := cutLine(trimmed); fieldName(line) > 0 {
			p.faults.add("header-late", "empty lines stand before the header")
			raw = trimmed
		}
	}
	if head := raw[:min(len(raw), 4096)]; bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 && bytes.IndexByte(raw, '\n') < 0 {
		p.faults.add("line-ends", "the lines of the mail end in CR alone")
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	return raw
}

// readFields reads the header fields that Message has.
func (p *parser) readFields(m *Message) {
	h := m.Header
	m.From = p.addresses(h, "From")
	m.Sender = p.addresses(h, "Sender")
	m.ReplyTo = p.addresses(h, "Reply-To")
	m.To = p.addresses(h, "To")
	m.Cc = p.addresses(h, "Cc")
	m.Bcc = p.addresses(h, "Bcc")
	m.Subject = cutText(fold(decodeWords(h.Get("Subject"), p.hint, &p.faults)), maxSubject)
	m.MessageID = p.messageID(h)
	m.InReplyTo = messageIDs(h.All("In-Reply-To"))
	m.References = messageIDs(h.All("References"))
	m.Date = p.date(h)
	for _, name := range []string{"From", "Subject", "Date", "Message-ID"} {
		if len(h.All(name)) > 1 {
			p.faults.add("header-repeated", "the header has more than one "+name+" field; the first one counts")
		}
	}
	if len(m.From) == 0 {
		p.faults.add("from-missing", "the mail names no sender")
	}
}

// maxSubject bounds a subject in bytes.
const maxSubject = 8 << 10

// addresses reads all fields of that name; repeated ones are against the rules
// but name people all the same. Of From only the first counts.
func (p *parser) addresses(h Header, name string) []Address {
	var all []Address
	for _, value := range h.All(name) {
		list := readAddresses(value, p.hint, &p.faults)
		all = append(all, list...)
		if len(all) >= maxAddresses || name == "From" && len(all) > 0 {
			break
		}
	}
	return all[:min(len(all), maxAddresses)]
}

// fillText looks for words elsewhere when no body had any: a mail is never an
// empty page while it has something to read.
func (p *parser) fillText(m *Message) {
	if strings.TrimSpace(m.Text) == "" && !p.tnef.empty() {
		m.Text, _ = p.tnef.text()
		m.TextFrom, m.HTML = "tnef", p.tnef.html
	}
	if strings.TrimSpace(m.Text) == "" && m.HTML != "" {
		m.Text, m.TextFrom = pictureWords(m.HTML), "html"
	}
	had := strings.TrimSpace(m.Text) != ""
	var words string
	m.Invitation, words = p.invitations(m.Text)
	m.Text = p.sealed(m.Text)
	switch {
	case had:
	case m.Text != "":
		m.TextFrom = ""
	case m.Invitation != "":
		m.Text, m.TextFrom = words, "calendar"
	default:
		p.fillFromParts(m)
	}
	if m.Invitation != "" {
		m.Text = joinText(m.Text, m.Invitation)
	}
}

// fillFromParts takes the text of attached messages, of a text that is named
// like a file, or of parts that were nested too deep.
func (p *parser) fillFromParts(m *Message) {
	var texts []string
	size := 0
	m.TextFrom = ""
	for i := range p.parts {
		part := &p.parts[i]
		text, from := "", "attached"
		switch {
		case part.Type == "message/rfc822" && size < p.limits.Text:
			text = attachedText(part.Body, p.limits)
		case m.TextFrom != "":
		case part.Type == "text/plain" && part.Disposition != "attachment", strings.HasPrefix(part.Type, "multipart/"):
			text, _ = readText(part.Body, part.Charset, &p.faults)
			text, from = cleanLines(text), "plain"
		}
		if strings.TrimSpace(text) != "" {
			texts, m.TextFrom = append(texts, text), from
			size += len(text)
		}
	}
	m.Text = strings.Join(texts, "\n\n")
}

func joinText(a, b string) string {
	if strings.TrimSpace(a) == "" {
		return b
	}
	return a + "\n\n" + b
}

// finishText bounds the text and makes sure of what the package promises.
func (p *parser) finishText(text string) string {
	text = strings.Trim(text, "\n")
	if strings.TrimSpace(text) == "" {
		return ""
	}
	if len(text) > p.limits.Text {
		p.faults.add("text-too-long", "the text is longer than the limit; its end was cut off")
		text = cutText(text, p.limits.Text)
	}
	return cleanLines(strings.ToValidUTF8(text, "\ufffd"))
}
