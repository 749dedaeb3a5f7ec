package demo

import (
	"regexp"
	"strings"
)

// block is a run of lines of a letter that belong together: a list item with
// its continuation lines, or another paragraph.
type block struct {
	lines    []string
	item     bool   // begins with a list marker
	decision string // "D-1" if it asks for that decision
}

var (
	itemStart    = regexp.MustCompile(`^\s{0,3}(?:[-*•·–☐☑]|\d{1,2}[.)、])\s+\S`)
	decisionMark = regexp.MustCompile(`\bD-\d+\b`)
)

// blocks cuts a letter's text at empty lines and before each list item.
func blocks(text string) []block {
	var all []block
	open := false // whether the next line may go on with the last block
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		item := itemStart.MatchString(line)
		empty := strings.TrimSpace(line) == ""
		if !open || item || empty {
			all = append(all, block{item: item})
		}
		b := &all[len(all)-1]
		b.lines = append(b.lines, line)
		if b.decision == "" {
			b.decision = decisionMark.FindString(line)
		}
		open = !empty
	}
	return all
}

// answerInline quotes the text with ">" and writes the answers under what they
// are about: the prepared words under the first points, a yes under each
// decision the first time it is named.
func answerInline(text string, p phrases) (answers []ClientAnswer, quoted string) {
	var b strings.Builder
	decided := map[string]bool{}
	points := p.points
	for _, bl := range blocks(text) {
		for _, line := range bl.lines {
			b.WriteString(strings.TrimRight("> "+line, " ") + "\n")
		}
		words := ""
		switch {
		case bl.decision != "" && !decided[bl.decision]:
			decided[bl.decision] = true
			words = bl.decision + ": " + p.decision
		case bl.decision == "" && bl.item && len(points) > 0 && substantial(bl):
			words, points = points[0], points[1:]
		}
		if words != "" {
			b.WriteString("\n" + words + "\n\n")
			answers = append(answers, ClientAnswer{oneLine(bl), words})
		}
	}
	return answers, b.String()
}

// substantial leaves out items that nobody would answer: a single word, a link.
func substantial(b block) bool {
	s := oneLine(b)
	return len([]rune(s)) >= 12 && !strings.Contains(s, "://") && !strings.Contains(s, "mailto:")
}

// oneLine joins a block's lines.
func oneLine(b block) string {
	return strings.Join(strings.Fields(strings.Join(b.lines, " ")), " ")
}
