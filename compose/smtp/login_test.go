package smtp_test

import (
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"testing"

	"rapport/compose/smtp"
	"rapport/threads"
)

func TestWaysToConnectAndToLogIn(t *testing.T) {
	token := func(word string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return word, nil }
	}
	for _, c := range []struct {
		name   string
		server sinkOptions
		change func(*smtp.Config, *x509.CertPool)
		login  string
		words  string // of a failure, "" for success
	}{
		{name: "implicit TLS, PLAIN", server: sinkOptions{implicit: true, mechanisms: []string{"LOGIN", "PLAIN"}}, login: "PLAIN pm",
			change: func(c *smtp.Config, p *x509.CertPool) {
				c.TLS, c.RootCAs, c.Password = smtp.Implicit, p, password("secret")
			}},
		{name: "STARTTLS, LOGIN", server: sinkOptions{starttls: true, mechanisms: []string{"LOGIN"}}, login: "LOGIN pm",
			change: func(c *smtp.Config, p *x509.CertPool) {
				c.TLS, c.RootCAs, c.Password = smtp.StartTLS, p, password("secret")
			}},
		{name: "STARTTLS, XOAUTH2", server: sinkOptions{starttls: true, mechanisms: []string{"PLAIN", "XOAUTH2"}}, login: "XOAUTH2 pm",
			change: func(c *smtp.Config, p *x509.CertPool) { c.TLS, c.RootCAs, c.Token = smtp.StartTLS, p, token("secret") }},
		{name: "plain, PLAIN", server: sinkOptions{mechanisms: []string{"PLAIN"}}, login: "PLAIN pm",
			change: func(c *smtp.Config, _ *x509.CertPool) { c.Password = password("secret") }},
		{name: "no login", change: func(c *smtp.Config, _ *x509.CertPool) { c.Username = "" }},
		{name: "a wrong password", server: sinkOptions{mechanisms: []string{"PLAIN"}}, words: "535",
			change: func(c *smtp.Config, _ *x509.CertPool) { c.Password = password("wrong") }},
		{name: "an old token", server: sinkOptions{mechanisms: []string{"XOAUTH2"}}, words: "535",
			change: func(c *smtp.Config, _ *x509.CertPool) { c.Token = token("old") }},
		{name: "no token to be had", server: sinkOptions{mechanisms: []string{"XOAUTH2"}}, words: "consent was withdrawn",
			change: func(c *smtp.Config, _ *x509.CertPool) {
				c.Token = func(context.Context) (string, error) { return "", errors.New("consent was withdrawn") }
			}},
		{name: "no way to log in", server: sinkOptions{mechanisms: []string{"CRAM-MD5"}}, words: "takes neither PLAIN nor LOGIN",
			change: func(c *smtp.Config, _ *x509.CertPool) { c.Password = password("secret") }},
		{name: "a token where none is taken", server: sinkOptions{mechanisms: []string{"PLAIN"}}, words: "takes no XOAUTH2",
			change: func(c *smtp.Config, _ *x509.CertPool) { c.Token = token("secret") }},
		{name: "no STARTTLS", words: "offers no STARTTLS",
			change: func(c *smtp.Config, p *x509.CertPool) {
				c.TLS, c.RootCAs, c.Password = smtp.StartTLS, p, password("secret")
			}},
		{name: "a certificate that nobody knows", server: sinkOptions{starttls: true}, words: "certificate",
			change: func(c *smtp.Config, _ *x509.CertPool) { c.TLS, c.Password = smtp.StartTLS, password("secret") }},
		{name: "TLS where there is none", words: "secure the connection",
			change: func(c *smtp.Config, p *x509.CertPool) { c.TLS, c.RootCAs, c.Username = smtp.Implicit, p, "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := newSink(t, c.server)
			sender := patient(t, server.addr, func(cfg *smtp.Config) {
				cfg.Username = "pm"
				c.change(cfg, server.roots)
			})
			out := sender.Submit(t.Context(), submission())
			if c.words != "" {
				if out.State != threads.Deferring || !out.Down || !strings.Contains(out.Words, c.words) {
					t.Errorf("outcome %+v, want %q", out, c.words)
				}
				if strings.Contains(out.Words, "secret") || strings.Contains(out.Words, "wrong") {
					t.Errorf("the words show the password: %q", out.Words)
				}
				if err := sender.Check(t.Context()); err == nil {
					t.Error("a check finds nothing wrong")
				}
				return
			}
			if out.State != threads.Taken || len(server.received) != 1 || server.received[0].raw != letter {
				t.Errorf("outcome %+v; the server has %+v", out, server.received)
			}
			if strings.Join(server.logins, ",") != c.login {
				t.Errorf("logins %q, want %q", server.logins, c.login)
			}
			if err := sender.Check(t.Context()); err != nil {
				t.Errorf("check: %v", err)
			}
		})
	}
}

func TestAPasswordIsNeverSentInTheOpen(t *testing.T) {
	server := play(t, `
		S: 220 mx ESMTP
		C: EHLO
		S: 250-mx
		S: 250-AUTH PLAIN LOGIN
		S: 250 SIZE
	`)
	out := patient(t, server.addr, func(c *smtp.Config) {
		c.TLS, c.Username, c.Password = smtp.StartTLS, "pm", password("secret")
	}).Submit(t.Context(), submission())
	if out.State != threads.Deferring || !strings.Contains(out.Words, "STARTTLS") {
		t.Errorf("outcome %+v", out)
	}
}

func TestTheWayToSecureFollowsThePort(t *testing.T) {
	server := newSink(t, sinkOptions{}) // neither knows TLS
	for _, c := range []struct{ port, words string }{{"465", "secure the connection"}, {"587", "offers no STARTTLS"}, {"25", "offers no STARTTLS"}} {
		sender, err := smtp.New(smtp.Config{Address: "127.0.0.1:" + c.port, Dial: dialTo(server.addr)})
		if err != nil {
			t.Fatal(err)
		}
		if out := sender.Submit(t.Context(), submission()); !strings.Contains(out.Words, c.words) {
			t.Errorf("port %s: %+v", c.port, out)
		}
	}
}
