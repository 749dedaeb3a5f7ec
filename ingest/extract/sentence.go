package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentence is one sentence of the new text, without list marker.
type sentence struct {
	start, end int
	piece      int  // index of its piece
	paragraph  int  // paragraphs of the piece before it
	item       bool // a list item's
	bare       bool // the whole line or paragraph
}

// sentences splits the new text at its sentence ends. Lines that a program has
// wrapped are joined, list items and other lines stand for themselves.
func sentences(r *reading) []sentence {
	var out []sentence
	limit := 0
	if !r.markup {
		limit = wrapWidth(r.newText)
	}
	small := writesSmall(r.newText)
	for p := range r.pieces {
		pc := &r.pieces[p]
		paragraph := 0
		for _, u := range units(r.newText, pc.start, min(pc.end, len(r.newText)), limit, r.markup) {
			if u.gap {
				paragraph++
			}
			n := len(out)
			out = splitUnit(r.newText, u, small, out)
			for i := range out[n:] {
				s := &out[n+i]
				s.piece, s.paragraph, s.item = p, paragraph, u.item
				s.bare = len(out)-n == 1
			}
		}
	}
	return out
}

// unit is a stretch of text that no sentence leaves: a paragraph, a list item.
type unit struct {
	start, end int
	item, gap  bool // gap: a blank line stands before it
}

func units(text string, start, end, limit int, markup bool) []unit {
	var out []unit
	gap, before := false, ""
	for at := start; at < end; {
		stop := at + strings.IndexByte(text[at:end], '\n')
		if stop < at {
			stop = end
		}
		l := text[at:stop]
		_, marker := listMarker(l)
		switch {
		case strings.TrimSpace(l) == "":
			gap = len(out) > 0
		case marker == 0 && !gap && len(out) > 0 && !markup && (limit > 0 && wrapped(before, l, limit) || goesOn(before, l)):
			out[len(out)-1].end = stop
		default:
			out = append(out, unit{at + marker, stop, marker > 0, gap})
			gap = false
		}
		before = l
		at = stop + 1
	}
	return out
}

// wrapWidth is the width at which a program has wrapped the text, 0 if the
// lines are as long as their writer made them.
func wrapWidth(text string) int {
	widest := 0
	for l := range strings.SplitSeq(text, "\n") {
		widest = max(widest, width(l))
	}
	if widest < 50 || widest > 100 {
		return 0
	}
	full := 0
	for l := range strings.SplitSeq(text, "\n") {
		if width(l) > widest-14 {
			full++
		}
	}
	if full < 2 {
		return 0
	}
	return widest
}

// wrapped: the first word of the line below would not have fitted any more.
func wrapped(line, below string, limit int) bool {
	word, _, _ := strings.Cut(below, " ")
	w := width(word) + 1
	if han(first(below)) {
		w = 3
	}
	return width(line)+min(w, 24) > limit
}

// goesOn: a long line breaks off in the middle of a sentence.
func goesOn(line, below string) bool {
	w := width(line)
	if w < 55 || w > 100 {
		return false
	}
	last, next := lastRune(line), first(below)
	if strings.ContainsRune(".!?。！？:：;；…", last) {
		return false
	}
	return unicode.IsLower(next) || han(next) && (han(last) || last == '，' || last == '、')
}

func splitUnit(text string, u unit, small bool, out []sentence) []sentence {
	s := text[u.start:u.end]
	start := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		next := i + size
		if ends(s, i, r, next) || small && r == '.' && smallStop(s, i, next) {
			next = closers(s, next)
			out = addSentence(text, u.start+start, u.start+next, out)
			start = next
		}
		i = next
	}
	return addSentence(text, u.start+start, u.end, out)
}

// addSentence trims white space; a piece without letters joins the one before.
func addSentence(text string, start, end int, out []sentence) []sentence {
	s := text[start:end]
	start += len(s) - len(strings.TrimLeftFunc(s, unicode.IsSpace))
	end = start + len(strings.TrimRightFunc(text[start:end], unicode.IsSpace))
	for _, m := range answerMarks { // an answer's arrow is no word of it
		if strings.HasPrefix(text[start:end], m) {
			start += len(m)
			start += blanks(text[start:end])
		}
	}
	if start >= end {
		return out
	}
	if wordless(text[start:end]) {
		if n := len(out); n > 0 && strings.TrimSpace(text[out[n-1].end:start]) == "" && !strings.Contains(text[out[n-1].end:start], "\n") {
			out[n-1].end = end
		}
		return out
	}
	return append(out, sentence{start: start, end: end})
}

// ends reports whether the character at i ends a sentence of s.
func ends(s string, i int, r rune, next int) bool {
	switch r {
	case '。', '！', '？', '｡':
		return !insideQuotes(s, next)
	case '!', '?', '…':
		after := first(s[next:])
		if after == '!' || after == '?' || after == '.' || after == '…' {
			return false
		}
		if next >= len(s) || han(lastRune(s[:i])) {
			return true
		}
		quoted := strings.ContainsRune("\"”’」』»", first(s[next:])) // “Stop!” and on it goes
		return spaceThenWord(s, next, r != '…' && !quoted)
	case '.':
		return fullStop(s, i, next)
	}
	return r >= 0x1f300 && r < 0x1fb00 && spaceThenWord(s, next, false)
}

// insideQuotes: a closing quote follows and the sentence goes on behind it.
func insideQuotes(s string, next int) bool {
	after, size := utf8.DecodeRuneInString(s[next:])
	if !strings.ContainsRune("”’\"」』）)", after) || next >= len(s) {
		return false
	}
	rest := first(s[next+size:])
	return han(rest) && !unicode.IsSpace(rest) || rest == '，' || rest == '、'
}

// spaceThenWord: white space follows, and then, unless any will do, a word
// that can begin a sentence.
func spaceThenWord(s string, next int, any bool) bool {
	rest := s[closers(s, next):]
	if rest == "" {
		return true
	}
	if !unicode.IsSpace(first(rest)) && !han(first(rest)) {
		return false
	}
	r := first(strings.TrimLeftFunc(rest, unicode.IsSpace))
	return any || !unicode.IsLower(r)
}

func fullStop(s string, i, next int) bool {
	if next < len(s) && s[next] == '.' || i > 0 && s[i-1] == '.' && next < len(s) && !spaceThenWord(s, next, false) {
		return false
	}
	if han(lastRune(s[:i])) && next < len(s) && han(first(s[next:])) {
		return true // a full stop typed with the wrong keyboard
	}
	if !spaceThenWord(s, next, false) {
		return false
	}
	if strings.TrimSpace(s[next:]) == "" {
		return true
	}
	word := s[strings.LastIndexAny(s[:i], " \n\t(/")+1 : i]
	if word == "" {
		return false
	}
	if allDigits(word) { // "am 1. Dezember", "No. 4."
		after := strings.TrimLeftFunc(s[next:], unicode.IsSpace)
		return len(word) > 2 || !monthOrSmall(after)
	}
	if len(word) == 1 && unicode.IsUpper(rune(word[0])) && word != "I" {
		return i < 2 || false
	}
	return !abbreviations[strings.ToLower(word)]
}

// writesSmall: the writer begins sentences with small letters, as many do on a
// telephone ("ok slept on it. bin the slider").
func writesSmall(text string) bool {
	small, large := 0, 0
	for i := 0; i+2 < len(text); i++ {
		switch {
		case text[i] != '.':
		case smallStop(text, i, i+1):
			small++
		case text[i+1] == ' ' && unicode.IsUpper(first(text[i+2:])):
			large++
		}
	}
	return small > large
}

// smallStop: a full stop behind a word that is no abbreviation, and a small
// letter follows.
func smallStop(s string, i, next int) bool {
	if next+1 >= len(s) || s[next] != ' ' || !unicode.IsLower(first(s[next+1:])) {
		return false
	}
	word := s[max(0, i-40):i]
	word = word[strings.LastIndexAny(word, " \n\t(/.")+1:]
	word = strings.ToLower(word)
	return len(word) > 1 && !allDigits(word) && (!abbreviations[word] || word == "no") // "no. 7" has a figure behind it
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// monthOrSmall: a month's name follows, so the number was a day.
func monthOrSmall(s string) bool {
	s = s[:min(len(s), 20)]
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		s = s[:i]
	}
	return len(s) > 2 && monthNames[strings.ToLower(s)] > 0
}

var abbreviations = map[string]bool{"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "no": true, "nr": true, "vs": true,
	"e.g": true, "i.e": true, "eg": true, "ie": true, "approx": true, "incl": true, "z.b": true, "bzw": true, "ca": true, "inkl": true, "usw": true,
	"d.h": true, "u.a": true, "evtl": true, "ggf": true, "hr": true, "fr": true, "str": true, "tel": true, "abs": true, "sra": true, "sr": true,
	"srta": true, "d": true, "p": true, "pp": true, "m": true, "mme": true, "mlle": true, "n": true, "art": true, "fig": true, "vol": true, "jr": true,
	"co": true, "ltd": true, "inc": true, "corp": true, "dept": true, "min": true, "max": true, "num": true, "cf": true, "resp": true, "ext": true,
	"jan": true, "feb": true, "aug": true, "sept": true, "oct": true, "nov": true, "dec": true, "z. b": true, "v.a": true, "u.s": true, "a.m": true, "p.m": true}

// closers is the end of closing quotes, brackets and marks behind a sentence end.
func closers(s string, i int) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune("\"”’」』）)]】»!！?？。…~～", r) && !(r >= 0x1f300 && r < 0x1fb00) && r != 0xfe0f {
			return i
		}
		if r == '’' && i+size < len(s) && isLetter(s[i+size]) {
			return i
		}
		i += size
	}
	return i
}
