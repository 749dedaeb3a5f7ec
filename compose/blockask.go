package compose

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// asksBlock is what we need from the client: decisions (yes or no, or one of
// the options) and questions. Each has a label that an answer can name.
//
//   - decision: Shall we build the Irish delivery zone for 6 hours extra?
//     why: Parcels to Dublin cost more than the flat rate.
//     recommend: yes, before the opening
//     by: 2026-12-01
//   - decision: Which voucher design do you want?
//     options: [Boat, Lighthouse, Books]
type asksBlock struct {
	line     int
	decision bool
	rows     []asked
}

type asked struct {
	line                 int
	label                string // "D-1", "Q-2"
	text, why, recommend []inline
	options              []string
	by                   string
	yesNo                bool // answered by yes or no
}

func (b *asksBlock) at() int { return b.line }

func (b *asksBlock) passages() []passage {
	var out []passage
	for _, r := range b.rows {
		out = append(out, passagesAt(r.line, r.text, r.why, r.recommend)...)
		for _, o := range r.options {
			out = append(out, passage{r.line, plainInline(o)})
		}
	}
	return out
}

func readDecisions(r *blockReader, root ast.Node) block { return readAsked(r, root, "decision", 'D') }
func readAsk(r *blockReader, root ast.Node) block       { return readAsked(r, root, "question", 'Q') }

var askLabel = regexp.MustCompile(`^[A-Z]{1,3}-[1-9][0-9]{0,4}$`)

func readAsked(r *blockReader, root ast.Node, field string, letter byte) block {
	b := &asksBlock{line: r.line, decision: letter == 'D'}
	name := map[bool]string{true: "decisions", false: "ask"}[b.decision]
	r.rows(root, name, func(n ast.Node, line int) {
		a := asked{line: line}
		ok := r.yaml.mapping(n, fields{
			field: r.running(&a.text), "why": r.running(&a.why), "recommend": r.running(&a.recommend),
			"options": r.yaml.texts(&a.options), "by": r.yaml.date(&a.by), "id": r.yaml.text(&a.label),
		})
		if !ok {
			return
		}
		r.need(len(a.text) > 0, line, field)
		if a.label != "" && !askLabel.MatchString(a.label) {
			r.find(Error, "bad-label", line, clip(a.label, 20)+" is no label", "write it as "+string(letter)+"-4, or leave id: out")
			a.label = ""
		}
		if len(a.options) > 26 || len(a.options) == 1 {
			r.find(Error, "bad-options", line, "a choice has between 2 and 26 options", "correct options:, or leave it out for a plain answer")
			a.options = nil
		}
		a.yesNo = b.decision && len(a.options) == 0
		b.rows = append(b.rows, a)
	})
	return b
}

// choices are the captions of the buttons and what each one answers.
func (a *asked) choices(w *words) (captions, values []string) {
	if a.yesNo {
		yes, no := w.say("ask.yes"), w.say("ask.no")
		return []string{w.say("ask.button", yes), w.say("ask.button", no)}, []string{yes, no}
	}
	for i := range a.options {
		values = append(values, string(rune('A'+i)))
	}
	return values, values
}

// line is the one line of an answer that Rapport reads exactly: "D-1: yes".
func answerLine(w *words, label, value string) string {
	if value == "" {
		return w.say("label.open", label)
	}
	return w.say("label", label, value)
}

// hint tells how to answer without a button. The example stands in quotes and
// never at the beginning of a line: only a client's answer does.
func (a *asked) hint(w *words) string {
	_, values := a.choices(w)
	if len(values) == 0 {
		return w.say("ask.open", bound(w.say("quote", strings.TrimSpace(answerLine(w, a.label, "")))))
	}
	return w.say("ask.line", bound(w.say("quote", answerLine(w, a.label, values[0]))))
}

// bound joins words by blanks at which no line may end.
func bound(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// details are the lines below the question, with their labels.
func (a *asked) details(w *words) []string {
	var out []string
	if len(a.why) > 0 {
		out = append(out, w.plain(a.why))
	}
	for i, o := range a.options {
		out = append(out, string(rune('A'+i))+"  "+o)
	}
	if len(a.recommend) > 0 {
		out = append(out, w.say("ask.recommend")+w.plain(a.recommend))
	}
	if a.by != "" {
		out = append(out, w.say("ask.by", w.day(a.by)))
	}
	return out
}

func (b *asksBlock) setPoints(p *pointer) {
	for i := range b.rows {
		a := &b.rows[i]
		if a.label == "" {
			a.label = p.next(b.decision)
		}
		p.label(a.label, joined(append([]string{p.plain(a.text)}, a.details(p.words)...)...))
		p.asked = append(p.asked, a)
	}
}

func (b *asksBlock) writeText(t *textWriter) {
	for i := range b.rows {
		a := &b.rows[i]
		if i > 0 {
			t.gap()
		}
		t.within(a.label+"  ", "     ", func() {
			t.wrapped(t.plain(a.text))
			for _, d := range a.details(t.words) {
				if mark, option, ok := strings.Cut(d, "  "); ok && len(mark) == 1 {
					t.item(mark+"  ", option)
					continue
				}
				t.wrapped(d)
			}
			t.collect(a.text)
			t.collect(a.why)
			t.collect(a.recommend)
			t.flushLinks()
			t.wrapped(a.captionLine(t.words) + a.hint(t.words))
		})
	}
}

// captionLine repeats the buttons' captions, so that they are known as ours
// when a client's program quotes the HTML.
func (a *asked) captionLine(w *words) string {
	captions, _ := a.choices(w)
	switch {
	case a.yesNo:
		return strings.Join(captions, w.say("ask.either")) + w.say("ask.stop")
	case len(captions) == 0:
		return w.say("ask.answer", a.label) + w.say("ask.stop")
	}
	return ""
}

// next is the next label of its kind, counted on over the project's reports.
func (p *pointer) next(decision bool) string {
	n := &p.questions
	letter := "Q-"
	if decision {
		n, letter = &p.decisions, "D-"
	}
	*n++
	return letter + strconv.Itoa(*n)
}
