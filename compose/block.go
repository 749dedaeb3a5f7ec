package compose

import (
	"github.com/goccy/go-yaml/ast"

	"rapport/threads"
)

// A reportBlock is a fenced code block of the draft whose first word names it:
// typed YAML inside, rendered in both parts. Each kind is one file: what it
// holds, how it is read, which points it has, how it is written.
type reportBlock interface {
	block
	passages() []passage // all running text, for the checks
	setPoints(p *pointer)
	writeText(t *textWriter)
	writeHTML(h *htmlWriter)
}

// reportBlocks are the readers by name.
func reportBlocks() map[string]func(*blockReader, ast.Node) block {
	return map[string]func(*blockReader, ast.Node) block{
		"status":     readStatus,
		"progress":   readProgress,
		"milestones": readMilestones,
		"risks":      readRisks,
		"decisions":  readDecisions,
		"ask":        readAsk,
		"answers":    readAnswers,
		"rating":     readRating,
		"chart":      readChart,
		"language":   readLanguage,
	}
}

// blockReader reads one report block.
type blockReader struct {
	*reader
	yaml yamlReader
	line int // of the opening fence
}

// running reads a text field with the Markdown of running text in it.
func (r *blockReader) running(to *[]inline) func(ast.Node) {
	return func(n ast.Node) {
		var s string
		r.yaml.text(&s)(n)
		*to = r.reader.running(s, r.yaml.lineOf(n))
	}
}

// rows reads a list of entries; an empty block is a finding.
func (r *blockReader) rows(root ast.Node, what string, each func(n ast.Node, line int)) {
	if root == nil {
		if len(r.yaml.findings) == 0 {
			r.find(Error, "block-empty", r.line, "the block "+what+" is empty", "fill it in, or remove it")
		}
		return
	}
	r.yaml.list(root, func(n ast.Node) { each(n, r.yaml.lineOf(n)) })
}

// need finds a field that must not be empty.
func (r *blockReader) need(has bool, line int, field string) {
	if !has {
		r.find(Error, "missing-key", line, field+" is missing here", "add "+field+": …")
	}
}

// The words for how things stand, each with a mark of its own form, so that
// nothing is said by colour alone.
func statusMark(state string) string {
	switch state {
	case "green", "on-track":
		return "●"
	case "done":
		return "✓"
	case "yellow", "at-risk", "medium", "moved":
		return "▲"
	case "red", "late", "high":
		return "■"
	}
	return "○"
}

func statusShade(state string) shade {
	switch state {
	case "green", "on-track", "done":
		return greenShade
	case "yellow", "at-risk", "medium", "moved":
		return yellowShade
	case "red", "late", "high":
		return redShade
	}
	return panelShade
}

// chipText is a chip in the text part.
func chipText(mark, word string) string { return mark + " " + word }

// answersOf are the answers that the document gives, by the labels of items.
func answersOf(blocks []block) []*answersBlock {
	var out []*answersBlock
	for _, b := range blocks {
		if a, ok := b.(*answersBlock); ok {
			out = append(out, a)
		}
	}
	return out
}

// openItem is the item with that number, nil if there is none.
func (p Past) openItem(number int) *threads.Item {
	for i := range p.Open {
		if p.Open[i].Number == number {
			return &p.Open[i]
		}
	}
	return nil
}

// passage is a piece of running text and the line of the file it begins on.
type passage struct {
	line int
	text []inline
}

// passagesAt are the texts of one entry.
func passagesAt(line int, texts ...[]inline) []passage {
	var out []passage
	for _, t := range texts {
		if len(t) > 0 {
			out = append(out, passage{line, t})
		}
	}
	return out
}
