package web

import "rapport/threads"

// acting is who asks, whether they may decide, and what was decided last.
type acting struct {
	Login string // of who decides; "" where the pages only read
	Name  string // of who is signed in, "" for nobody
	Role  string
	Tray  bool   // may read mail that belongs to no project
	Guest bool   // nobody has signed in, all are taken for this person
	Here  string // the address to come back to
	Done  *done
}

// choice is one entry of a list to choose from.
type choice struct {
	Value, Text string
	Chosen      bool
}

// done is what was decided on the page before.
type done struct {
	Kind    threads.ChangeKind // "answered" for an answer, or a word of reports: "again", "released", "withdrawn"
	Change  string             // id, "" if it cannot be taken back
	Project string             // where the mail is now
	Undone  bool
}

// acted is what was decided, and where to come back to when it is taken back.
type acted struct {
	done
	Here string
}

func newActed(d *done, here string) acted { return acted{*d, here} }

// acting tells the pages who asks.
func (v *visit) acting() acting {
	if v.who == nil {
		return acting{}
	}
	a := acting{Name: v.who.Name, Role: v.who.Role, Guest: v.s.door == nil, Here: v.here(), Tray: v.scope.Tray}
	if v.who.Decides() && v.s.writer != nil {
		a.Login = v.who.Login
	}
	return a
}

// here is the address of the page without what was said in passing.
func (v *visit) here() string {
	q := v.URL.Query()
	q.Del("done")
	q.Del("lang")
	if len(q) == 0 {
		return v.URL.EscapedPath()
	}
	return v.URL.EscapedPath() + "?" + q.Encode()
}

// forms is the address to come back to after a form, "" where there are none.
func (v *visit) forms() string {
	if v.act.Login == "" {
		return ""
	}
	return v.act.Here
}

// done looks up what was decided on the page before. The address only names it.
func (v *visit) done() *done {
	id := v.URL.Query().Get("done")
	if v.act.Login == "" || id == "" {
		return nil
	}
	switch id {
	case string(threads.Answered), sentAgain, released, withdrawn:
		return &done{Kind: threads.ChangeKind(id)}
	}
	c, err := v.archive.ChangeOf(v.Context(), id)
	if err != nil {
		return nil
	}
	return &done{Kind: c.Kind, Change: c.ID, Project: c.Project, Undone: !c.UndoneAt.IsZero()}
}

// back leads to the page that the form was on.
func (v *visit) back(done string) error { return v.leadTo(v.PostFormValue("back"), done) }
