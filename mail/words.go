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

// nextWord is where the next encoded word may begin.
func nextWord(s string, i int) int {
	if i >= len(s) {
		return len(s)
	}
	if n := strings.Index(s[i:], "=?"); n >= 0 {
		return i + n
	}
	return len(s)
}

// readWord reads the encoded word that begins at i.
func readWord(s string, i int) (word, bool) {
	rest := s[i:]
	if !strings.HasPrefix(rest, "=?") {
		return word{}, false
	}
	charset, rest, ok := cutShort(rest[2:], '?', 80)
	if !ok || charset == "" || strings.ContainsAny(charset, " \t=\"<>") {
		return word{}, false
	}
	encoding, rest, ok := cutShort(rest, '?', 2)
	if !ok || len(encoding) != 1 {
		return word{}, false
	}
	start := len(s) - len(rest)
	w := word{charset: charset}
	var text string
	switch encoding[0] | 0x20 {
	case 'q':
		text, w.end, w.broken = quotedEnd(s, start)
		w.data = decodeQ(text)
	case 'b':
		text, w.end, w.broken = base64End(s, start)
		w.base64 = text
		w.data = decodeBase64([]byte(text), nil)
	default:
		return word{}, false
	}
	return w, true
}

// cutShort is strings.Cut that gives up after limit bytes.
func cutShort(s string, sep byte, limit int) (before, after string, ok bool) {
	i := strings.IndexByte(s[:min(len(s), limit)], sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// base64End finds the end of a B word: "?=", or the first character that
// base64 does not have.
func base64End(s string, start int) (text string, end int, broken bool) {
	for i := start; i < len(s); i++ {
		switch c := s[i]; {
		case c == '?':
			if i+1 < len(s) && s[i+1] == '=' {
				return s[start:i], i + 2, false
			}
			return s[start:i], i + 1, true
		case c == '=' && i+1 < len(s) && s[i+1] == '?' && i+2 < len(s) && s[i+2] != '=':
			return s[start:i], i, true // the next word begins
		case base64Value[c] > 64 && c != ' ' && c != '\t':
			return s[start:i], i, true
		}
	}
	return s[start:], len(s), true
}

// quotedEnd finds the end of a Q word. A raw "?" before an encoded byte looks
// like the end; it is none when hexadecimal digits and a real end follow
// without a blank between.
func quotedEnd(s string, start int) (text string, end int, broken bool) {
	for i := start; i < min(len(s), start+maxWord); {
		n := strings.Index(s[i:min(len(s), start+maxWord)], "?=")
		if n < 0 {
			break
		}
		i += n
		after := s[i+2:]
		if len(after) < 2 || unhex(after[0]) > 15 || unhex(after[1]) > 15 {
			return s[start:i], i + 2, false
		}
		stop := strings.IndexAny(after[:min(len(after), 100)], " \t<")
		if stop < 0 {
			stop = min(len(after), 100)
		}
		if !strings.Contains(after[:stop], "?=") || strings.Contains(after[:stop], "=?") {
			return s[start:i], i + 2, false
		}
		i += 2
	}
	end = min(len(s), start+maxWord)
	if n := strings.IndexAny(s[start:end], " \t\"<,"); n >= 0 {
		end = start + n
	}
	return s[start:end], end, true
}

// maxWord bounds one encoded word; the rules allow 75 bytes.
const maxWord = 16 << 10

func decodeQ(text string) []byte {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(text) && unhex(text[i+1]) < 16 && unhex(text[i+2]) < 16:
			out = append(out, unhex(text[i+1])<<4|unhex(text[i+2]))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
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
