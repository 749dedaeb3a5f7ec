package extract

import (
	"strings"

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
		cutNameBlock(lines[start:beforePostscript(lines, start, stop)], names, start == 0)
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
// holds an address or a telephone number. top: nothing of the mail stands above;
// a text that is only short lines with an address is no signature then.
func cutNameBlock(lines []line, names []string, top bool) {
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
	closed := n < len(at) && closing(lines[at[n]].text) && !(n == len(at)-1 && greets(lines[at[n]].text))
	first := -1
	for k := n - 1; k >= 0; k-- { // from the top of the block
		i := at[k]
		switch {
		case isName(lines[i].text, names):
			first = i
		case closed && k == n-1 && (k < 8 || contact(lines[i].text)):
			first = i
		case contact(lines[i].text) && k < n-1 && !(top && min(n-1, k+3) == len(at)-1) && (i == 0 || lines[at[k+1]].text != "" && gapBefore(lines, at[n-1])):
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

// greets: a line on top of the mail that only its comma makes a closing line
// greets ("Hello Mara,"), and what follows are words and no name block.
func greets(s string) bool { return !closing(strings.TrimRight(s, ",，")) }

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
