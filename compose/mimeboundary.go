package compose

import (
	"bytes"
	"regexp"
)

// drawnBoundary finds the boundaries that go-mail has drawn, outermost first.
// Nothing else of a mail can look so: in the bodies "=" is either encoded
// (quoted-printable) or the end of the data (base64).
var drawnBoundary = regexp.MustCompile(`boundary=([0-9a-f]{60})\r\n`)

// fixBoundaries replaces go-mail's random boundaries with our own. go-mail can
// be given one boundary only, which it would use for every level, and a nested
// multipart then ends its parent. Ours begin with "=_", which neither
// quoted-printable nor base64 can contain (RFC 2045 section 6.7).
func fixBoundaries(raw []byte, marks []string) []byte {
	for i, m := range drawnBoundary.FindAllSubmatch(raw, len(marks)) {
		drawn, ours := m[1], []byte("=_"+marks[i])
		raw = bytes.ReplaceAll(raw, append([]byte("\r\n--"), drawn...), append([]byte("\r\n--"), ours...))
		raw = bytes.Replace(raw, append([]byte("boundary="), drawn...), []byte(`boundary="`+string(ours)+`"`), 1)
	}
	return raw
}
