package compose

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// textColumns is the widest line of a text part: RFC 5322 section 2.1.1 asks
// for 78 characters, and a Chinese character takes two columns.
const textColumns = 78

// wrap breaks running text into lines of at most width columns. It breaks at
// blanks and between Chinese characters, never before a mark that closes nor
// behind one that opens. A word that is too long for a line is cut, unless it
// is an address that would no longer work.
func wrap(s string, width int) []string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		out = wrapLine(out, line, width)
	}
	return out
}

func wrapLine(out []string, s string, width int) []string {
	width = max(width, 8)
	start, cut, cols := 0, -1, 0 // cut is the last place in s where a line may end
	word := 0                    // where the word begins that i is in
	var before rune
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		w := runeWidth(c)
		if before == ' ' {
			word = i
		}
		if i > start && mayBreak(before, c, s[i:]) {
			cut = i
		}
		if cols+w > width && c != ' ' && cut <= start && i > start && !isAddress(s[max(start, word):]) {
			cut = i
		}
		if cols+w > width && c != ' ' && cut > start {
			out = append(out, strings.TrimRight(s[start:cut], " "))
			start = cut + len(s[cut:]) - len(strings.TrimLeft(s[cut:], " "))
			cut, before, i, cols = -1, 0, start, 0
			continue
		}
		cols += w
		before = c
		i += size
	}
	return append(out, strings.TrimRight(s[start:], " "))
}

// mayBreak reports whether a line may end between a and b; rest begins with b.
func mayBreak(a, b rune, rest string) bool {
	switch {
	case b == ' ':
		return false // the blank ends the line before it
	case a == ' ':
		// A line that begins with > would look quoted, and -- like a signature.
		return b != '>' && b != '·' && !strings.HasPrefix(rest, "--") && !strings.HasPrefix(rest, "From ")
	case !cjk(a) && !cjk(b):
		return false
	}
	return !noLineStart(b) && !noLineEnd(a) && !combining(b)
}

// noLineStart are marks that may not begin a line of Chinese (GB/T 15834).
func noLineStart(c rune) bool {
	return strings.ContainsRune("，。、；：？！）》」』】〕〉％”’…—～·,.;:?!)]}%", c)
}

// noLineEnd are marks that may not end one.
func noLineEnd(c rune) bool { return strings.ContainsRune("（《「『【〔〈“‘￥$([{", c) }

func combining(c rune) bool {
	return c >= 0x300 && (unicode.Is(unicode.Mn, c) || unicode.Is(unicode.Me, c) || c == 0x200d || c >= 0xfe00 && c <= 0xfe0f)
}

// isAddress reports whether a word is a link: cut, it would be dead.
func isAddress(s string) bool {
	word := strings.TrimLeft(s[:min(len(s), 12)], "<(")
	return strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://")
}
