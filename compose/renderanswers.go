package compose

import (
	"fmt"
	"strings"

	"rapport/threads"
)

// giveAnswers ties the answers of the draft to the client's items, and finds
// those that must not go out: about an unknown item, or without a reason. Of a
// report in several languages the archive keeps the words of the first.
func giveAnswers(d *Draft, parts []*part, in RenderInput, p *threads.Project) ([]threads.Answer, []Finding) {
	var out []threads.Answer
	var findings []Finding
	for i, part := range parts {
		answers, more := part.giveAnswers(d, in, p)
		if i == 0 {
			out = answers
		}
		findings = append(findings, more...)
	}
	return out, findings
}

func (pt *part) giveAnswers(d *Draft, in RenderInput, p *threads.Project) ([]threads.Answer, []Finding) {
	var out []threads.Answer
	var findings []Finding
	w := pt.words
	find := func(line int, code, words, proposal string) {
		findings = append(findings, Finding{Error, code, d.Path, line, words, proposal})
	}
	seen := map[int]bool{}
	for _, b := range answersOf(pt.blocks) {
		for i := range b.rows {
			a := &b.rows[i]
			item := in.Past.openItem(a.number)
			switch {
			case item == nil:
				find(a.line, "answer-unknown", a.label()+" is no open item of this project", "`rapport items --project "+p.Key+" --open` lists them")
			case seen[a.number]:
				find(a.line, "answer-twice", a.label()+" is answered twice in this report", "keep one of the two")
				continue
			}
			seen[a.number] = true
			if item != nil {
				own := *item
				if p.Zone != nil {
					own.At = own.At.In(p.Zone)
				}
				a.item = &own
			}
			if code, words, proposal := lacks(a, w); code != "" {
				find(a.line, code, a.label()+" "+words, proposal)
				continue
			}
			if item != nil {
				given := a.given(w)
				given.By, given.At = in.Manager.Login, in.Now
				out = append(out, given)
			}
		}
	}
	return out, findings
}

// lacks tells what an answer still needs before a client may read it; it says
// in the draft's terms what threads.Answer.Check demands.
func lacks(a *answer, w *words) (code, words, proposal string) {
	given := a.given(w)
	switch {
	case a.word == "":
		return "answer-word", "has no answer yet", "write answer: accepted, adjusted, deferred, rejected, done or answered"
	case strings.TrimSpace(given.Reason) == "":
		return "answer-reason", fmt.Sprintf("is %s without a reason", a.word), "write reason: with words that the client can follow"
	case given.Check() != nil:
		return "answer-next", fmt.Sprintf("is %s without a next step", a.word), "write next: and say what happens instead, or when"
	}
	return "", "", ""
}
