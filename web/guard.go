package web

import (
	"net"
	"net/http"
	"strings"
)

// Content security policies. No page has a script, a style attribute or
// anything from elsewhere; a frame with mail has even less.
const (
	pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	// The sandbox is repeated in the header, so that the mail stays in it when the
	// frame's address is opened by itself. A link may open a new window.
	mailPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; " +
		"img-src 'self' data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
	filePolicy = "sandbox; default-src 'none'; frame-ancestors 'none'"
)

// mailPolicy is the policy of a frame with mail, whose pictures may be on the
// files' own host.
func (s *Server) mailPolicy() string {
	if s.files == nil {
		return mailPolicy
	}
	return strings.Replace(mailPolicy, "img-src 'self'", "img-src "+s.files.String(), 1)
}

// guard sets the headers of every answer and refuses what no page is for.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // under no-referrer a form's Origin is "null", and none could be told from another site's
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if !s.ours(r.Host) {
			http.Error(w, "Rapport does not know this name. Open its pages at the address that it printed; other names stand under web.hosts.",
				http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ours reports whether a request's Host is a loopback name or a configured one.
// A page elsewhere whose name was made to point at 127.0.0.1 (DNS rebinding) shows by its Host.
func (s *Server) ours(host string) bool {
	host = hostName(host)
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return true
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || s.hosts[host] // RFC 6761 section 6.3
}

// hostName is a Host without port and final dot, in lower case.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
