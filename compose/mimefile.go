package compose

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// addFiles adds pictures and attachments. Their headers are written here:
// go-mail would put names into RFC 2047 words inside quoted parameters, which
// RFC 2047 section 5 forbids and half of the mail programs show as they are.
func addFiles(m *gomail.Msg, files []File) error {
	for _, f := range files {
		option := func(g *gomail.File) {
			g.Header.Set("Content-Type", transportType(f.Type)+charsetOf(&f)+nameParameter("name", f.Name))
			g.Header.Set("Content-Transfer-Encoding", "base64")
			g.Writer = func(w io.Writer) (int64, error) {
				n, err := w.Write(f.Body)
				return int64(n), err
			}
			if f.ContentID == "" {
				g.Header.Set("Content-Disposition", "attachment"+nameParameter("filename", f.Name))
				return
			}
			g.Header.Set("Content-Disposition", "inline"+nameParameter("filename", f.Name))
			g.Header.Set("Content-ID", "<"+f.ContentID+">")
		}
		add := m.AttachReader
		if f.ContentID != "" {
			add = m.EmbedReader
		}
		if err := add(f.Name, bytes.NewReader(nil), option); err != nil {
			return fmt.Errorf("attach %s: %w", f.Name, err)
		}
	}
	return nil
}

// transportType is the type under which a file can travel in base64: an
// attached mail cannot (RFC 2045 section 6.4), it goes as plain bytes.
func transportType(t string) string {
	t = strings.ToLower(t)
	if strings.HasPrefix(t, "message/") || strings.HasPrefix(t, "multipart/") {
		return "application/octet-stream"
	}
	return t
}

// charsetOf names UTF-8 where a text has it: without a name a program may read
// other signs, and save them so.
func charsetOf(f *File) string {
	beyondASCII := bytes.ContainsFunc(f.Body, func(r rune) bool { return r >= utf8.RuneSelf })
	if strings.HasPrefix(strings.ToLower(f.Type), "text/") && beyondASCII && utf8.Valid(f.Body) {
		return "; charset=utf-8"
	}
	return ""
}

// sectionLength is how much of an encoded name one line carries.
const sectionLength = 60

// nameParameter writes a file name as a parameter: quoted if it is plain ASCII,
// else after RFC 2231, in sections if it is long (section 4.1). Each parameter
// stands on a line of its own.
func nameParameter(key, name string) string {
	if plainName(name) && len(name) <= sectionLength {
		return ";\r\n " + key + `="` + name + `"`
	}
	const charset = "utf-8''"
	sections := []string{charset}
	for _, r := range name {
		// A section ends between characters: Python decodes each by itself.
		c, last := encodeRune(r), len(sections)-1
		if len(sections[last])+len(c) > sectionLength {
			sections = append(sections, c)
		} else {
			sections[last] += c
		}
	}
	if len(sections) == 1 {
		return ";\r\n " + key + "*=" + sections[0]
	}
	var b strings.Builder
	for n, section := range sections {
		fmt.Fprintf(&b, ";\r\n %s*%d*=%s", key, n, section)
	}
	return b.String()
}

// plainName reports whether a name needs no encoding inside quotes.
func plainName(name string) bool {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '%' {
			return false
		}
	}
	return true
}

// encodeRune percent-encodes all but letters, digits and a few harmless signs
// (attribute-char of RFC 2231 section 7).
func encodeRune(r rune) string {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._~", r) {
		return string(r)
	}
	var b strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
