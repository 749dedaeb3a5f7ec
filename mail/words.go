package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Decode makes a header value readable: encoded words of RFC 2047 are decoded,
// bytes that are not UTF-8 are read by a guess, control characters go away.
func Decode(value string) string { return decodeWords(value, "", nil) }

// decodeWords decodes a header value. hint is the charset of the mail's body,
// tried for raw 8-bit text. Broken encoded words are decoded as far as they
// go: with blanks inside, without their end, cut inside a character.
func decodeWords(s, hint string, faults *faultList) string {
	if !strings.Contains(s, "=?") {
		return clean(decodeRaw(s, hint, faults))
	}
	var out strings.Builder
	var run wordRun
	from := 0
	for i := 0; i < len(s); {
		w, ok := readWord(s, i)
		if !ok {
			i = nextWord(s, i+1)
			continue
		}
		if between := s[from:i]; strings.TrimSpace(between) != "" || run.data == nil {
			// White space between two encoded words is not text: RFC 2047 section 6.2.
			run.flush(&out, faults)
			out.WriteString(decodeRaw(between, hint, faults))
		}
		if w.broken {
			faults.add("encoded-word", "an encoded word in a header field is broken and was read as far as it goes")
		}
		run.add(w, &out, faults)
		i, from = w.end, w.end
		i = nextWord(s, i)
	}
	run.flush(&out, faults)
	out.WriteString(decodeRaw(s[from:], hint, faults))
	return clean(out.String())
}

// word is one encoded word, "=?charset?encoding?text?=".
type word struct {
	charset string
	data    []byte
	base64  string // the text, if it is base64
	end     int    // where it ends in the value
	broken  bool
}

// wordRun joins neighbouring words of one charset before decoding: many
// programs split in the middle of a character.
type wordRun struct {
	charset string
	data    []byte
	base64  []byte // the texts of the words joined, while all are base64
}

func (r *wordRun) add(w word, out *strings.Builder, faults *faultList) {
	if r.data != nil && !strings.EqualFold(r.charset, w.charset) {
		r.flush(out, faults)
	}
	if r.data == nil {
		r.data, r.base64, r.charset = []byte{}, []byte{}, w.charset
	}
	r.data = append(r.data, w.data...)
	if r.base64 != nil && w.base64 != "" {
		r.base64 = append(r.base64, w.base64...)
	} else {
		r.base64 = nil
	}
}

func (r *wordRun) flush(out *strings.Builder, faults *faultList) {
	if r.data == nil {
		return
	}
	// Some programs encode first and split then, inside the base64 quantum.
	if len(r.base64) > 0 && charsetName(r.charset) == "utf-8" && !utf8.Valid(r.data) {
		if joined := decodeBase64(r.base64, nil); utf8.Valid(joined) {
			r.data = joined
		}
	}
	text, _ := readText(r.data, r.charset, faults)
	out.WriteString(text)
	r.data = nil
}

// decodeRaw reads a piece of a header value that is no encoded word.
func decodeRaw(s, hint string, faults *faultList) string {
	if isASCII([]byte(s)) && !strings.Contains(s, "\x1b") {
		return s
	}
	if utf8.ValidString(s) && !strings.Contains(s, "\x1b") {
		return s // RFC 6532
	}
	if hint == "us-ascii" || hint == "windows-1252" || hint == "utf-8" {
		hint = "" // no evidence against a guess
	}
	text, used := readText([]byte(s), hint, nil)
	if used != "utf-8" {
		faults.add("header-8bit", "a header field has bytes without a charset; they were read as "+used)
	}
	return text
}

// clean makes text from outside safe to keep in one line: no control
// characters, no invalid UTF-8.
func clean(s string) string {
	ok := utf8.ValidString(s)
	for i := 0; ok && i < len(s); i++ {
		ok = s[i] >= 0x20 && s[i] != 0x7f
	}
	if ok {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// fold joins all white space to single blanks.
func fold(s string) string {
	if !strings.Contains(s, "  ") && strings.TrimSpace(s) == s && !strings.ContainsAny(s, "\t\r\n\u00a0\u3000") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
