package compose

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxDraft bounds a draft's file: a hundred times a long report.
const maxDraft = 2 << 20

// ReadDraft reads a draft: the front matter strictly, the Markdown as it is.
// Whatever src is, there is a draft, and what is wrong with it is found.
func ReadDraft(path string, src []byte) (*Draft, []Finding) {
	d := &Draft{Path: path, Source: src, Body: src, Line: 1}
	if len(src) > maxDraft {
		d.Body = nil
		return d, []Finding{{Error, "draft-size", path, 0, fmt.Sprintf("the draft has %d bytes; no reader would thank for more than %d", len(src), maxDraft), "send a short letter and attach the long text"}}
	}
	var findings []Finding
	clean := cleanText(src)
	if !bytes.Equal(clean, src) && (!utf8.Valid(src) || bytes.IndexByte(src, 0) >= 0) {
		findings = append(findings, Finding{Error, "draft-encoding", path, badLine(src), "this is not UTF-8 text", "save the file as UTF-8"})
	}
	front, body, line, closed := splitFront(clean)
	d.Body, d.Line = body, line
	if !closed {
		return d, append(findings, Finding{Error, "front-missing", path, 1, "the draft does not begin with front matter between two lines ---", "begin it with ---, project: KEY, period: 2026-W48, and --- again; `rapport report new KEY` writes it"})
	}
	more := readFront(d, front)
	return d, append(findings, more...)
}

// cleanText makes valid UTF-8 without NUL, byte order mark and carriage
// returns of whatever an editor has saved.
func cleanText(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	if bytes.IndexByte(src, '\r') >= 0 {
		src = bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	if bytes.IndexByte(src, 0) >= 0 {
		src = bytes.ReplaceAll(src, []byte{0}, []byte("\ufffd"))
	}
	return bytes.ToValidUTF8(src, []byte("\ufffd"))
}

// badLine is the first line that is not UTF-8 or has a NUL.
func badLine(src []byte) int {
	for i, line := range bytes.Split(src, []byte("\n")) {
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return i + 1
		}
	}
	return 0
}

// splitFront cuts the front matter off. Line is the line of the file on which
// body begins; closed is false if there is no front matter or it has no end.
func splitFront(src []byte) (front, body []byte, line int, closed bool) {
	rest, ok := bytes.CutPrefix(src, []byte("---\n"))
	if !ok {
		return nil, src, 1, false
	}
	n := 0
	for at := 0; at < len(rest); n++ {
		end := bytes.IndexByte(rest[at:], '\n')
		next := at + end + 1
		if end < 0 {
			end, next = len(rest)-at, len(rest)
		}
		if l := strings.TrimRight(string(rest[at:at+end]), " \t"); l == "---" || l == "..." {
			return rest[:at], rest[next:], n + 3, true
		}
		at = next
	}
	return nil, src, 1, false
}
