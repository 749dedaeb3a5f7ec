package extract

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The quick ways give what normalising the whole text gives.
func TestLetters(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"We’ve moved: Shop 2!", "wevemovedshop2"},
		{"价格，含税（１３％）。", "价格含税13"},
		{"Schöne Grüße", "schönegrüße"},
		{"Scho\u0308n", "schön"},
		{"ＡＢＣ ﬁne", "abcfine"},
		{"① ㎏ ½", "1kg12"},
		{"Å\u212a", "åk"},
		{"😀 → €", ""},
		{"", ""},
	} {
		if got := letters(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		plain := strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, norm.NFKC.String(c.text))
		if plain != c.want {
			t.Errorf("%q: normalised whole %q, want %q", c.text, plain, c.want)
		}
	}
	if got, at := lettersAt("Öl, １ x"); got != "öl1x" || len(at) != len(got) || at[0] != 2 || at[1] != 2 || at[2] != 3 || at[len(at)-1] != len("Öl, １ x") {
		t.Errorf("%q at %v", got, at)
	}
}
