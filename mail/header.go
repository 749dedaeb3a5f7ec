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
		if len(h[i].Name) == len(name) && strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// All is the values of all fields of that name, topmost first.
func (h Header) All(name string) []string {
	var all []string
	for i := range h {
		if len(h[i].Name) == len(name) && strings.EqualFold(h[i].Name, name) {
			all = append(all, h[i].Value)
		}
	}
	return all
}

// has reports whether a field of that name is there, even an empty one.
func (h Header) has(name string) bool {
	for i := range h {
		if len(h[i].Name) == len(name) && strings.EqualFold(h[i].Name, name) {
			return true
		}
	}
	return false
}

// maxFields bounds the fields of one header section.
const maxFields = 10000

// readHeader reads the header section that raw begins with and returns what
// follows the blank line. Of one field at most a quarter of limit is kept, of
// all fields limit, so that a huge field does not hide those after it. A
// section without a blank line ends where its lines stop looking like fields.
func readHeader(raw []byte, limit int, faults *faultList) (Header, []byte) {
	h := make(Header, 0, 16)
	rest, kept := raw, 0
	for len(rest) > 0 {
		line, next := cutLine(rest)
		switch {
		case len(line) == 0:
			return h, next
		case fieldName(line) > 0:
			next = skipFolded(next)
			lines := rest[:len(rest)-len(next)]
			if len(lines) > limit/4 {
				faults.add("header-too-long", "a header field is longer than the limit and was cut off")
				lines = lines[:limit/4]
			}
			if kept += len(lines); kept > limit || len(h) >= maxFields {
				faults.add("header-too-long", "the header is longer than the limit; its further fields were not read")
				break
			}
			h = append(h, field(lines))
		case blank(line):
			if !goesOn(next) {
				faults.add("header-blank-line", "the header is ended by a line of blanks, not by an empty line")
				return h, next
			}
		case len(h) == 0 && fieldName(bytes.TrimLeft(line, " \t")) > 0:
			faults.add("header-line", "blanks stand before the first header field")
			rest = bytes.TrimLeft(rest, " \t")
			continue
		case len(h) == 0 && mboxLine(line):
			faults.add("mbox-line", `the mail begins with an mbox "From " line, which was left out`)
		case goesOn(next):
			faults.add("header-line", "a line in the header is no field and was left out")
		default:
			faults.add("header-unended", "no empty line ends the header; the body begins at the first line that is no field")
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
	value := bytes.Trim(lines[bytes.IndexByte(lines, ':')+1:], "\r\n \t")
	return Field{Name: string(lines[:n]), Value: unfold(value)}
}

func unfold(value []byte) string {
	if bytes.IndexByte(value, '\n') < 0 && bytes.IndexByte(value, '\r') < 0 && bytes.IndexByte(value, 0) < 0 {
		return string(value)
	}
	var b strings.Builder
	b.Grow(len(value))
	for _, c := range value {
		if c != '\r' && c != '\n' && c != 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// fieldName is the length of the field name that a line begins with, 0 if the
// line is no field. Blanks before the colon are an obsolete form, RFC 5322
// section 4.5.
func fieldName(line []byte) int {
	for i, c := range line[:min(len(line), 200)] {
		switch {
		case c == ':':
			return i
		case c == ' ' || c == '\t':
			rest := bytes.TrimLeft(line[i:min(len(line), 200)], " \t")
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

// skipFolded is what follows the continuation lines that rest begins with.
func skipFolded(rest []byte) []byte {
	for len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') {
		line, next := cutLine(rest)
		if blank(line) {
			return rest
		}
		rest = next
	}
	return rest
}

// goesOn reports whether the header goes on after a line that is no field.
func goesOn(rest []byte) bool {
	line, _ := cutLine(rest)
	if len(line) == 0 {
		return false
	}
	return fieldName(line) > 0 || (line[0] == ' ' || line[0] == '\t') && !blank(line)
}

func mboxLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))
}

// cutLine splits off the first line, without its end: "\r\n" or "\n".
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimRight(b, "\r"), nil
	}
	return bytes.TrimRight(b[:i], "\r"), b[i+1:]
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }
