package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rapport/threads"
	"rapport/web/access"
)

// The ways to sign in without a password: by a link that is mailed, and at
// another organisation.

// askLink mails a link to whoever has the address. What it says is the same for
// an address that nobody has, and it says it as soon.
func (v *visit) askLink() error {
	if v.s.door == nil || v.s.mail == nil {
		return v.nowhere()
	}
	browser, link, err := v.s.door.AskLink(v.Context(), v.PostFormValue("mail"), v.s.remote(v.Request))
	if errors.Is(err, access.ErrTooMany) {
		return v.letIn("", err)
	}
	if err != nil {
		return err
	}
	if link != nil {
		v.s.mailLink(v.lang, link, v.origin()+"/sign-in/link/"+link.Token)
	}
	v.s.keep(v.w, linkCookie, browser, access.LinkWorks)
	return v.leadTo("/sign-in?asked=1", "")
}

// LinkMail is what a mail with a link for signing in says, in the language of
// the page where it was asked for.
type LinkMail struct {
	To       threads.Address
	Language string // tag
	Subject  string
	Before   []string // paragraphs
	Link     string
	After    string
}

// mailLink sends the mail beside the request, whose time must not tell whether
// there is one.
func (s *Server) mailLink(l *language, link *access.Link, address string) {
	m := LinkMail{
		To: threads.Address{Name: link.To.Name, Address: link.Mail}, Language: l.tag, Subject: l.t("link.mail.subject"),
		Before: []string{l.t("link.mail.why", link.To.Name), l.t("link.mail.open")}, Link: address, After: l.t("link.mail.not-you"),
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		if err := s.mail(ctx, m); err != nil {
			s.log.Error("sign-in.mail", "error", err)
		}
	}()
}

// origin is the address of the pages as this browser knows it.
func (v *visit) origin() string {
	if v.s.site != nil {
		return v.s.site.String()
	}
	return "http://" + v.Host // one of ours, see guard
}

type linkPage struct {
	Page
	Here bool // this is the browser that asked
}

// linkPage shows a button. Opening the link uses nothing up: programs that look
// at mail open links, too.
func (v *visit) linkPage() error {
	return v.render(http.StatusOK, "link", linkPage{v.page(v.lang.t("sign-in.title"), ""), v.s.kept(v.Request, linkCookie) != ""})
}

func (v *visit) useLink() error {
	if v.s.door == nil {
		return v.nowhere()
	}
	token, err := v.s.door.UseLink(v.Context(), v.PathValue("token"), v.s.kept(v.Request, linkCookie), v.knock())
	if errors.Is(err, access.ErrDenied) {
		return v.showSignIn(signInPage{Wrong: v.lang.t("link.over")}, http.StatusUnauthorized)
	}
	if err == nil {
		v.s.keep(v.w, linkCookie, "", 0)
	}
	return v.letIn(token, err)
}

// leave sends the browser to the provider.
func (v *visit) leave() error {
	if v.s.door == nil || v.s.provider == nil {
		return v.nowhere()
	}
	to, keep, err := v.s.door.Leave(v.Context(), v.s.provider, v.s.remote(v.Request))
	if errors.Is(err, access.ErrTooMany) {
		return v.letIn("", err)
	}
	if err != nil {
		v.s.log.Error("sign-in.provider", "error", err)
		return v.showSignIn(signInPage{Wrong: v.lang.t("provider.down", v.s.provider.Name)}, http.StatusBadGateway)
	}
	v.s.keep(v.w, leaveCookie, keep+"."+url.QueryEscape(v.FormValue("back")), access.LinkWorks)
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
	return nil
}

// comeBack takes the browser that the provider sends back.
func (v *visit) comeBack() error {
	if v.s.door == nil || v.s.provider == nil {
		return v.nowhere()
	}
	kept, back := v.s.kept(v.Request, leaveCookie), ""
	if i := strings.LastIndexByte(kept, '.'); i >= 0 {
		back, _ = url.QueryUnescape(kept[i+1:])
		kept = kept[:i]
	}
	v.s.keep(v.w, leaveCookie, "", 0)
	token, err := v.s.door.ComeBack(v.Context(), v.s.provider, v.URL.Query(), kept, v.knock())
	if errors.Is(err, access.ErrDenied) {
		return v.showSignIn(signInPage{Wrong: v.lang.t("provider.denied", v.s.provider.Name)}, http.StatusUnauthorized)
	}
	v.Form.Set("back", back)
	return v.letIn(token, err)
}
