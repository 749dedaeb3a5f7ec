package compose

import (
	"fmt"
	"strings"
	"unicode"
)

// fact is something that a report says in figures, dates or states, which is
// the same in every language.
type fact struct {
	line int
	kind string // the block's name
	text string
}

// facts are those of one block, in its order.
func facts(b block) []fact {
	var out []fact
	add := func(line int, kind string, parts ...string) {
		out = append(out, fact{line, kind, strings.Join(notEmpty(parts...), ", ")})
	}
	switch b := b.(type) {
	case *statusBlock:
		add(b.line, "status", b.state)
		for _, a := range b.areas {
			add(a.line, "status", a.state)
		}
	case *progressBlock:
		for _, r := range b.rows {
			was := ""
			if r.hasWas {
				was = "was " + number(r.was)
			}
			add(r.line, "progress", number(r.done)+" of "+number(r.of), was)
		}
	case *milestonesBlock:
		for _, m := range b.rows {
			add(m.line, "milestones", m.date, m.state, m.was)
		}
	case *risksBlock:
		for _, k := range b.rows {
			add(k.line, "risks", k.level, k.since)
		}
	case *answersBlock:
		for _, a := range b.rows {
			add(a.line, "answers", a.label(), a.word, a.date)
		}
	case *asksBlock:
		kind := map[bool]string{true: "decisions", false: "ask"}[b.decision]
		for _, a := range b.rows {
			options := ""
			if len(a.options) > 0 {
				options = fmt.Sprintf("%d options", len(a.options))
			}
			add(a.line, kind, a.label, options, a.by)
		}
	case *chartBlock:
		for _, r := range b.rows {
			was, of := "", ""
			if r.hasWas {
				was = "was " + number(r.was)
			}
			if r.hasOf {
				of = "of " + number(r.of)
			}
			add(r.line, "chart", number(r.value), of, was)
		}
	case *ratingBlock:
		add(b.line, "rating", "asked")
	}
	return out
}

// languagesAgree: a report says the same in each of its languages. The words
// are the manager's; figures, dates and states can be compared.
func languagesAgree(c *checker) {
	for _, other := range c.parts[1:] {
		first, second := factsByKind(c.parts[0]), factsByKind(other)
		for _, kind := range sortedKeys(second) {
			if first[kind] == nil {
				first[kind] = []fact{}
			}
		}
		for _, kind := range sortedKeys(first) {
			c.compare(kind, first[kind], second[kind], c.parts[0].language, other.language, other.line)
		}
	}
}

func factsByKind(p *part) map[string][]fact {
	out := map[string][]fact{}
	eachBlock(&p.document, func(b block) {
		for _, f := range facts(b) {
			out[f.kind] = append(out[f.kind], f)
		}
	})
	return out
}

// compare finds the first place where two languages differ in a kind of block.
func (c *checker) compare(kind string, first, second []fact, a, b string, line int) {
	proposal := "write the same figures, dates and states in the same order in both"
	for i := range min(len(first), len(second)) {
		if first[i].text != second[i].text {
			c.find(Error, "language-differs", second[i].line, fmt.Sprintf("%s, entry %d: “%s” in %s, “%s” in %s", kind, i+1, first[i].text, a, second[i].text, b), proposal)
			return
		}
	}
	if len(first) != len(second) {
		if len(second) > 0 {
			line = second[0].line
		}
		c.find(Error, "language-differs", line, fmt.Sprintf("%s: %d in %s, %d in %s", kind, len(first), a, len(second), b), proposal)
	}
}

// wrongLanguage: what was forgotten in translation.
func wrongLanguage(c *checker) {
	if len(c.parts) < 2 {
		return
	}
	for _, p := range c.parts {
		for _, t := range passages(&p.document) {
			text := c.plain(t.text)
			chinese, latin := scripts(text)
			if chinese+latin < 12 {
				continue // a name, a number
			}
			if wrong := p.language == "zh" && chinese == 0 || p.language != "zh" && chinese > latin; wrong {
				c.find(Warning, "language-mixed", t.line, fmt.Sprintf("this stands in the part in %s and is in another language: %s", p.language, clip(text, 40)), "translate it")
			}
		}
	}
}

// scripts counts Chinese characters, and the letters of all others.
func scripts(s string) (chinese, others int) {
	for _, r := range s {
		switch {
		case han(r):
			chinese++
		case unicode.IsLetter(r):
			others++
		}
	}
	return chinese, others
}
