package extract

import (
	"strings"
	"unicode"

	"rapport/mail"
)

// quoteNodes are the HTML nodes (mail.Line marks) inside of which everything
// is quoted, or behind whose beginning it is.
var quoteNodes = []string{"yahoo_quoted", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "includetail",
	"ntes-mailmaster-quote", "zmail_extra", "divRplyFwdMsg", "appendonsend", "isReplyContent", "protonmail_quote"}

// unmarked says how text without quote marks is quoted from some line on.
type unmarked struct {
	reason string // "" while nothing is quoted
	known  bool   // lines of ours were recognised below: what stands between them is the client's
}

// cutQuotes marks everything that is quoted, and in a mail that passes another
// one on everything that is passed on. known says that lines of our letters have
// been recognised already.
func cutQuotes(lines []line, m *mail.Message, known bool) {
	headReason := cutQuote
	if mail.IsForward(m.Subject) || m.TextFrom == "attached" {
		headReason = cutForwarded
	}
	lastOurs := -1
	for i := range lines {
		if lines[i].cut == cutLetter {
			lastOurs = i
		}
	}
	below := unmarked{}
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		if l.cut != "" && !l.head {
			if below.reason == cutQuote {
				below.known = true
			}
			continue
		}
		if l.depth == 0 && below.reason != cutForwarded {
			if end, reason, rest := quoteHead(lines, i, headReason); end > 0 {
				start := ruleAbove(lines, i)
				if n, ok := attribution(lines, end-1); ok && n < start {
					start = n
				}
				for j := start; j < end; j++ {
					lines[j].cut, lines[j].head = cutQuote, true
					if reason == cutForwarded {
						lines[j].cut = cutForwarded
					}
				}
				if rest {
					below = unmarked{reason: reason}
				}
				i = end - 1
				continue
			}
		}
		l.cut = quotedHow(lines, i, below, lastOurs, known)
		if l.cut == "" && !known && overflows(lines, i) {
			l.cut = cutQuote
		}
	}
	keepAnswers(lines)
}

// quoteHead recognises what programs put above a quotation at line i: an
// attribution, a header block or a separator. rest says that everything below
// is quoted, for want of marks.
func quoteHead(lines []line, i int, headReason string) (end int, reason string, rest bool) {
	switch kind := lines[i].separator(); kind {
	case "forward":
		return i + 1, cutForwarded, true
	case "quote":
		return i + 1, headReason, !markedAtOnce(lines, i+1)
	}
	if end := headerBlock(lines, i); end > 0 {
		return end, headReason, headReason == cutForwarded || !markedAtOnce(lines, end)
	}
	for n := 0; n < maxAttribution && i+n < len(lines) && lines[i+n].depth == 0 && !lines[i+n].blank(); n++ {
		if start, ok := attribution(lines, i+n); ok && start == i {
			return i + n + 1, cutQuote, !markedBelow(lines, i+n+1)
		}
	}
	return 0, "", false
}

// markedBelow reports whether the quotation below a head has marks of its own:
// its first line does, or one soon after when the client has answered at once.
func markedBelow(lines []line, i int) bool {
	seen := 0
	for ; i < len(lines) && seen < 12; i++ {
		if lines[i].blank() {
			continue
		}
		if lines[i].depth > 0 {
			return true
		}
		if lines[i].separator() != "" {
			return false
		}
		if lines[i].headerField() == "" {
			seen++
		}
	}
	return false
}

// markedAtOnce is markedBelow for programs that write a header block: only
// their first line tells, the mail they quote may have quoted another one.
func markedAtOnce(lines []line, i int) bool {
	for ; i < len(lines); i++ {
		if lines[i].headerField() != "" && lines[i].depth == 0 || lines[i].blank() {
			continue
		}
		return lines[i].depth > 0
	}
	return false
}

// ruleAbove includes the rule and blank lines that stand above a head.
func ruleAbove(lines []line, i int) int {
	start := i
	for j := i - 1; j >= 0 && j >= i-4; j-- {
		l := &lines[j]
		if l.cut != "" {
			break
		}
		if dashes(l.text) || l.marked("hr", "appendonsend") && l.blank() {
			start = j
		} else if !l.blank() {
			break
		}
	}
	return start
}

// quotedHow is the reason for which line i is quoted, "" if it is the client's.
func quotedHow(lines []line, i int, below unmarked, lastOurs int, known bool) string {
	l := &lines[i]
	switch {
	case below.reason == cutForwarded:
		return cutForwarded
	case l.depth > 0:
		if known && l.html != nil && betweenOurs(lines, i, lastOurs) {
			return "" // typed inside the blockquote
		}
		return cutQuote
	case below.known && i < lastOurs, below.known && below.reason == cutQuote:
		return "" // between lines of ours, or below the last of them
	case below.reason != "":
		return below.reason
	case l.marked("gmail_attr", "moz-cite-prefix"):
		l.head = true
		return cutQuote
	case l.marked(quoteNodes...):
		if known && betweenOurs(lines, i, lastOurs) {
			return ""
		}
		return cutQuote
	}
	return ""
}

// overflows: the line is the end of a quoted one that a program has wrapped
// behind its mark. It goes on in the middle of a sentence, and quoted lines
// stand right above and below.
func overflows(lines []line, i int) bool {
	if i == 0 || i+1 >= len(lines) || lines[i].html != nil || lines[i].depth > 0 || lines[i].blank() {
		return false
	}
	above, below := &lines[i-1], &lines[i+1]
	if above.depth == 0 || below.depth == 0 || width(above.text) < 56 || width(lines[i].text) > width(above.text) {
		return false
	}
	r := first(lines[i].text)
	return (unicode.IsLower(r) || han(r)) && !strings.ContainsRune(".!?。！？:：", lastRune(above.text))
}

// betweenOurs: a line of ours stands shortly before and another one after.
func betweenOurs(lines []line, i, lastOurs int) bool {
	if i > lastOurs {
		return false
	}
	for j := i - 1; j >= 0 && j > i-40; j-- {
		if lines[j].cut == cutLetter {
			return true
		}
	}
	return false
}
