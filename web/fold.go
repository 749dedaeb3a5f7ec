package web

import (
	"strings"

	"rapport/threads"
)

// fold is a part that is kept but folded away.
type fold struct {
	Reason string
	Lines  int
	Text   string
	Cut    bool // the rest is on the message's page
	Open   bool // shown at once: a few words of ours that the next words answer
}

// shortFold bounds the quotation that is shown above the words that answer it.
const shortFold = 3 // lines

func newFold(f threads.Fold, max int) fold {
	text, cut := clip(strings.Trim(f.Text, "\n"), max)
	text = unquoted(text)
	return fold{Reason: f.Reason, Lines: 1 + strings.Count(text, "\n"), Text: text, Cut: cut}
}

// quoted reports whether the fold is of an earlier mail.
func (f *fold) quoted() bool { return f.Reason == "quote" || f.Reason == "our letter" }

// unquoted takes the quote marks off a text in which every line has one.
func unquoted(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		rest, marked := strings.CutPrefix(line, ">")
		if !marked && strings.TrimSpace(line) != "" {
			return text
		}
		lines[i] = strings.TrimPrefix(rest, " ")
	}
	return strings.Join(lines, "\n")
}

// joinFolds makes one fold of quotations that follow each other. Only the last
// of them stays by itself, and open, if it is short and the client's words
// follow: without it, "number 3, please" says nothing.
func joinFolds(blocks []block) []block {
	if len(blocks) == 1 && blocks[0].Fold != nil {
		blocks[0].Fold.Open = true // there is nothing else to read
	}
	var out []block
	for i, b := range blocks {
		if b.Fold != nil && b.Fold.quoted() {
			answered := i+1 < len(blocks) && blocks[i+1].Fold == nil
			b.Fold.Open = b.Fold.Open || answered && b.Fold.Lines <= shortFold
			if last := len(out) - 1; !b.Fold.Open && last >= 0 && out[last].Fold != nil && out[last].Fold.quoted() {
				out[last].Fold.add(b.Fold)
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

// add puts a later part under the fold.
func (f *fold) add(later *fold) {
	if later.Reason == "our letter" {
		f.Reason = later.Reason
	}
	f.Text += "\n" + later.Text
	f.Lines += later.Lines
	f.Cut = f.Cut || later.Cut
}
