package extract

import (
	"slices"
	"strings"
	"sync"
)

const latinLanguages = 7

// The small words by which Latin languages are told apart, and the letters that
// hardly any other of them has.
var languageWords = [latinLanguages]struct{ language, words, letters string }{
	{"en", "the and to of is in for you we that it please with this be on are not have can could your our i a at will would from but hi dear thanks yes no ok approved " +
		"was were has had been my me us they them their there what when which who how as by or if so do does did an all any more new just now still about than should dear best regards sincerely kind hello morning", ""},
	{"de", "der die das und ist nicht wir sie ich bitte mit auf für den von zu ein eine haben es sind im wird noch auch bei dem des hallo danke ja nein einverstanden grüße kann " +
		"aber als am an aus dass einen einer einem hat ihr ihre ihnen uns unser unsere unseren mir mich man nur oder wie was wenn wann werden wurde zum zur nach über bis seit sehr schon so dann hier immer mehr frau herr sehr geehrte geehrter guten tag freundliche freundlichen grüßen grüsse gruß gruss mfg viele", "ßäö"},
	{"fr", "le la les et est pas nous vous je de des un une pour dans sur que qui avec merci bonjour du au aux ce cette sont oui non en d'accord pouvez " +
		"on ne plus notre nos votre vos mon ma mes il elle ils tu te se son sa ses par mais ou où si très bien tout toute tous être avoir avons avez ont été fait faire peut c'est j'ai qu'il n'est aussi encore toujours chez leur salut coucou cher chère madame monsieur cordialement bonne bien journée à a eu l' d' j' n' s' c' m' t' qu' jusqu'", "êœ"},
	{"es", "el la los las y es no de un una para por con que se en su del al por favor gracias hola sí lo nos está son pero como más le " +
		"mi me te os tu ya muy hay ha han he hemos sin sobre desde hasta cuando qué este esta estos esto esa ese todo todos todavía también porque si nuestro nuestra nuestros nuestras vosotros ustedes ahora podéis puede puedes estimado estimada saludos saludo cordial buenos días buenas", "ñ¿¡"},
	{"it", "il lo la gli e è non di un una per con che si del della grazie sono ciao nel alla " +
		"i le ci vi mi ti da dal dalla dei delle degli nella nelle sul sulla al ai alle ma anche più come questo questa ancora abbiamo avete hanno ho ha siamo quando quanto perché molto nostro nostra nostri nostre vostro se quello tutto tutti va bene buongiorno gentile cordiali saluti chi può puoi potete viene po' l' un' c' d' dell' all' nell' sull' dall'", "òì"},
	{"pt", "o a os as e é não de um uma para com que se do da por favor obrigado em na são " +
		"no nos nas dos das ao aos à às pelo pela mas mais como já ainda está estão foi tem temos têm eu nós vocês você ele ela isso este esta esse essa nosso nossa nossos nossas seu sua muito também quando quanto até sem fica ficou oi olá obrigada só vocês podem pode prezado prezada cumprimentos abraços abraço atenciosamente bom dia boa", "ãõ"},
	{"nl", "de het een en is niet wij u ik van voor met op dat die zijn aan graag bedankt kunnen " +
		"we je jij jullie hij ze er te om bij als of maar ook nog naar uit over door geen wel meer kan kun kunt wil heb hebben heeft hebt was wordt worden moet moeten ons onze mijn dit deze daar wat wanneer hoe al alleen hoi beste dag geachte groet groeten groetjes vriendelijke", ""},
}

// language guesses the language of a text from its script and small words;
// hint decides where the text says too little.
func language(text, hint string) string {
	if l := scriptLanguage(text); l != "" {
		return l
	}
	return latinLanguage(text, hint)
}

// scriptLanguage is the language that a text's script tells, "" where it is
// the Latin one.
func scriptLanguage(text string) string {
	kana, hanzi, hangul, latin := 0, 0, 0, 0
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			latin++
		case r < 0x400:
		case r >= 0x3040 && r <= 0x30ff:
			kana++
		case han(r):
			hanzi++
		case r >= 0xac00 && r <= 0xd7a3:
			hangul++
		case r <= 0x4ff:
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
	return ""
}

// sentenceLanguage is the language of one sentence of a mail: that of the mail
// unless the sentence's script or its small words clearly are another's.
func sentenceLanguage(s, mail string) string {
	const clearly = 3 // small words more
	at := latinIndex(mail)
	switch script := scriptLanguage(s); {
	case script == mail, script == "zh" && mail == "ja":
	case script == "" && at < 0:
		if strings.Count(s, " ") >= clearly {
			return latinLanguage(s, "en")
		}
	case script == "" && strings.Count(s, " ") >= clearly:
		count := latinCounts(s)
		if own := mostOf(count); count[own] >= count[at]+clearly {
			return languageWords[own].language
		}
	case script == "zh" || script == "ja":
		return script
	}
	return mail
}

// latinIndex is where a language stands in languageWords, -1 if it does not.
func latinIndex(language string) int {
	for i, l := range languageWords {
		if l.language == language {
			return i
		}
	}
	return -1
}

// languagesOf tells the languages of a small word, and those of a letter, as
// indices of languageWords.
var languagesOf = sync.OnceValue(func() (out struct {
	word   map[string][]int
	letter map[rune]int
}) {
	out.word, out.letter = map[string][]int{}, map[rune]int{}
	for i, l := range languageWords {
		for w := range strings.FieldsSeq(l.words) {
			if !slices.Contains(out.word[w], i) {
				out.word[w] = append(out.word[w], i)
			}
		}
		for _, r := range l.letters {
			out.letter[r] = i
		}
	}
	return out
})

func latinLanguage(text, hint string) string {
	count := latinCounts(text)
	best := mostOf(count)
	if at := latinIndex(hint); hint != "" && (count[best] == 0 || at >= 0 && count[at] == count[best]) {
		return hint
	}
	return languageWords[best].language
}

// mostOf is the index of the largest count, the first of equals.
func mostOf(count [latinLanguages]int) int {
	best := 0
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	return best
}

// latinCounts counts the small words and own letters of each language.
func latinCounts(text string) (count [latinLanguages]int) {
	of := languagesOf()
	low := strings.ToLower(text[:min(len(text), 4000)])
	for w := range strings.FieldsFuncSeq(low, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 0xc0 || r == '\'')
	}) {
		for _, i := range of.word[w] {
			count[i]++
		}
		if at := strings.IndexByte(w, '\''); at > 0 && at < len(w)-1 { // "l'option", "dell'anno"
			for _, i := range of.word[w[:at+1]] {
				count[i]++
			}
		}
	}
	for _, r := range low {
		if r >= 0x80 {
			if i, ok := of.letter[r]; ok {
				count[i]++
			}
		}
	}
	return count
}
