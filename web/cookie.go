package web

import (
	"net/http"
	"time"
)

// What a browser keeps of a sign-in. The session lasts until the browser ends or
// the session does; the others belong to a sign-in under way.
const (
	sessionCookie = "rapport_session"
	linkCookie    = "rapport_link"  // where a link was asked for
	leaveCookie   = "rapport_leave" // on the way to another organisation and back
)

// keep gives the browser a secret for so long, or until it ends for 0; "" takes
// the secret away.
func (s *Server) keep(w http.ResponseWriter, name, value string, lasts time.Duration) {
	c := &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(lasts / time.Second),
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// kept is what the browser has, "" for nothing.
func (s *Server) kept(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// cookieName: under __Host- a browser takes a cookie over TLS only, and only
// from this very host.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}
