package extract

import (
	"strings"
)

// answerMarks stand before answers typed into a quotation without marks.
var answerMarks = []string{"==>", "=>", "-->", "->", ">>", "→", "➔", "⇒", "===>", "<==", "答：", "答复：", "回复：", "批复：", "##", "@@"}

// keepAnswers gives back to the client what is marked by colour or by an
// arrow inside a quotation that has no marks.
func keepAnswers(lines []line) {
	ink := answerInk(lines)
	for i := range lines {
		l := &lines[i]
		if l.cut != cutQuote || l.head || l.depth > 0 || l.blank() {
			continue
		}
		if l.html != nil && l.html.Color != "" && ink[l.html.Color] {
			l.cut = ""
			continue
		}
		for _, m := range answerMarks {
			if rest, ok := strings.CutPrefix(l.text, m); ok && letters(rest) != "" {
				l.item = false
				l.cut = ""
				break
			}
		}
	}
}

// answerInk is the set of colours in which the client may have answered: real
// colours that are not most of the quoted text.
func answerInk(lines []line) map[string]bool {
	count, total := map[string]int{}, 0
	for i := range lines {
		l := &lines[i]
		if l.html == nil || l.cut != cutQuote || l.head || l.depth > 0 || l.blank() {
			continue
		}
		total++
		if colored(l.html.Color) {
			count[l.html.Color]++
		}
	}
	ink := map[string]bool{}
	for c, n := range count {
		ink[c] = n*3 <= total*2
	}
	return ink
}

// colored reports whether "#rrggbb" is a colour and not black, white or grey.
func colored(c string) bool {
	if len(c) != 7 {
		return false
	}
	v := [3]int{}
	for i := range v {
		v[i] = hexDigit(c[1+2*i])<<4 | hexDigit(c[2+2*i])
	}
	return max(v[0], v[1], v[2])-min(v[0], v[1], v[2]) >= 60
}

func hexDigit(b byte) int { return strings.IndexByte("0123456789abcdef", b) }
