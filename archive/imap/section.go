package imap

import (
	"bytes"
	"slices"
	"strings"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// cut returns a section of a mail. The whole mail, its header, fields of that
// and its text are cut from the exact bytes; the library, which would write them
// anew, is good enough for parts.
func cut(raw []byte, o *goimap.FetchItemBodySection) []byte {
	if len(o.Part) > 0 && apart(raw) {
		return imapserver.ExtractBodySection(bytes.NewReader(raw), o)
	}
	header, text := halves(raw)
	out := raw
	switch {
	case len(o.Part) > 1 || len(o.Part) == 1 && o.Part[0] != 1 || o.Specifier == goimap.PartSpecifierMIME && len(o.Part) == 0:
		out = nil
	case len(o.HeaderFields) > 0 || len(o.HeaderFieldsNot) > 0:
		out = fields(header, o)
	case o.Specifier == goimap.PartSpecifierHeader || o.Specifier == goimap.PartSpecifierMIME:
		out = header
	case o.Specifier == goimap.PartSpecifierText || len(o.Part) == 1:
		out = text
	}
	if p := o.Partial; p != nil {
		from := min(max(p.Offset, 0), int64(len(out)))
		out = out[from : from+min(max(p.Size, 0), int64(len(out))-from)]
	}
	return out
}

// halves cuts a mail behind the empty line that ends its header.
func halves(raw []byte) (header, text []byte) {
	at := len(raw)
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(end)); i >= 0 {
			at = min(at, i+len(end))
		}
	}
	return raw[:at], raw[at:]
}

// fields are those of a header that are asked for, or all but those, and the
// empty line (RFC 9051 section 6.4.5.1).
func fields(header []byte, o *goimap.FetchItemBodySection) (out []byte) {
	kept := false
	for line := range bytes.Lines(header) {
		if c := line[0]; c != ' ' && c != '\t' {
			name, _, _ := strings.Cut(string(line[:min(len(line), maxName)]), ":")
			is := func(n string) bool { return strings.EqualFold(strings.TrimSpace(name), n) }
			kept = len(o.HeaderFields) > 0 && slices.ContainsFunc(o.HeaderFields, is) ||
				len(o.HeaderFields) == 0 && len(bytes.TrimSpace(line)) > 0 && !slices.ContainsFunc(o.HeaderFieldsNot, is)
		}
		if kept {
			out = append(out, line...)
		}
	}
	return append(out, "\r\n"...)
}

// maxName bounds the name of a header field, in bytes: a line has no more
// (RFC 5322 section 2.1.1).
const maxName = 1000
