package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
)

// openFiles are those of the files that others may read.
func openFiles(paths []string) []string {
	var open []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if path != "" && err == nil && info.Mode().Perm()&0o077 != 0 && !slices.Contains(open, path) {
			open = append(open, path)
		}
	}
	return open
}

// visit is a connection to a server that is being examined.
type visit struct {
	*chart
	d       *doctor
	address string
	mode    string // "tls", "starttls" or "none"
	secure  tls.ConnectionState
}

// connect opens the connection, and secures it where TLS comes first.
func (v *visit) connect(ctx context.Context, settings *tls.Config) (net.Conn, error) {
	raw, err := v.d.dial(ctx, "tcp", v.address)
	if err != nil {
		v.wrong("connect", fixConnect(err), "no connection to %s: %v", v.address, err)
		return nil, err
	}
	context.AfterFunc(ctx, func() { raw.Close() })
	if v.mode != "tls" {
		return raw, nil
	}
	secure := tls.Client(raw, settings)
	if err := secure.HandshakeContext(ctx); err != nil {
		v.insecure(err)
		raw.Close()
		return nil, err
	}
	return secure, nil
}

// settings are how a connection is secured; the server's certificate is kept
// for a look at it.
func (v *visit) settings(roots *x509.CertPool, protocols ...string) *tls.Config {
	host, _, _ := net.SplitHostPort(v.address)
	return &tls.Config{ServerName: host, RootCAs: roots, NextProtos: protocols, MinVersion: tls.VersionTLS12,
		VerifyConnection: func(s tls.ConnectionState) error { v.secure = s; return nil }}
}

// insecure tells why a connection could not be secured.
func (v *visit) insecure(err error) {
	fix := "ask whoever runs the server"
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &unknown):
		fix = "if the server is your own, name its certificate in ca_file; else somebody may stand in between"
	case errors.As(err, &name):
		fix = "write the server's name as its certificate has it"
		if names := name.Certificate.DNSNames; len(names) > 0 {
			fix += ": " + strings.Join(names[:min(len(names), 5)], ", ")
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		fix = "the server needs a new certificate, or the clock of this machine is wrong"
	case errors.As(err, &record):
		fix = "the server speaks no TLS at this port: set tls: starttls, or use the port for TLS"
	case errors.Is(err, io.EOF):
		fix = "the server may want STARTTLS at this port: set tls: starttls"
	}
	v.wrong("tls", fix, "the connection to %s cannot be secured: %v", v.address, err)
}

// secured tells how the connection is secured.
func (v *visit) secured() {
	host, _, _ := net.SplitHostPort(v.address)
	switch {
	case v.mode == "none" && (host == "localhost" || net.ParseIP(host).IsLoopback()):
		v.ok("tls", "connected without TLS, on this machine")
		return
	case v.mode == "none":
		v.warn("tls", "use tls or starttls", "the connection is open: whoever carries it can read password and mail")
		return
	}
	v.ok("tls", "connected by %s", tls.VersionName(v.secure.Version))
	if len(v.secure.PeerCertificates) == 0 {
		return
	}
	end := v.secure.PeerCertificates[0].NotAfter
	if left := end.Sub(v.d.now()); left < 14*24*time.Hour {
		v.warn("tls.certificate", "whoever runs the server must renew it", "its certificate ends on %s", end.Format(time.DateOnly))
	}
}

func fixConnect(err error) string {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "mend the server's name"
	case errors.As(err, &dns):
		return "names cannot be looked up: is this machine online?"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: mend the port, or start the server"
	case errors.Is(err, context.DeadlineExceeded):
		return "a firewall may swallow the connection: try from another network, or ask your hoster whether the port is open"
	}
	return "mend the server's name and port"
}

// skew compares a server's time with ours; nearest is what ours was, at most,
// when the server looked at its clock.
func (v *chart) skew(theirs, from, to time.Time, who string) {
	off := time.Duration(0)
	switch {
	case theirs.Before(from):
		off = theirs.Sub(from)
	case theirs.After(to):
		off = theirs.Sub(to)
	}
	const tolerable = 2 * time.Minute
	if off.Abs() <= tolerable {
		v.ok("clock", "our clock agrees with that of %s", who)
		return
	}
	word := "behind"
	if off < 0 {
		word = "ahead of"
	}
	v.warn("clock", "set the clock, best by NTP: letters with a wrong Date look like spam, and tokens fail", "our clock is %s %s that of %s", off.Abs().Round(time.Second), word, who)
}

// stateOf adds how a login by token stands.
func (v *visit) stateOf(l *loginStatus) {
	if l.Warning != "" {
		v.warn("login.ends", "", "%s", l.Warning)
	}
	if !l.Ends.IsZero() && l.Warning == "" && l.Trouble == "" {
		v.ok("login.ends", "the login lasts until %s", l.Ends.Format(time.DateOnly))
	}
}

// bounded is a connection from which only so much is read: the doctor's own
// talk with a server is short.
type bounded struct {
	net.Conn
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the server does not stop talking")
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
