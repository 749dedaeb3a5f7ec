package compose

import (
	"fmt"
	"strings"

	"rapport/threads"
)

// What a new draft takes over from the last report.
type (
	carriedWork      struct{ Name, Done, Of string }
	carriedMilestone struct{ Name, Date, State string }
	carriedRisk      struct{ Risk, Level, Effect, Action, Owner, Since string }
)

// carry reads the last report's draft: the promises it made for the days until,
// and the figures, milestones and risks that are not over.
func (s *skeleton) carry(last *threads.Report, until string, w *words) {
	if last.Status != "" {
		s.Status = last.Status
	}
	if last.Draft == "" {
		return
	}
	d, _ := ReadDraft("", []byte(last.Draft))
	doc, _ := readBody(d)
	parts, _ := inLanguages(d, doc, []string{primary(last.Language)}, w.year)
	for _, p := range parts {
		if p.language == w.language {
			doc = &p.document
		}
	}
	s.Promises = promises(doc, w)
	for _, b := range doc.blocks {
		switch b := b.(type) {
		case *answersBlock:
			for _, a := range b.rows {
				if next := othersWords(w.plain(a.next)); next != "" && a.date <= until && (a.date != "" || a.word == string(threads.Accepted) || a.word == string(threads.Adjusted)) {
					s.Promises = append(s.Promises, fmt.Sprintf("%s (F-%d)", next, a.number))
				}
			}
		case *progressBlock:
			for _, r := range b.rows {
				if r.done < r.of {
					c := carriedWork{Name: quoted(w.plain(r.work)), Done: number(r.done)}
					if r.hasOf {
						c.Of = number(r.of)
					}
					s.Progress = append(s.Progress, c)
				}
			}
		case *milestonesBlock:
			for _, m := range b.rows {
				if m.state != "done" && m.date != "" {
					s.Milestones = append(s.Milestones, carriedMilestone{quoted(w.plain(m.name)), m.date, m.state})
				}
			}
		case *risksBlock:
			for _, k := range b.rows {
				since := k.since
				if since == "" {
					since = last.ApprovedAt.Format("2006-01-02")
				}
				c := carriedRisk{Risk: quoted(w.plain(k.risk)), Level: k.level, Action: quoted(w.plain(k.action)), Since: since}
				if k.owner != "" {
					c.Owner = quoted(k.owner)
				}
				if len(k.effect) > 0 {
					c.Effect = quoted(w.plain(k.effect))
				}
				s.Risks = append(s.Risks, c)
			}
		}
	}
}

// promises are the entries of the lists below a heading that speaks of what
// comes next.
func promises(doc *document, w *words) []string {
	var out []string
	next := false
	for _, b := range doc.blocks {
		switch b := b.(type) {
		case *heading:
			next = b.level <= 2 && speaksOfNext(w.plain(b.text)) || next && b.level > 2
		case *list:
			for _, it := range b.items {
				if p, ok := paragraphOf(it); ok && next && it.task != tickedBox {
					out = append(out, strings.ReplaceAll(w.plain(p.text), "\n", " "))
				}
			}
		}
	}
	return out
}

func paragraphOf(it listItem) (*paragraph, bool) {
	if len(it.blocks) == 0 {
		return nil, false
	}
	p, ok := it.blocks[0].(*paragraph)
	return p, ok
}

func speaksOfNext(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"next", "plan", "coming", "ahead", "下周", "下一步", "下月", "计划", "接下来", "下期"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}
