package web

import (
	"strings"

	"rapport/threads"
)

// holdView is a hold as a page shows it.
type holdView struct {
	threads.Hold
	Who  string
	When moment
}

// holds are those that keep mail of a project now; of a thread, those that keep
// it, alone or with all of its project.
func (v *visit) holds(project, thread string) ([]holdView, error) {
	all, err := v.archive.Holds(v.Context())
	if err != nil {
		return nil, err
	}
	var out []holdView
	for _, h := range all {
		if h.Project == project && h.LiftedAt.IsZero() && (thread == "" || h.Thread == "" || h.Thread == thread) {
			out = append(out, holdView{h, v.person(h.By), v.at(h.At, v.zone(project))})
		}
	}
	return out, nil
}

// kept says how long mail of a project is kept, "" if nothing says so.
func (v *visit) kept(r threads.Retention) string {
	var parts []string
	if least := v.span(r.AtLeast); least != "" {
		parts = append(parts, v.lang.t("kept.least", least))
	}
	if most := v.span(r.AtMost); most != "" {
		parts = append(parts, v.lang.t("kept.most", most))
	}
	return strings.Join(parts, v.lang.t("comma"))
}

// span is a length of time in words, which the configuration writes in one unit;
// "" for none.
func (v *visit) span(s threads.Span) string {
	switch {
	case s.Years > 0:
		return v.lang.n("span.year", s.Years)
	case s.Months > 0:
		return v.lang.n("span.month", s.Months)
	case s.Days > 0:
		return v.lang.n("span.day", s.Days)
	}
	return ""
}
