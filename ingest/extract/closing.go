package extract

import (
	"strings"
	"unicode"
)

// closing recognises a closing line: "Kind regards,", "Thanks and have a good
// weekend", "祝 商祺".
func closing(s string) bool {
	if width(s) > 64 {
		return false
	}
	key := letters(s)
	p := phrases().closings
	if p[key] || farewell(s) {
		return true
	}
	if last := lastRune(s); last == ',' || last == '，' {
		if strings.Count(s, " ") < 9 {
			return true
		}
	}
	if r := first(s); r == '祝' || r == '顺' || r == '順' {
		return true
	}
	// A closing phrase at the beginning: whole words, and no long sentence.
	if last := lastRune(s); strings.Count(s, " ") > 3 && last != '!' && last != '.' && last != '！' && last != '。' {
		return false
	}
	for i := range s {
		if i > 0 && (s[i] == ' ' || s[i] == ',' || s[i] == '!' || s[i] == '.' || s[i] >= 0x80) && p[letters(s[:i])] && runes(s[:i]) > 2 {
			return true
		}
	}
	return false
}

// farewells are words that make a short line a closing line wherever they stand.
var farewells = map[string]bool{"regards": true, "wishes": true, "grüße": true, "grüßen": true, "grüsse": true, "grüssen": true, "gruß": true,
	"gruss": true, "saludos": true, "saludo": true, "salutations": true, "cordialement": true, "groeten": true, "groet": true, "saluti": true,
	"hälsningar": true, "hilsen": true, "cumprimentos": true, "abraço": true, "abrazo": true}

func farewell(s string) bool {
	if asks(s) {
		return false
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if farewells[w] {
			return true
		}
	}
	return false
}
