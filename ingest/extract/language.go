package extract

import (
	"strings"
	"sync"
)

// The small words by which Latin languages are told apart.
var languageWords = []struct{ language, words string }{
	{"en", "the and to of is in for you we that it please with this be on are not have can could your our i a at will would from but hi dear thanks yes no ok approved"},
	{"de", "der die das und ist nicht wir sie ich bitte mit auf für den von zu ein eine haben es sind im wird noch auch bei dem des hallo danke ja nein einverstanden grüße kann"},
	{"fr", "le la les et est pas nous vous je de des un une pour dans sur que qui avec merci bonjour du au aux ce cette sont oui non en d'accord pouvez"},
	{"es", "el la los las y es no de un una para por con que se en su del al por favor gracias hola sí lo nos está son pero como más le"},
	{"it", "il lo la gli e è non di un una per con che si del della grazie sono ciao nel alla"},
	{"pt", "o a os as e é não de um uma para com que se do da por favor obrigado em no na são"},
	{"nl", "de het een en is niet wij u ik van voor met op dat die zijn aan graag bedankt kunnen"},
}

// language guesses the language of a text from its script and small words;
// hint decides where the text says too little.
func language(text, hint string) string {
	kana, hanzi, hangul, latin := 0, 0, 0, 0
	for _, r := range text {
		switch {
		case r >= 0x3040 && r <= 0x30ff:
			kana++
		case han(r):
			hanzi++
		case r >= 0xac00 && r <= 0xd7a3:
			hangul++
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			latin++
		case r >= 0x400 && r <= 0x4ff:
			return "ru"
		}
	}
	switch {
	case hangul > 0 && hangul >= kana:
		return "ko"
	case kana*8 > hanzi && kana > 1:
		return "ja"
	case hanzi > 0 && hanzi*3 >= latin/2:
		return "zh"
	}
	return latinLanguage(text, hint)
}

// languagesOf tells the languages of a small word, as indices of languageWords.
var languagesOf = sync.OnceValue(func() map[string][]int {
	out := map[string][]int{}
	for i, l := range languageWords {
		for w := range strings.FieldsSeq(l.words) {
			out[w] = append(out[w], i)
		}
	}
	return out
})

func latinLanguage(text, hint string) string {
	count := make([]int, len(languageWords))
	of := languagesOf()
	for w := range strings.FieldsFuncSeq(strings.ToLower(text[:min(len(text), 4000)]), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 0xc0 || r == '\'')
	}) {
		for _, i := range of[w] {
			count[i]++
		}
	}
	best, hinted := 0, 0
	for i, l := range languageWords {
		if count[i] > count[best] {
			best = i
		}
		if l.language == hint {
			hinted = count[i]
		}
	}
	if hint != "" && (count[best] == 0 || hinted == count[best]) {
		return hint
	}
	return languageWords[best].language
}
