package compose

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"rapport/threads"
)

// answersBlock is our word on what the client has asked of us. The client's
// own words are shown from the archive, never retyped.
//
//   - item: F-13
//     answer: accepted
//     reason: Eight events fit on the page.
//     next: We deliver it to the test shop.
//     date: 2026-12-01
type answersBlock struct {
	line int
	rows []answer
}

type answer struct {
	line         int
	number       int
	word         string
	reason, next []inline
	date         string
	item         *threads.Item // nil if the project has no such open item
}

func (b *answersBlock) at() int { return b.line }

func (b *answersBlock) passages() []passage {
	var out []passage
	for _, r := range b.rows {
		out = append(out, passagesAt(r.line, r.reason, r.next)...)
	}
	return out
}

func readAnswers(r *blockReader, root ast.Node) block {
	b := &answersBlock{line: r.line}
	words := make([]string, len(threads.Words))
	for i, w := range threads.Words {
		words[i] = string(w)
	}
	r.rows(root, "answers", func(n ast.Node, line int) {
		a := answer{line: line}
		var label string
		ok := r.yaml.mapping(n, fields{
			"item": r.yaml.text(&label), "answer": r.yaml.oneOf(&a.word, words...),
			"reason": r.running(&a.reason), "next": r.running(&a.next), "date": r.yaml.date(&a.date),
		})
		if !ok {
			return
		}
		number, err := threads.ParseLabel(label)
		if err != nil {
			r.find(Error, "answer-unknown", line, fmt.Sprintf("%q is no number of a client's item", clip(label, 20)), "write item: F-13; `rapport items` lists them")
			return
		}
		a.number = number
		b.rows = append(b.rows, a)
	})
	return b
}

// given is the answer as the archive keeps it.
func (a *answer) given(w *words) threads.Answer {
	out := threads.Answer{Word: threads.Word(a.word), Reason: w.plain(a.reason), Next: w.plain(a.next), Date: a.date}
	if a.item != nil {
		out.Item = a.item.ID
	}
	return out
}

func (a *answer) label() string { return (&threads.Item{Number: a.number}).Label() }

// told is the answer in words: what we say, and what comes next.
func (a *answer) told(w *words) (reason, next string) {
	reason = w.plain(a.reason)
	if a.word != "" {
		reason = w.say("answer."+a.word) + w.say("answer.word") + reason
	}
	return reason, a.nextLabel(w) + w.plain(a.next)
}

// nextLabel stands before the next step: "Next step, by 1 December: ".
func (a *answer) nextLabel(w *words) string {
	switch {
	case a.date != "" && len(a.next) > 0:
		return w.say("answer.next") + w.say("answer.by", w.day(a.date)) + w.say("answer.word")
	case a.date != "":
		return w.say("answer.until", w.day(a.date))
	case len(a.next) > 0:
		return w.say("answer.next") + w.say("answer.word")
	}
	return ""
}

// wrote introduces the client's words, and quotes them.
func (a *answer) wrote(w *words) (intro, quote string) {
	if a.item == nil {
		return "", ""
	}
	if !a.item.At.IsZero() {
		intro = w.say("answer.wrote", w.day(a.item.At.Format("2006-01-02")))
	}
	return intro, w.say("quote", clip(othersWords(a.item.Text), 400))
}

func (b *answersBlock) setPoints(p *pointer) {
	for i := range b.rows {
		reason, next := b.rows[i].told(p.words)
		p.label(b.rows[i].label(), joined(reason, next))
	}
}

func (b *answersBlock) writeText(t *textWriter) {
	for i := range b.rows {
		a := &b.rows[i]
		if i > 0 {
			t.gap()
		}
		intro, quote := a.wrote(t.words)
		reason, next := a.told(t.words)
		t.line(strings.Join(notEmpty(a.label(), intro), " · "))
		for _, s := range []string{quote, answerMark(a.word) + " " + reason, next} {
			if s != "" {
				t.within("  ", "  ", func() { t.wrapped(s) })
			}
		}
		t.collect(a.reason)
		t.collect(a.next)
		t.flushLinks()
	}
}

func (b *answersBlock) writeHTML(h *htmlWriter) {
	h.startRows()
	for i := range b.rows {
		a := &b.rows[i]
		intro, quote := a.wrote(h.words)
		h.raw("<tr><td>")
		h.small(strings.Join(notEmpty(a.label(), intro), " · "))
		if quote != "" {
			h.raw(`<p class="q">`)
			h.esc(quote)
			h.raw("</p>\n")
		} else {
			h.raw("<br>")
		}
		if a.word != "" {
			h.chip(answerMark(a.word), h.say("answer."+a.word), answerShade(a.word))
			h.raw(" ")
		}
		h.inlines(a.reason)
		if _, next := a.told(h.words); next != "" {
			h.raw("<br>")
			h.small(a.nextLabel(h.words))
			h.inlines(a.next)
		}
		h.endRow()
	}
	h.endRows()
}

func answerMark(word string) string {
	switch threads.Word(word) {
	case threads.Accepted, threads.Adjusted, threads.Done:
		return "✓"
	case threads.Rejected:
		return "✕"
	case threads.Deferred:
		return "○"
	}
	return "›"
}

func answerShade(word string) shade {
	switch threads.Word(word) {
	case threads.Accepted, threads.Adjusted, threads.Done:
		return greenShade
	case threads.Deferred:
		return yellowShade
	case threads.Rejected:
		return panelShade
	}
	return quietShade
}
