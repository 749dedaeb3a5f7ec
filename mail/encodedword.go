package mail

import "strings"

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
