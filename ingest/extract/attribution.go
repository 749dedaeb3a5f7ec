package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// An attribution is the "On …, Tom wrote:" above a quotation. Programs break
// it over up to four lines.
const (
	maxAttribution      = 4   // lines
	maxAttributionBytes = 500 // of all its lines
)

// attribution looks for an attribution that ends at line i and returns the
// index of its first line. Sentences that only speak of writing ("On Monday we
// said … wrote back") have no year, clock time or address in them.
func attribution(lines []line, i int) (start int, ok bool) {
	if !endsAttribution(lines[i].text) {
		return 0, false
	}
	joined := ""
	for n := 0; n < maxAttribution && i-n >= 0; n++ {
		l := &lines[i-n]
		if l.blank() || l.depth != lines[i].depth || n > 0 && l.cut != "" {
			return 0, false
		}
		joined = strings.TrimSpace(l.text + " " + joined)
		if len(joined) > maxAttributionBytes {
			return 0, false
		}
		if saysWrote(joined) && startsAttribution(joined) {
			return i - n, true
		}
	}
	return 0, false
}

func endsAttribution(s string) bool {
	s = strings.TrimRight(s, " *_\u00a0>")
	return strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：") || strings.HasSuffix(s, "写道") || strings.HasSuffix(s, "寫道") ||
		strings.HasSuffix(s, "wrote") || strings.HasSuffix(s, ":-")
}

// saysWrote: a date and somebody who wrote, or a date and an address (Gmail in
// Japanese has no verb).
func saysWrote(s string) bool {
	address := strings.Contains(s, "@")
	if !hasDate(s) && !address {
		return false
	}
	low := strings.ToLower(s)
	for _, w := range phrases().wrote {
		if i := strings.LastIndex(low, w); i >= 0 && wordAt(low, i, len(w)) {
			return true
		}
	}
	return address && hasDate(s) && strings.Contains(s, "<")
}

// wordAt reports whether the bytes at i are a word of their own.
func wordAt(s string, i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	return !inWord(before) && !inWord(first(s[i+n:]))
}

// inWord: a letter of a script that puts blanks between its words.
func inWord(r rune) bool { return unicode.IsLetter(r) && !han(r) && r != utf8.RuneError }

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// startsAttribution: the first line has the date, the name or the address
// behind one of the few words with which attributions begin, or begins with
// one of them.
func startsAttribution(s string) bool {
	head := s[:min(len(s), 120)]
	low := strings.ToLower(s)
	for _, w := range []string{"on ", "am ", "le ", "el ", "il ", "em ", "op ", "den ", "dne ", "dňa ", "w dniu ", "dnia ", "på ", "pe ", "στις ",
		"в ", "у ", "vào ", "pada ", "at ", "a ", "ma ", "la data ", "la ", "în ", "de ", "em ", "ti ", "to ", "tir", "fre", "man", "ons", "tor", "pn", "wt", "czw", "pt",
		"在", "於", "于", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "quoting ", "zitat von ", "citando ", "från", "kirjoitti", "ke ", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mié", "jue", "vie", "sáb", "dom", "seg", "ter", "qua", "qui", "sex"} {
		if strings.HasPrefix(low, w) {
			return true
		}
	}
	return hasDate(head) || strings.Contains(head, "@")
}
