package mail

import (
	"strconv"
	"strings"
)

// readRTF reads RTF as text, and as HTML where Outlook packed HTML into it
// (MS-OXRTFEX): the tags stand in \*\htmltag groups, what \htmlrtf encloses is
// for programs that know RTF only.
func readRTF(rtf []byte) (text, markup string) {
	r := rtfReader{codepage: "windows-1252", state: rtfState{skipAfter: 1}}
	r.html = strings.Contains(string(rtf[:min(len(rtf), 2000)]), `\fromhtml`)
	r.read(rtf)
	r.flush()
	if r.html {
		return "", cleanLines(r.out.String())
	}
	return strings.Trim(cleanLines(r.out.String()), "\n "), ""
}

// rtfState is what a group inherits and changes.
type rtfState struct {
	skip      bool // a destination that is no text
	tag       bool // inside \*\htmltag
	rtfOnly   bool // inside \htmlrtf
	skipAfter int  // characters behind \u that stand for it
}

type rtfReader struct {
	html     bool
	codepage string
	state    rtfState
	stack    []rtfState
	out      strings.Builder
	bytes    []byte // 8-bit text not yet decoded
	ignore   int
	star     bool
	high     rune // first half of a surrogate pair
}

// maxRTFNesting bounds the groups that are remembered.
const maxRTFNesting = 500

func (r *rtfReader) read(b []byte) {
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case '{':
			if len(r.stack) < maxRTFNesting {
				r.stack = append(r.stack, r.state)
			}
			r.star = false
			i++
		case '}':
			r.flush()
			if n := len(r.stack); n > 0 {
				r.state, r.stack = r.stack[n-1], r.stack[:n-1]
			}
			i++
		case '\\':
			i = r.control(b, i+1)
		case '\r', '\n':
			i++
		default:
			r.byte(c)
			i++
		}
	}
}

func (r *rtfReader) visible() bool {
	return !r.state.skip && (!r.html || r.state.tag || !r.state.rtfOnly)
}

// byte adds a byte of text.
func (r *rtfReader) byte(c byte) {
	if r.ignore > 0 {
		r.ignore--
		return
	}
	if r.visible() {
		r.bytes = append(r.bytes, c)
	}
}

func (r *rtfReader) flush() {
	if len(r.bytes) > 0 {
		text, _ := readText(r.bytes, r.codepage, nil)
		r.out.WriteString(text)
		r.bytes = r.bytes[:0]
	}
}

func (r *rtfReader) write(s string) {
	if r.visible() {
		r.flush()
		r.out.WriteString(s)
	}
}

// control reads a control word or symbol that begins behind the backslash.
func (r *rtfReader) control(b []byte, i int) int {
	if i >= len(b) {
		return i
	}
	if !letter(b[i]) {
		switch c := b[i]; c {
		case '\'':
			if i+2 < len(b) && unhex(b[i+1]) < 16 && unhex(b[i+2]) < 16 {
				r.byte(unhex(b[i+1])<<4 | unhex(b[i+2]))
				return i + 3
			}
		case '*':
			r.star = true
		case '~':
			r.write("\u00a0")
		case '\\', '{', '}':
			r.byte(c)
		case '\r', '\n':
			r.write("\n")
		}
		return i + 1
	}
	start := i
	for i < len(b) && i-start < 32 && letter(b[i]) {
		i++
	}
	word := string(b[start:i])
	start = i
	if i < len(b) && b[i] == '-' {
		i++
	}
	for i < len(b) && i-start < 11 && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(string(b[start:i]))
	if i < len(b) && b[i] == ' ' {
		i++
	}
	r.word(word, n, err == nil)
	return i
}

func (r *rtfReader) word(word string, n int, numbered bool) {
	star := r.star
	r.star = false
	switch word {
	case "par", "line":
		r.write("\n")
	case "tab", "cell":
		r.write("\t")
	case "row":
		r.write("\n")
	case "lquote":
		r.write("‘")
	case "rquote":
		r.write("’")
	case "ldblquote":
		r.write("“")
	case "rdblquote":
		r.write("”")
	case "bullet":
		r.write("•")
	case "endash":
		r.write("–")
	case "emdash":
		r.write("—")
	case "ansicpg":
		if numbered && n > 0 {
			r.codepage = codepageName(uint32(n))
		}
	case "uc":
		r.state.skipAfter = max(0, min(n, 10))
	case "u":
		r.unicode(n)
	case "htmlrtf":
		r.flush()
		r.state.rtfOnly = !numbered || n != 0
	case "htmltag":
		r.flush()
		r.state.tag, r.state.skip = true, false
	case "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "themedata", "colorschememapping", "mhtmltag":
		r.flush()
		r.state.skip = true
	default:
		if star {
			r.flush()
			r.state.skip = true
		}
	}
}

// unicode writes the character of \u, which may be negative, and skips what
// stands for it in older programs. Characters above the first plane come as two.
func (r *rtfReader) unicode(n int) {
	if n < 0 {
		n += 0x10000
	}
	if n < 0 || n > 0xffff {
		return
	}
	r.ignore = 0
	if r.visible() {
		r.flush()
		r.surrogate(rune(n))
	}
	r.ignore = r.state.skipAfter
}

func (r *rtfReader) surrogate(c rune) {
	switch {
	case c >= 0xd800 && c < 0xdc00:
		r.high = c
	case c >= 0xdc00 && c < 0xe000:
		if r.high != 0 {
			r.out.WriteRune((r.high-0xd800)<<10 | (c - 0xdc00) + 0x10000)
		}
		r.high = 0
	default:
		r.out.WriteRune(c)
	}
}
