package web

import (
	"fmt"

	"rapport/threads"
)

// remarksShown bounds the sentences that can be made an item.
const remarksShown = 100

// remark is a sentence of a mail that is in no item.
type remark struct{ Value, Text string }

// remarks are the sentences of the new text that are in no item.
func (v *visit) remarks(m *threads.Message, items []threads.Item) (out []remark) {
	if v.forms() == "" || v.s.sentences == nil || m.Project == "" || m.Direction == threads.Out {
		return nil
	}
	text, _ := clip(m.NewText, messageLimits.text)
	for _, s := range v.s.sentences(text) {
		free := true
		for i := range items {
			free = free && (items[i].End <= s[0] || s[1] <= items[i].Start)
		}
		if free && len(out) < remarksShown {
			out = append(out, remark{fmt.Sprintf("%d-%d", s[0], s[1]), text[s[0]:s[1]]})
		}
	}
	return out
}

// sorting is the form that decides about one mail of the tray.
type sorting struct {
	Message  string
	Here     string // "" where there is no form
	Projects []choice
	Via      string // the domain that has passed the mail on and may be allowed to
}

func (v *visit) sorting(m *threads.Message) sorting {
	s := sorting{Message: m.ID, Here: v.forms()}
	if s.Here == "" || m.Project != "" {
		return sorting{}
	}
	s.Via = m.PassedOnBy()
	for _, p := range v.dir.Projects {
		s.Projects = append(s.Projects, choice{p.Key, p.Client + " · " + p.Name, m.Tray != nil && m.Tray.Proposal == p.Key})
	}
	return s
}
