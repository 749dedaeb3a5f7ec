package web

import (
	"errors"
	"net/http"
	"net/url"

	"rapport/web/access"
)

type signInPage struct {
	Page
	Login string
	Back  string // the address to go to afterwards
	Wrong string // what to tell whoever was not let in, "" for nothing
}

func (v *visit) signInPage() error {
	if v.who != nil {
		return v.leadTo(v.FormValue("back"), "")
	}
	return v.showSignIn("", http.StatusOK)
}

func (v *visit) showSignIn(wrong string, status int) error {
	page := signInPage{Page: v.page(v.lang.t("sign-in.title"), ""), Login: v.PostFormValue("login"), Wrong: wrong}
	if back := v.FormValue("back"); back != "" {
		page.Back = local(back).String()
	}
	return v.render(status, "signin", page)
}

// signIn takes a login and a password. It tells nobody which of them is wrong.
func (v *visit) signIn() error {
	if v.s.door == nil {
		return v.leadTo("", "")
	}
	token, err := v.s.door.SignIn(v.Context(), access.Knock{
		Login: v.PostFormValue("login"), Password: v.PostFormValue("password"),
		Address: v.s.remote(v.Request), Old: v.s.sessionToken(v.Request),
	})
	switch {
	case errors.Is(err, access.ErrTooMany):
		v.w.Header().Set("Retry-After", "60")
		return v.showSignIn(v.lang.t("sign-in.too-many"), http.StatusTooManyRequests)
	case errors.Is(err, access.ErrDenied):
		return v.showSignIn(v.lang.t("sign-in.denied"), http.StatusUnauthorized)
	case err != nil:
		return err
	}
	v.s.keepSession(v.w, token)
	return v.leadTo(v.PostFormValue("back"), "")
}

func (v *visit) signOut() error {
	if v.s.door == nil {
		return v.leadTo("", "")
	}
	if err := v.s.door.SignOut(v.Context(), v.s.sessionToken(v.Request), v.s.remote(v.Request)); err != nil {
		return err
	}
	v.s.keepSession(v.w, "")
	v.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
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
