package extract

import (
	"slices"
	"strings"
	"unicode"

	"rapport/mail"
)

// signatureNodes are the HTML nodes in which programs put a signature.
var signatureNodes = []string{"gmail_signature", "moz-signature", "protonmail_signature_block", "ms-outlook-mobile-signature",
	"spnEditorSign_app", "composer_signature", "AppleMailSignature"}

const (
	maxSignature = 14 // lines
	nameWidth    = 60 // columns of a line of a name block
)

// cutSignatures cuts signatures, mobile lines and disclaimers from the
// client's lines. A signature stands at the end of the last piece of text that
// is the client's; where that piece is a disclaimer only, of the one before.
func cutSignatures(lines []line, from mail.Address) {
	for i := range lines {
		l := &lines[i]
		if l.cut == "" && (l.marked(signatureNodes...) || mobileLine(l.text)) {
			l.cut = cutSignature
		}
	}
	cutBanners(lines)
	names := namesOf(from)
	for end := len(lines); end > 0; {
		start, stop := lastPiece(lines[:end])
		if stop == 0 {
			return
		}
		cutDisclaimers(lines[start:stop])
		cutDelimited(lines[start:stop])
		cutNameBlock(lines[start:beforePostscript(lines, start, stop)], names)
		if hasWords(lines[start:stop]) {
			return
		}
		end = start
	}
}

// lastPiece is the last run of the client's lines; cut signatures do not
// interrupt it.
func lastPiece(lines []line) (start, stop int) {
	stop = len(lines)
	for stop > 0 && (lines[stop-1].cut != "" || lines[stop-1].blank()) {
		stop--
	}
	start = stop
	for start > 0 && (lines[start-1].cut == "" || lines[start-1].cut == cutSignature) {
		start--
	}
	return start, stop
}

// beforePostscript is the end of the piece without the postscript that stands
// below the name: "P.S. …", "又及：…".
func beforePostscript(lines []line, start, stop int) int {
	for i := stop - 1; i > start && i >= stop-6; i-- {
		low := strings.ToLower(lines[i].text)
		for _, w := range []string{"p.s.", "ps:", "ps.", "ps ", "p.s ", "又及", "附：", "附:", "另：", "追伸", "nachtrag:", "pd:", "p.d."} {
			if strings.HasPrefix(low, w) && gapBefore(lines, i) {
				return i
			}
		}
	}
	return stop
}

func hasWords(lines []line) bool {
	for i := range lines {
		if lines[i].cut == "" && !lines[i].blank() {
			return true
		}
	}
	return false
}

// mobileLine recognises "Sent from my iPhone" and its kin.
func mobileLine(s string) bool {
	if s == "" || len(s) > 200 {
		return false
	}
	low := strings.ToLower(strings.TrimLeft(s, "-—*_ [(（【<"))
	for _, p := range phrases().mobile {
		if strings.HasPrefix(low, p) && (width(s) < 60 || strings.Contains(low, "http")) {
			return !strings.ContainsAny(strings.TrimRight(low, ".。"), "?？,，;；!！。") || strings.Contains(low, "http")
		}
		if p == "から送信" && strings.HasSuffix(low, p) && width(s) < 50 {
			return true
		}
	}
	return false
}

// cutDelimited cuts below a signature delimiter: "-- " (RFC 3676 section 4.3),
// and a rule above a few short lines, as QQ and Foxmail write it.
func cutDelimited(lines []line) {
	cut, n, long := -1, 0, false // n lines of the client's below, one of them long
	for i := len(lines) - 1; i >= 0; i-- {
		l := &lines[i]
		if l.cut != "" {
			continue
		}
		rule := dashes(l.text) || l.marked("hr") && l.blank()
		switch {
		case l.text == "--" && n <= 40, (l.text == "—" || rule) && n <= 10 && !long:
			cut = i
		}
		if !l.blank() {
			n++
			long = long || width(l.text) > nameWidth+20 || l.item
		}
	}
	if cut >= 0 {
		cutFrom(lines[cut:], cutSignature)
	}
}

func cutFrom(lines []line, reason string) {
	for i := range lines {
		if lines[i].cut == "" {
			lines[i].cut = reason
		}
	}
}

// cutNameBlock cuts the name, title, company and numbers under the closing
// line. The block is the run of short lines at the end; it is a signature if a
// closing line stands above it, if it begins with the sender's name, or if it
// holds an address or a telephone number.
func cutNameBlock(lines []line, names []string) {
	var at []int // the client's lines with words, from the last one upwards
	for i := len(lines) - 1; i >= 0 && len(at) <= maxSignature; i-- {
		if lines[i].cut == "" && !lines[i].blank() {
			at = append(at, i)
		}
	}
	n := 0
	for n < len(at) && (nameLike(&lines[at[n]]) || n == 0 && isName(lines[at[n]].text, names)) && !closing(lines[at[n]].text) {
		n++
	}
	if n == 0 || n > maxSignature {
		return
	}
	closed := n < len(at) && closing(lines[at[n]].text)
	first := -1
	for k := n - 1; k >= 0; k-- { // from the top of the block
		i := at[k]
		switch {
		case isName(lines[i].text, names):
			first = i
		case closed && k == n-1 && (k < 8 || contact(lines[i].text)):
			first = i
		case contact(lines[i].text) && k < n-1 && (i == 0 || lines[at[k+1]].text != "" && gapBefore(lines, at[n-1])):
			first = at[min(n-1, k+3)]
		case k == 0 && n == 1 && len(at) > 1 && gapBefore(lines, i) && properName(lines[i].text):
			first = i
		}
		if first >= 0 {
			cutFrom(lines[first:], cutSignature)
			return
		}
	}
}

// gapBefore reports whether a blank line, or nothing, stands above line i.
func gapBefore(lines []line, i int) bool {
	return i == 0 || lines[i-1].blank() || lines[i-1].cut != ""
}

// nameLike: short, no list item, no sentence.
func nameLike(l *line) bool {
	s := l.text
	w := width(s)
	if l.item && !contact(s) && !strings.HasPrefix(s, "-") && !strings.HasPrefix(s, "–") && !strings.HasPrefix(s, "—") || w > 2*nameWidth || w > nameWidth && !contact(s) {
		return false
	}
	switch last := lastRune(s); last {
	case '?', '？', '。', '；', '：', ':':
		return false
	case '.', '!', '！':
		return contact(s) || last == '.' && strings.Count(s, " ") < 6 && abbreviated(s)
	}
	return !strings.ContainsAny(s, "？。；") || contact(s)
}

// abbreviated: the last word is "Ltd." or "S.A." or "Inc.".
func abbreviated(s string) bool {
	word := s[strings.LastIndexAny(s, " ,")+1:]
	return len(word) <= 5 || strings.Count(word, ".") > 1
}

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

// contact: a telephone number, an address, a link or the bars between them.
func contact(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	low := strings.ToLower(s)
	return digits >= 7 && width(s) < 2*nameWidth || strings.Contains(s, "@") && !strings.Contains(s, " @") || strings.Contains(low, "www.") || strings.HasPrefix(low, "http") ||
		strings.Contains(s, " | ") || strings.HasPrefix(low, "tel") || strings.HasPrefix(s, "电话") || strings.HasPrefix(s, "手机") || strings.HasPrefix(s, "地址")
}

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
