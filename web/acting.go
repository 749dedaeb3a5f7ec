package web

import (
	"net/http"
	"net/url"

	"rapport/threads"
)

// acting is who decides on a page, and what was decided last. The pages have no
// sign-in: whoever is at this machine says who they are.
type acting struct {
	Login   string // "" while nobody has said it, and where the pages only read
	Name    string
	Choices []choice // who may decide, if there are several
	Here    string   // the address to come back to
	Done    *done
}

// choice is one entry of a list to choose from.
type choice struct {
	Value, Text string
	Chosen      bool
}

// done is what was decided on the page before.
type done struct {
	Kind    threads.ChangeKind // "answered" for an answer
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

// loginCookie remembers who is at this machine.
const loginCookie = "rapport_login"

// acting finds out who decides. An auditor never does.
func (v *visit) acting() acting {
	var a acting
	if v.s.writer == nil {
		return a
	}
	a.Here = v.here()
	chosen := v.s.actor
	if c, err := v.Cookie(loginCookie); err == nil && chosen == "" {
		chosen = c.Value
	}
	for _, p := range v.dir.People {
		if p.Role == "auditor" || v.s.actor != "" && p.Login != v.s.actor {
			continue
		}
		a.Choices = append(a.Choices, choice{p.Login, v.person(p.Login), p.Login == chosen})
	}
	for _, c := range a.Choices {
		if c.Chosen || len(a.Choices) == 1 {
			a.Login, a.Name = c.Value, c.Text
		}
	}
	if len(a.Choices) == 1 {
		a.Choices = nil
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
	if id == string(threads.Answered) {
		return &done{Kind: threads.ChangeKind(threads.Answered)}
	}
	c, err := v.s.writer.ChangeOf(v.Context(), id)
	if err != nil {
		return nil
	}
	return &done{Kind: c.Kind, Change: c.ID, Project: c.Project, Undone: !c.UndoneAt.IsZero()}
}

// choose keeps who is at this machine.
func (v *visit) choose() error {
	login := v.PostFormValue("login")
	for _, c := range v.act.Choices {
		if c.Value == login {
			http.SetCookie(v.w, &http.Cookie{
				Name: loginCookie, Value: login, Path: "/", MaxAge: 30 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode,
			})
			return v.back("")
		}
	}
	return errForm
}

// back leads to the page that the form was on. Only addresses of ours count.
func (v *visit) back(done string) error {
	to, err := url.Parse(v.PostFormValue("back"))
	if err != nil || to.Scheme != "" || to.Host != "" || to.Opaque != "" || len(to.Path) == 0 || to.Path[0] != '/' {
		to = &url.URL{Path: "/"}
	}
	if len(to.Path) > 1 && (to.Path[1] == '/' || to.Path[1] == '\\') {
		to = &url.URL{Path: "/"}
	}
	if done != "" {
		q := to.Query()
		q.Set("done", done)
		to.RawQuery = q.Encode()
	}
	http.Redirect(v.w, v.Request, to.String(), http.StatusSeeOther)
	return nil
}
