package extract

import (
	"strings"

	"rapport/threads"
)

const (
	maxEarlier = 20 // mails of a sender that are looked at
	maxEnding  = 8  // lines at the end of one
	minEnding  = 2  // mails that must end with a line
)

// endings counts, by their letters, the lines with which a sender's mails end:
// those that were cut as signatures and those that still stand in the new text.
func endings(earlier []threads.Message) map[string]int {
	count := map[string]int{}
	for i := range earlier[:min(len(earlier), maxEarlier)] {
		m := &earlier[i]
		seen := map[string]bool{}
		add := func(text string) {
			lines := strings.Split(strings.TrimSpace(text), "\n")
			for _, l := range lines[max(0, len(lines)-maxEnding):] {
				if n := letters(l); n != "" && !seen[n] {
					seen[n] = true
					count[n]++
				}
			}
		}
		add(m.NewText)
		for _, f := range m.Folds {
			if f.Reason == cutSignature {
				add(f.Text)
			}
		}
	}
	return count
}

// cutEnding cuts the lines at the end with which other mails of the sender end
// too. Closing lines and lines that ask or tell something stay.
func cutEnding(lines []line, count map[string]int, language string) {
	if len(count) == 0 {
		return
	}
	_, stop := lastPiece(lines)
	cut := stop
	for i, n := stop-1, 0; i >= 0 && n < maxEnding; i-- {
		l := &lines[i]
		if l.blank() || l.cut != "" {
			continue
		}
		if count[letters(l.text)] < minEnding || !nameLike(l) || closing(l.text) || tells(l.text, language) {
			break
		}
		cut = i
		n++
	}
	if cut > 0 { // never the whole mail
		cutFrom(lines[cut:stop], cutSignature)
	}
}

// tells: the line asks, decides, promises or reports something, so it is no signature.
func tells(s, language string) bool {
	if language == "" {
		language = latinOrHan(s)
	}
	if asks(s) {
		return true
	}
	for _, flag := range ruleFlags(s, language) {
		switch flag {
		case "request", "problem", "decision", "concern", "commitment":
			return true
		}
	}
	return false
}

func latinOrHan(s string) string {
	if han(first(s)) {
		return "zh"
	}
	return "en"
}
