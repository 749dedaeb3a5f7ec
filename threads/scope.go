package threads

import (
	"slices"
	"time"
)

// Scope bounds what somebody may read: mail of some projects, received in some
// time, and all that was made of it.
type Scope struct {
	All      bool      // every project
	Projects []string  // their keys, unless All
	Tray     bool      // mail that belongs to no project, too
	From, To time.Time // received from the one and before the other; zero for no bound
}

// Whole reports whether the scope bounds nothing.
func (s Scope) Whole() bool { return s.All && s.Tray && s.From.IsZero() && s.To.IsZero() }

// Has reports whether the project with that key is in the scope.
func (s Scope) Has(project string) bool { return s.All || slices.Contains(s.Projects, project) }

// HasDay reports whether mail received at that time is in the scope.
func (s Scope) HasDay(received time.Time) bool {
	return (s.From.IsZero() || !received.Before(s.From)) && (s.To.IsZero() || received.Before(s.To))
}

// ScopeOf is what a person may read: an admin everything, a manager the own
// projects and the tray, which managers sort together, an auditor what the
// configuration says. Mail in the tray may be any client's, so an auditor of
// some projects sees none of it.
func (d *Directory) ScopeOf(p *Person) Scope {
	switch p.Role {
	case "admin":
		return Scope{All: true, Tray: true}
	case "manager":
		s := Scope{Tray: true}
		for i := range d.Projects {
			if slices.ContainsFunc(d.Projects[i].Managers, p.Is) {
				s.Projects = append(s.Projects, d.Projects[i].Key)
			}
		}
		return s
	case "auditor":
		return Scope{All: p.Projects == nil, Projects: p.Projects, Tray: p.Projects == nil, From: p.From, To: p.To}
	}
	return Scope{}
}

// Within is the directory as somebody knows it who may read so much: all
// people, and no other projects.
func (d *Directory) Within(s Scope) *Directory {
	if s.All {
		return d
	}
	var projects []Project
	for _, p := range d.Projects {
		if s.Has(p.Key) {
			projects = append(projects, p)
		}
	}
	out := NewDirectory(projects, d.People, d.Ours)
	out.choices = d.choices
	return out
}
