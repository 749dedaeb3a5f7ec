package mail

import (
	"bytes"
	"strings"
)

// Header is the fields of a mail in the order they were sent.
type Header []Field

// Field is one header field. Value is unfolded but otherwise as sent: encoded
// words are not decoded, and a broken mail may have any bytes in it. Decode
// makes it readable.
type Field struct {
	Name  string
	Value string
}

// Get is the value of the first field of that name, "" if there is none.
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// All is the values of all fields of that name, topmost first.
func (h Header) All(name string) []string {
	var all []string
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			all = append(all, h[i].Value)
		}
	}
	return all
}

// maxFields bounds the fields of one header section.
const maxFields = 10000

// readHeader reads the header section that raw begins with, at most limit
// bytes of it, and returns what follows the blank line. A section that is not
// ended by a blank line ends where its lines stop looking like fields.
func readHeader(raw []byte, limit int, faults *faultList) (Header, []byte) {
	h := make(Header, 0, 16)
	rest := raw
	for len(rest) > 0 {
		line, next := cutLine(rest)
		if len(line) == 0 {
			return h, next
		}
		at := len(raw) - len(rest)
		switch {
		case (line[0] == ' ' || line[0] == '\t') && len(h) > 0:
			if blank(line) && !continues(next) {
				faults.add("header-blank-line", "the header ends with a line of blanks only")
				return h, next
			}
			h[len(h)-1].Value = "" // its continuation was read with it
		case fieldName(line) > 0:
			if at >= limit || len(h) >= maxFields {
				faults.add("header-too-long", "the header is longer than the limit; its further fields were not read")
				rest = skipField(next)
				continue
			}
			end := len(raw) - len(skipField(next))
			h = append(h, field(raw[at:min(end, limit)]))
			if end > limit {
				faults.add("header-too-long", "the header is longer than the limit; a field was cut off")
			}
			next = raw[end:]
		case len(h) == 0 && mboxLine(line):
			faults.add("mbox-line", "the mail begins with an mbox \"From \" line, which was left out")
		case headerGoesOn(next):
			faults.add("header-line", "a line in the header is no field and was left out")
		default:
			faults.add("header-unended", "no blank line ends the header; the body begins at the first line that is no field")
			return h, rest
		}
		rest = next
	}
	return h, nil
}

// field reads one field, all its lines given, and unfolds it: RFC 5322 section
// 2.2.3 says that only the line ends go away.
func field(lines []byte) Field {
	n := fieldName(lines)
	value := bytes.TrimRight(lines[bytes.IndexByte(lines, ':')+1:], "\r\n \t")
	value = bytes.TrimLeft(value, "\r\n \t")
	if bytes.IndexByte(value, '\n') >= 0 || bytes.IndexByte(value, '\r') >= 0 || bytes.IndexByte(value, 0) >= 0 {
		value = bytes.Map(dropLineEnds, value)
	}
	return Field{Name: string(lines[:n]), Value: string(value)}
}

// fieldName is the length of the field name that a line begins with, 0 if the
// line is no field. Blanks before the colon are an obsolete form, RFC 5322
// section 4.5.
func fieldName(line []byte) int {
	for i, c := range line {
		switch {
		case c == ':':
			return i
		case c == ' ' || c == '\t':
			rest := bytes.TrimLeft(line[i:], " \t")
			if len(rest) > 0 && rest[0] == ':' {
				return i
			}
			return 0
		case c < '!' || c > '~':
			return 0
		}
	}
	return 0
}

// skipField is what follows the continuation lines that rest begins with.
func skipField(rest []byte) []byte {
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		line, next := cutLine(rest)
		if blank(line) && !continues(next) {
			return rest
		}
		rest = next
	}
	return rest
}

// continues reports whether the header goes on after a line of blanks.
func continues(rest []byte) bool {
	line, _ := cutLine(rest)
	return len(line) > 0 && (fieldName(line) > 0 || line[0] == ' ' || line[0] == '\t')
}

// headerGoesOn reports whether the header goes on after a line that is no
// field: the next line is one, or it ends the header.
func headerGoesOn(rest []byte) bool {
	line, _ := cutLine(rest)
	return len(line) > 0 && fieldName(line) > 0 && bytes.IndexByte(line, ':') < 60
}

func mboxLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// cutLine splits off the first line, without its end: "\r\n", "\n" or "\r".
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimSuffix(b, []byte("\r")), nil
	}
	return bytes.TrimSuffix(b[:i], []byte("\r")), b[i+1:]
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

// dropLineEnds is for bytes, which pass as runes unless they are not UTF-8.
func dropLineEnds(r rune) rune {
	if r == '\r' || r == '\n' || r == 0 {
		return -1
	}
	return r
}
