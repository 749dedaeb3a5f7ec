package compose

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// addFiles adds pictures and attachments. Their headers are written here:
// go-mail would put names into RFC 2047 words inside quoted parameters, which
// RFC 2047 section 5 forbids and half of the mail programs show as they are.
func addFiles(m *gomail.Msg, files []File) error {
	for _, f := range files {
		option := func(g *gomail.File) {
			g.Header.Set("Content-Type", transportType(f.Type)+nameParameter("name", f.Name))
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

// sectionLength is how much of an encoded name one line carries.
const sectionLength = 60

// nameParameter writes a file name as a parameter: quoted if it is plain ASCII,
// else after RFC 2231, in sections if it is long (section 4.1). Each parameter
// stands on a line of its own.
func nameParameter(key, name string) string {
	if plainName(name) && len(name) <= sectionLength {
		return ";\r\n " + key + `="` + name + `"`
	}
	encoded := "utf-8''" + encodeName(name)
	if len(encoded) <= sectionLength {
		return ";\r\n " + key + "*=" + encoded
	}
	var b strings.Builder
	for n := 0; encoded != ""; n++ {
		cut := min(sectionLength, len(encoded))
		for cut < len(encoded) && (encoded[cut-1] == '%' || encoded[cut-2] == '%') {
			cut-- // never inside %E4
		}
		fmt.Fprintf(&b, ";\r\n %s*%d*=%s", key, n, encoded[:cut])
		encoded = encoded[cut:]
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

// encodeName percent-encodes all but letters, digits and a few harmless signs
// (attribute-char of RFC 2231 section 7).
func encodeName(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
