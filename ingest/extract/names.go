package extract

import (
	"slices"
	"strings"
	"unicode"

	"rapport/mail"
)

// namesOf are the words by which a sender may sign, in lower case.
func namesOf(a mail.Address) []string {
	var out []string
	local, _, _ := strings.Cut(a.Address, "@")
	for _, source := range []string{a.Name, local} {
		for _, w := range strings.FieldsFunc(source, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

// isName reports whether a line is the sender's name: in full, a part of it,
// an initial, with a kiss or a company behind it.
func isName(s string, names []string) bool {
	s = strings.TrimLeft(s, "-–—~·*/ ")
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	if len(words) == 0 || len(words) > 9 {
		return false
	}
	if len(words) > 1 && slices.Contains(names, words[0]) && slices.Contains(names, words[1]) && words[0] != words[1] && properWords(s) {
		return true // in full, with a company and a town behind it
	}
	if len(words) > 1 && phrases().closings[words[0]] {
		return false // "LG Sabine" is a closing line
	}
	for _, w := range []string{"敬上", "谨上", "謹上", "拜上", "敬启"} {
		if strings.HasSuffix(s, w) && runes(s) <= 12 {
			return true
		}
	}
	for _, n := range names {
		switch {
		case words[0] == n && (len(words) <= 4 || contact(s)) && properWords(s):
			return true
		case len(words) == 1 && runes(words[0]) == 1 && strings.HasPrefix(n, words[0]):
			return true
		case han(first(n)) && hanName(s, words, n):
			return true
		}
	}
	if len(words) <= 4 && len(words) > 1 && runes(words[0]) <= 4 { // "Dr. Maria Lopez", "R. Conti"
		for _, n := range names {
			if words[1] == n && runes(n) > 1 || words[len(words)-1] == n && runes(n) > 2 {
				return true
			}
		}
	}
	return false
}

// properWords: the line has no lower-case words but particles; "jake" alone is
// a name all the same.
func properWords(s string) bool {
	fields := strings.Fields(s)
	if len(fields) == 1 {
		return true
	}
	lower := 0
	for _, f := range fields[1:] {
		if unicode.IsLower(first(f)) && runes(f) > 3 {
			lower++
		}
	}
	return lower == 0
}

// hanName: "老邱" for 邱老板, "小陈", "罗静 综合办"; most of a short first word is
// of the name.
func hanName(s string, words []string, name string) bool {
	w := words[0]
	if strings.Contains(w, name) && runes(w) <= runes(name)+4 {
		return true
	}
	if runes(s) > 4 {
		return strings.HasPrefix(strings.ReplaceAll(s, " ", ""), name)
	}
	if last := lastRune(w); runes(w) == 2 && strings.ContainsRune(name, first(w)) && strings.ContainsRune("工总姐哥叔姨董老师", last) {
		return true
	}
	shared := 0
	for _, r := range w {
		if strings.ContainsRune(name, r) {
			shared++
		}
	}
	return shared > 0 && (shared*2 >= runes(w) || w[:3] == "老" || w[:3] == "小" || w[:3] == "阿")
}

var noNames = map[string]bool{"ok": true, "okay": true, "yes": true, "no": true, "approved": true, "agreed": true, "done": true, "thanks": true,
	"confirmed": true, "received": true, "noted": true, "fine": true, "great": true, "perfect": true, "go ahead": true, "rejected": true, "sure": true,
	"wonderful": true, "excellent": true, "lovely": true, "correct": true, "denied": true, "accepted": true, "einverstanden": true, "ja": true, "nein": true,
	"oui": true, "non": true, "sí": true, "vale": true, "option a": true, "option b": true, "cancel": true, "stop": true, "hello": true, "hi": true}

// properName: one or two capitalised words and nothing else.
func properName(s string) bool {
	fields := strings.Fields(strings.TrimRight(s, ", x"))
	if len(fields) == 0 || len(fields) > 3 || noNames[strings.ToLower(strings.Join(fields, " "))] {
		return false
	}
	for _, f := range fields {
		for i, r := range f {
			if i == 0 && !unicode.IsUpper(r) || i > 0 && !unicode.IsLetter(r) && r != '.' && r != '-' && r != '\'' {
				return f == "&" || f == "and"
			}
		}
	}
	return true
}

func lastRune(s string) rune {
	var last rune
	for _, r := range s[max(0, len(s)-4):] {
		last = r
	}
	return last
}
