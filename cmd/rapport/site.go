package main

import (
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// Bounds of what others may hold open: each connection costs memory, also one on
// which nothing is said. A browser opens about six.
const (
	siteConnections = 512
	siteHeader      = 64 << 10 // bytes; Go's own bound is 1 MB
)

// newSite answers requests by h, within limits of time and size.
func newSite(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, MaxHeaderBytes: siteHeader,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}
}

// fewAtOnce lets in so many connections at a time; others wait in the kernel's queue.
func fewAtOnce(l net.Listener) net.Listener { return netutil.LimitListener(l, siteConnections) }

// outsider asks those who are not ours: witnesses, logs, authorities for
// time-stamps. It follows none of them elsewhere: their answer must not send us
// to what only we can reach.
func outsider(patience time.Duration) *http.Client {
	return &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
