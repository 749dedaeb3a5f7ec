package extract

import (
	"strings"
	"unicode/utf8"

	"rapport/threads"
)

// What people answer with in a word, beside yesWords and noWords, and what they
// say with it out of courtesy. An answer is one only if the mail says nothing else.
var (
	bareWords = []string{"all right", "alright", "alles klar", "geht klar", "in ordnung", "gerne", "klar", "natürlich", "gut", "好的", "好滴", "可以的", "行的", "了解です", "承知しました", "かしこまりました", "わかりました", "いいです",
		"parfait", "bien sûr", "claro", "perfecto", "por supuesto", "va bene", "certo", "perfetto", "akkoord", "prima", "nee", "natuurlijk", "goed", "sim", "não", "perfeito", "sì", "да", "хорошо", "согласен", "согласна", "конечно", "нет"}
	courtesies = []string{"please", "thanks", "thank you", "bitte", "danke", "merci", "gracias", "grazie", "bedankt", "dank je", "obrigado", "obrigada", "спасибо", "谢谢", "谢谢您", "多谢", "感谢", "ありがとうございます"}
	pictures   = strings.NewReplacer("👍", " yes ", "👌", " yes ", "✅", " yes ", "🆗", " yes ", "👎", " no ")
)

// oneWord takes a mail that says nothing but yes or no for a decision, whatever
// mark stands behind the word. What it answers has to be seen by somebody.
func (f *finder) oneWord() {
	if len(f.found) == 0 && isOneWord(f.text) { // a picture is no sentence
		text := strings.TrimSpace(f.text)
		start := strings.Index(f.text, text)
		f.found = append(f.found, &found{sentence: sentence{start: start, end: start + len(text)}, text: text, kind: none})
	}
	var answer *found
	for _, o := range f.found {
		one := isOneWord(o.text)
		if o.taught || o.kind != none || !one && !f.idle(o) && !onlyWords(o.text, courtesies) {
			return
		}
		if one && answer == nil {
			answer = o
		}
	}
	if answer != nil {
		answer.become(threads.Decision)
		answer.unsure("one word does not say what it answers")
	}
}

// isOneWord reports whether a text is an answer, and nothing more.
func isOneWord(s string) bool {
	return len(s) <= maxOneWord && onlyWords(s, yesWords, noWords, bareWords, courtesies) && !onlyWords(s, courtesies)
}

// maxOneWord bounds such an answer, in bytes.
const maxOneWord = 100

// onlyWords reports whether a text is nothing but words of the lists.
func onlyWords(s string, lists ...[]string) bool {
	rest := plain(pictures.Replace(s))
	for rest != "" {
		n := longest(rest, lists...)
		if n == 0 {
			return false
		}
		rest = strings.TrimPrefix(rest[n:], " ")
	}
	return true
}

// longest is the length of the longest of the words with which s begins.
func longest(s string, lists ...[]string) int {
	n := 0
	for _, list := range lists {
		for _, w := range list {
			rest, begins := strings.CutPrefix(s, w)
			last, _ := utf8.DecodeLastRuneInString(w)
			if begins && len(w) > n && (rest == "" || rest[0] == ' ' || wide(last)) {
				n = len(w)
			}
		}
	}
	return n
}
