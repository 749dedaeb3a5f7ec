package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters is the form in which texts are compared: NFKC, lower case, letters
// and digits only. Programs change everything else when they quote.
func letters(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	ascii := true
	for _, r := range s {
		switch {
		case isLetterForm(r):
			b.WriteRune(unicode.ToLower(r))
			ascii = ascii && r < utf8.RuneSelf
		case symbol(r):
			return lettersOf(norm.NFKC.String(s))
		}
	}
	if out := b.String(); ascii || norm.NFKC.IsNormalString(out) {
		return out
	}
	return lettersOf(norm.NFKC.String(s))
}

// wordless reports whether s has no letters or digits.
func wordless(s string) bool {
	for _, r := range s {
		switch {
		case isLetterForm(r):
			return false
		case symbol(r):
			return letters(s) == ""
		}
	}
	return true
}

// symbol: what is no letter may still stand for some: "①", "㎏".
func symbol(r rune) bool {
	return r >= utf8.RuneSelf && !unicode.IsPunct(r) && !unicode.IsSpace(r)
}

func lettersOf(normal string) string {
	return strings.Map(func(r rune) rune {
		if isLetterForm(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, normal)
}

func isLetterForm(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// lettersAt is letters with, for each byte of the result, the end in s of the
// character it came from.
func lettersAt(s string) (string, []int) {
	var b strings.Builder
	var at []int
	for i, r := range s {
		n := letters(string(r))
		b.WriteString(n)
		for range len(n) {
			at = append(at, i+len(string(r)))
		}
	}
	return b.String(), at
}
