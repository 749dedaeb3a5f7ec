package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rapport/threads"
)

// muxes are the addresses that there are for somebody: an auditor's have no
// route that writes.
type muxes struct{ files, reading, deciding *http.ServeMux }

func (s *Server) newMuxes() (m muxes, err error) {
	if m.files, err = s.mux(signed); err != nil {
		return m, err
	}
	if m.reading, err = s.mux(anybody, signed, signedIn, overseer); err != nil {
		return m, err
	}
	m.deciding, err = s.mux(anybody, signed, signedIn, overseer, decider)
	return m, err
}

type personKey struct{}

// enter finds out who asks and leads them to the addresses that there are for
// them. Whoever is not signed in gets to the sign-in page, and then to the page
// that was asked for.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if s.files != nil && hostName(r.Host) == hostName(s.files.Host) { // nobody is ever signed in there
		s.muxes.files.ServeHTTP(w, r)
		return
	}
	p, err := s.who(r)
	switch {
	case err == nil:
		r = r.WithContext(context.WithValue(r.Context(), personKey{}, &p))
		if p.Decides() && s.writer != nil {
			s.muxes.deciding.ServeHTTP(w, r)
		} else {
			s.muxes.reading.ServeHTTP(w, r)
		}
	case !errors.Is(err, threads.ErrNotFound):
		s.handle(func(*visit) error { return err }).ServeHTTP(w, r)
	case s.open(r):
		s.muxes.reading.ServeHTTP(w, r)
	default:
		http.Redirect(w, r, signInAddress(r), http.StatusSeeOther)
	}
}

// open reports whether a request is for a page that is there for anybody.
func (s *Server) open(r *http.Request) bool {
	_, pattern := s.muxes.deciding.Handler(r)
	return slices.ContainsFunc(routes, func(of route) bool { return of.pattern == pattern && (of.demand == anybody || of.demand == signed) })
}

// who is the person who asks, threads.ErrNotFound if nobody has signed in.
func (s *Server) who(r *http.Request) (threads.Person, error) {
	if s.door == nil {
		if p := s.directory().Person(s.guest); p != nil {
			return *p, nil
		}
		return threads.Person{}, threads.ErrNotFound
	}
	return s.door.Who(r.Context(), s.kept(r, sessionCookie))
}

// signInAddress is the sign-in page that leads on to the page asked for.
func signInAddress(r *http.Request) string {
	if r.Method != http.MethodGet || r.URL.Path == "/" {
		return "/sign-in"
	}
	return "/sign-in?" + url.Values{"back": {r.URL.RequestURI()}}.Encode()
}

// secure reports whether browsers reach the pages over TLS.
func (s *Server) secure() bool { return s.site != nil && s.site.Scheme == "https" }

// remote is the network address that a request comes from. Where TLS ends in a
// proxy, the proxy is the peer, and the last address that it names is the one
// that it has seen itself.
func (s *Server) remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip := net.ParseIP(host)
	if !s.secure() || ip == nil || !ip.IsLoopback() && !ip.IsPrivate() {
		return host
	}
	named := r.Header.Values("X-Forwarded-For")
	if len(named) == 0 {
		return host
	}
	last := named[len(named)-1]
	if seen := net.ParseIP(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])); seen != nil {
		return seen.String()
	}
	return host
}
