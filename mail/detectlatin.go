package mail

import (
	"strings"
	"unicode"
)

// latinAlphabets are the letters beyond ASCII of languages in Latin script, with
// the charset that Windows writes them in. The same bytes are letters in all
// three, so only what is a letter of one language tells them apart.
var latinAlphabets = []struct{ charset, letters string }{
	{"windows-1252", "äöüß"},
	{"windows-1252", "àâæçéèêëîïôœùûüÿ"},
	{"windows-1252", "áéíóúñüºª"},
	{"windows-1252", "áâãàçéêíóôõúüºª"},
	{"windows-1252", "àèéìíîòóù"},
	{"windows-1252", "åäöæøéü"},
	{"windows-1252", "áéíóúýþæöð"},
	{"windows-1252", "äõöüšž"},
	{"windows-1250", "ąćęłńóśźż"},
	{"windows-1250", "áčďéěíňóřšťúůýžäĺľôŕ"},
	{"windows-1250", "áéíóöőúüű"},
	{"windows-1250", "ăâîşţ"},
	{"windows-1250", "čćđšž"},
	{"windows-1254", "çğıöşüâîû\u0307"},
}

// latin reports whether a charset writes languages in Latin script.
func latin(name string) bool {
	switch name {
	case "windows-1252", "windows-1250", "windows-1254", "windows-1257", "windows-1258", "macintosh", "ibm850", "ibm437",
		"iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16":
		return true
	}
	return false
}

// latinCharset is the charset in which the most letters are of one language, and
// that share; western is the best share that windows-1252 reaches, which is the
// answer as long as nothing reads better.
func latinCharset(b []byte) (name string, share, western float64) {
	name = "windows-1252"
	texts := map[string]string{}
	for _, a := range latinAlphabets {
		text, ok := texts[a.charset]
		if !ok {
			text = strings.ToLower(decodeWith(encodingOf(a.charset), b))
			texts[a.charset] = text
		}
		s := lettersOf(text, a.letters)
		if a.charset == "windows-1252" {
			western = max(western, s)
		}
		if s > share {
			name, share = a.charset, s
		}
	}
	return name, share, western
}

// lettersOf is the share of the characters beyond ASCII in words that are
// letters of an alphabet.
func lettersOf(text, alphabet string) float64 {
	n, own := 0, 0
	last := ' '
	runes := []rune(text)
	for i, r := range runes {
		before, after := unicode.IsLetter(last), i+1 < len(runes) && unicode.IsLetter(runes[i+1])
		if last = r; r < 0x80 || !(before && after) && !((before || after) && unicode.IsLetter(r)) {
			continue
		}
		n++
		if strings.ContainsRune(alphabet, r) {
			own++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(own) / float64(n)
}

// mislabelledLatin finds the charset of Central European or Turkish text that
// goes under iso-8859-1: a few letters of nearly every word would be wrong.
func mislabelledLatin(b []byte) (string, bool) {
	name, share, western := latinCharset(b)
	return name, name != "windows-1252" && share > 0.95 && western < 0.8 && highBytes(b) >= 6
}

// fitLatin is the share of characters beyond ASCII that look like a letter of a
// Latin word or like punctuation: letters stand beside ASCII letters, not
// beside each other.
func fitLatin(text string) float64 {
	n, good := 0, 0
	last := ' '
	runes := []rune(text)
	for i, r := range runes {
		before, after := last, ' '
		if last = r; r < 0x80 {
			continue
		}
		n++
		if i+1 < len(runes) {
			after = runes[i+1]
		}
		switch {
		case r == unicode.ReplacementChar || unicode.IsControl(r):
		case before >= 0x80 && after >= 0x80:
		case unicode.IsLetter(r):
			if letter(before) || letter(after) {
				good++
			}
		case before < 0x80 && after < 0x80:
			good++ // quotes, dashes, currency, degree, paragraph
		}
	}
	if n == 0 {
		return 0
	}
	return 0.9 * float64(good) / float64(n)
}
