package web

import (
	"net/http"
	"time"

	"rapport/threads"
)

// accessShown bounds the page of who came in.
const accessShown = 200

type accessPage struct {
	Page
	Events []accessLine
	Login  string // whose events are shown, "" for everybody's
}

// accessLine is an event at the door.
type accessLine struct {
	threads.Access
	Who  string
	When moment
}

// accesses shows who came in, and who was not let in.
func (v *visit) accesses() error {
	login := v.FormValue("login")
	events, err := v.archive.Accesses(v.Context(), login, accessShown)
	if err != nil {
		return err
	}
	page := accessPage{Page: v.page(v.lang.t("access.title"), "log", crumb{v.lang.t("log.title"), "/log"}), Login: login}
	page.Zone = "UTC"
	for _, a := range events {
		page.Events = append(page.Events, accessLine{a, v.person(a.Login), v.at(a.At, time.UTC)})
	}
	return v.render(http.StatusOK, "access", page)
}
