package web

import (
	"errors"
	"net/http"
	"net/url"

	"rapport/web/access"
)

type signInPage struct {
	Page
	Login    string
	Back     string // the address to go to afterwards
	Wrong    string // what to tell whoever was not let in, "" for nothing
	Told     string // what else to tell
	Links    bool   // whether a link can be mailed
	Provider string // the name of the other organisation where one may sign in, "" for none
	Leave    string // the address that leads there
}

func (v *visit) signInPage() error {
	if v.who != nil {
		return v.leadTo(v.FormValue("back"), "")
	}
	page := signInPage{}
	if v.FormValue("asked") != "" {
		page.Told = v.lang.t("link.asked")
	}
	return v.showSignIn(page, http.StatusOK)
}

func (v *visit) showSignIn(page signInPage, status int) error {
	page.Page, page.Login, page.Links = v.page(v.lang.t("sign-in.title"), ""), v.PostFormValue("login"), v.s.mail != nil
	query := url.Values{}
	if back := v.FormValue("back"); back != "" {
		page.Back = local(back).String()
		query.Set("back", page.Back)
	}
	if v.s.provider != nil {
		page.Provider, page.Leave = v.s.provider.Name, "/sign-in/elsewhere?"+query.Encode()
	}
	return v.render(status, "signin", page)
}

// knock is who comes, as far as the network tells.
func (v *visit) knock() access.Knock {
	return access.Knock{Address: v.s.remote(v.Request), Old: v.s.kept(v.Request, sessionCookie)}
}

// signIn takes a login and a password. It tells nobody which of them is wrong.
func (v *visit) signIn() error {
	if v.s.door == nil {
		return v.nowhere()
	}
	k := v.knock()
	k.Login, k.Password = v.PostFormValue("login"), v.PostFormValue("password")
	return v.letIn(v.s.door.SignIn(v.Context(), k))
}

// letIn gives the browser its session, and leads it to the page that was asked
// for; or tells that nobody is let in.
func (v *visit) letIn(token string, err error) error {
	switch {
	case errors.Is(err, access.ErrTooMany):
		v.w.Header().Set("Retry-After", "60")
		return v.showSignIn(signInPage{Wrong: v.lang.t("sign-in.too-many")}, http.StatusTooManyRequests)
	case errors.Is(err, access.ErrDenied):
		return v.showSignIn(signInPage{Wrong: v.lang.t("sign-in.denied")}, http.StatusUnauthorized)
	case err != nil:
		return err
	}
	v.s.keep(v.w, sessionCookie, token, 0)
	return v.leadTo(v.FormValue("back"), "")
}

func (v *visit) signOut() error {
	if v.s.door == nil {
		return v.nowhere()
	}
	if err := v.s.door.SignOut(v.Context(), v.s.kept(v.Request, sessionCookie), v.s.remote(v.Request)); err != nil {
		return err
	}
	v.s.keep(v.w, sessionCookie, "", 0)
	return v.leadTo("/sign-in", "")
}

// leadTo leads to a page of ours, with word of what was done before.
func (v *visit) leadTo(address, done string) error {
	to := local(address)
	if done != "" {
		q := to.Query()
		q.Set("done", done)
		to.RawQuery = q.Encode()
	}
	http.Redirect(v.w, v.Request, to.String(), http.StatusSeeOther)
	return nil
}

// local is an address as one of our own pages; what leads elsewhere is the
// overview.
func local(address string) *url.URL {
	to, err := url.Parse(address)
	if err != nil || to.Scheme != "" || to.Host != "" || to.Opaque != "" || len(to.Path) == 0 || to.Path[0] != '/' ||
		len(to.Path) > 1 && (to.Path[1] == '/' || to.Path[1] == '\\') {
		return &url.URL{Path: "/"}
	}
	return to
}
