package web

import "rapport/threads"

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
