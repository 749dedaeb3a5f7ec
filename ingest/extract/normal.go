package extract

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters is the form in which texts are compared: NFKC, lower case, letters
// and digits only. Programs change everything else when they quote.
func letters(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		s = norm.NFKC.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
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
