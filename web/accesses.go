package web

import (
	"net/http"
	"net/url"
	"time"

	"rapport/threads"
)

// accessShown bounds the page of who came in.
const accessShown = 200

type accessPage struct {
	Page
	Events []accessLine
	Login  string // whose events are shown, "" for everybody's
	Reads  bool   // what people looked at is shown, too
	Other  string // address of the page with, or without that
}

// accessLine is an event at the door.
type accessLine struct {
	threads.Access
	Who  string
	When moment
}

// accesses shows who came in, and who was not let in.
func (v *visit) accesses() error {
	q := threads.AccessQuery{Login: v.FormValue("login"), Reads: v.FormValue("reads") != "", Limit: accessShown}
	events, err := v.archive.Accesses(v.Context(), q)
	if err != nil {
		return err
	}
	page := accessPage{Page: v.page(v.lang.t("access.title"), "log", crumb{v.lang.t("log.title"), "/log"}), Login: q.Login, Reads: q.Reads}
	page.Other = accessAddress(q.Login, !q.Reads)
	page.Zone = "UTC"
	for _, a := range events {
		page.Events = append(page.Events, accessLine{a, v.person(a.Login), v.at(a.At, time.UTC)})
	}
	return v.render(http.StatusOK, "access", page)
}

func accessAddress(login string, reads bool) string {
	values := url.Values{}
	if login != "" {
		values.Set("login", login)
	}
	if reads {
		values.Set("reads", "1")
	}
	return "/access?" + values.Encode()
}
