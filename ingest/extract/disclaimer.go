package extract

import "strings"

// cutDisclaimers cuts a legal disclaimer and what stands below it.
func cutDisclaimers(lines []line) {
	eachParagraph(lines, func(start, end int, text string) bool {
		if !hasAny(text, phrases().disclaimer) || start == 0 && len(lines) > end+3 && hasLongBelow(lines[end:]) {
			return true
		}
		if start > 0 && dashes(lines[start-1].text) {
			start--
		}
		cutFrom(lines[start:], cutDisclaimer)
		return false
	})
}

// hasLongBelow: real text follows, so the paragraph only speaks of such words.
func hasLongBelow(lines []line) bool {
	n := 0
	for i := range lines {
		if lines[i].cut == "" && width(lines[i].text) > nameWidth {
			n++
		}
	}
	return n > 3
}

// cutBanners cuts the warning that a mail server puts above mail from outside.
func cutBanners(lines []line) {
	seen := 0
	eachParagraph(lines, func(start, end int, text string) bool {
		seen++
		if seen > 4 {
			return false
		}
		if !hasAny(text, phrases().banner) {
			return true
		}
		for i := start; i < end; i++ {
			if end-start <= 2 || hasAny(strings.ToLower(lines[i].text), phrases().banner) || i == start {
				lines[i].cut = cutBanner
			}
		}
		return true
	})
}

// eachParagraph calls f with the runs of the client's lines between blanks and
// their text in lower case, until f returns false.
func eachParagraph(lines []line, f func(start, end int, text string) bool) {
	for i := 0; i < len(lines); {
		if lines[i].cut != "" || lines[i].blank() {
			i++
			continue
		}
		start := i
		var b strings.Builder
		for i < len(lines) && lines[i].cut == "" && !lines[i].blank() {
			b.WriteString(strings.ToLower(lines[i].text))
			b.WriteByte(' ')
			i++
			if lines[start].html != nil { // every line of an HTML part is a paragraph
				break
			}
		}
		if !f(start, i, b.String()) {
			return
		}
	}
}
