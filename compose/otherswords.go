package compose

import (
	"strings"
	"unicode"
)

// othersWords is text that somebody else has written, as it may stand in what we
// write: on one line, so that it cannot leave the comment, quotation or list in
// which it stands by the line end of any script, and without signs that do
// something to a terminal or turn the direction of the words beside it.
func othersWords(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, s)), " ")
}
