package web

import (
	"fmt"
	"io"
	"strings"

	"rapport/threads"
)

// historyView is how a mail came to where it is filed.
type historyView struct {
	Filed   moment
	Source  string
	Places  []threads.Position
	Changes []changeView
	Lines   []logLine
}

// changeView is something that was decided by hand.
type changeView struct {
	threads.Change
	What   string // was done
	About  string // the contact, or the items
	Who    string
	When   moment
	Undoer string // who took it back, "" for nobody
	Undone moment
	Thread string // address of the conversation that mail was moved to
}

// history tells how a mail came here.
func (v *visit) history(m *threads.Message) (historyView, error) {
	h, err := v.archive.History(v.Context(), m.ID)
	if err != nil {
		return historyView{}, err
	}
	out := historyView{Filed: v.at(h.Filed, v.zone(m.Project)), Source: h.Source, Places: h.Positions, Changes: v.changeViews(h.Changes, m.Project)}
	for _, l := range h.Lines {
		out.Lines = append(out.Lines, v.logLine(l))
	}
	return out, nil
}

// changeViews makes changes ready to be shown, with times for a project.
func (v *visit) changeViews(changes []threads.Change, project string) (out []changeView) {
	zone := v.zone(project)
	for _, c := range changes {
		view := changeView{Change: c, What: v.lang.word("change", c.Kind), About: c.Name, Who: v.person(c.By), When: v.at(c.At, zone)}
		if c.Kind == threads.ChangeCorrect {
			step, labels, _ := strings.Cut(c.Name, " ")
			view.What, view.About = v.lang.word("corrected", step), strings.ReplaceAll(labels, " and ", v.lang.t("comma"))
		}
		if c.Thread != "" {
			view.Thread = "/t/" + c.Thread
		}
		if !c.UndoneAt.IsZero() {
			view.Undoer, view.Undone = v.person(c.UndoneBy), v.at(c.UndoneAt, zone)
		}
		out = append(out, view)
	}
	return out
}

// bundle gives one mail with the proof that it stands in the signed log, as a
// bundle that is checked without Rapport.
func (v *visit) bundle() error {
	if v.s.bundle == nil {
		return v.nowhere()
	}
	m, err := v.archive.Message(v.Context(), v.PathValue("message"))
	if err != nil {
		return fmt.Errorf("read message %s: %w", v.PathValue("message"), err)
	}
	if err := v.take(m.Size); err != nil {
		return err
	}
	zip, err := v.s.bundle(v.Context(), v.scope, m)
	if err != nil {
		return fmt.Errorf("prove message %s: %w", m.ID, err)
	}
	defer zip.Close()
	v.fileHead("application/zip", m.ID+".zip")
	_, _ = io.Copy(v.w, zip) // who went away meanwhile has no use for the error
	return nil
}
