package compose

import (
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// ratingBlock asks how satisfied the client is, from 1 to 5.
//
//	question: How did you like working with us this month?
type ratingBlock struct {
	line     int
	question []inline
}

func (b *ratingBlock) at() int { return b.line }

func (b *ratingBlock) passages() []passage { return passagesAt(b.line, b.question) }

func readRating(r *blockReader, root ast.Node) block {
	b := &ratingBlock{line: r.line}
	if root != nil {
		r.yaml.mapping(root, fields{"question": r.running(&b.question)})
	}
	return b
}

// setPoints gives the question the label that a rating's line begins with.
func (b *ratingBlock) setPoints(p *pointer) {
	if len(b.question) == 0 {
		b.question = plainInline(p.say("rating.question"))
	}
	p.label("rating", p.plain(b.question))
}

func (b *ratingBlock) hint(w *words) string {
	return w.say("ask.line", bound(w.say("quote", answerLine(w, w.say("rating.word"), "4"))))
}

func (b *ratingBlock) scale(w *words) string {
	return w.say("rating.low") + " · " + w.say("rating.high")
}

func (b *ratingBlock) writeText(t *textWriter) {
	t.running(b.question)
	t.line("1  2  3  4  5")
	t.wrapped(b.scale(t.words))
	t.wrapped(b.hint(t.words))
}

func (b *ratingBlock) writeHTML(h *htmlWriter) {
	h.open(panelShade)
	h.strong(b.question)
	if h.reply != "" {
		h.raw("<br>")
		for i := 1; i <= 5; i++ {
			n := strconv.Itoa(i)
			h.button(n, answerLine(h.words, h.say("rating.word"), n), false)
			h.raw(strings.Repeat(" ", min(5-i, 1)))
		}
	}
	h.raw("<br>")
	h.small(b.scale(h.words))
	h.raw("<br>")
	h.small(b.hint(h.words))
	h.close()
}
