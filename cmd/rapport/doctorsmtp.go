package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/threads"
)

// examineSMTP looks at what the submission server can, and tries the login.
func (d *doctor) examineSMTP(ctx context.Context) []finding {
	s := d.config().SMTP
	v := &smtpVisit{visit: visit{chart: &chart{about: "smtp"}, d: d, address: string(s.Server), mode: s.TLS}}
	if v.look(ctx) {
		v.login(ctx)
	}
	return v.findings
}

type smtpVisit struct {
	visit
	text *textproto.Conn
	can  map[string]string // by keyword: what stands behind it
}

// look tells whether a login can be tried.
func (v *smtpVisit) look(ctx context.Context) bool {
	roots, err := v.d.config().Roots(v.d.config().SMTP.CAFile)
	if err != nil {
		v.wrong("tls", "mend ca_file", "%v", err)
		return false
	}
	settings := v.settings(roots)
	conn, err := v.connect(ctx, settings)
	if err != nil {
		return false
	}
	defer conn.Close()
	v.text = textproto.NewConn(&bounded{conn, 1 << 20})
	from := v.d.now()
	_, greeting, err := v.text.ReadResponse(220)
	if err == nil {
		err = v.hello()
	}
	if err != nil {
		v.wrong("smtp.greeting", "is this the port of a submission server? They are mostly 465 (tls) and 587 (starttls)", "the server at %s does not greet: %v", v.address, err)
		return false
	}
	if v.mode == "starttls" && !v.startTLS(ctx, conn, settings) {
		return false
	}
	v.secured()
	v.capabilities()
	if theirs, ok := timeIn(greeting); ok {
		v.skew(theirs, from.Add(-time.Second), v.d.now(), v.d.config().SMTP.Server.Host())
	}
	v.ask(221, "QUIT")
	return true
}

func (v *smtpVisit) ask(code int, format string, args ...any) (string, error) {
	if err := v.text.PrintfLine(format, args...); err != nil {
		return "", err
	}
	_, words, err := v.text.ReadResponse(code)
	return words, err
}

// hello asks what the server can (RFC 5321 section 4.1.1.1).
func (v *smtpVisit) hello() error {
	name := threads.Domain(v.d.config().SMTP.From)
	if name == "" {
		name = "localhost"
	}
	words, err := v.ask(250, "EHLO %s", name)
	if err != nil {
		return err
	}
	v.can = map[string]string{}
	for i, l := range strings.Split(words, "\n") {
		if keyword, rest, _ := strings.Cut(l, " "); i > 0 && keyword != "" {
			v.can[strings.ToUpper(keyword)] = rest
		}
	}
	return nil
}

func (v *smtpVisit) startTLS(ctx context.Context, conn net.Conn, settings *tls.Config) bool {
	if _, ok := v.can["STARTTLS"]; !ok {
		v.wrong("tls", "use the port for TLS (mostly 465) with tls: tls", "the server offers no STARTTLS at this port")
		return false
	}
	if _, err := v.ask(220, "STARTTLS"); err != nil {
		v.insecure(err)
		return false
	}
	secure := tls.Client(conn, settings)
	if err := secure.HandshakeContext(ctx); err != nil {
		v.insecure(err)
		return false
	}
	v.text = textproto.NewConn(&bounded{secure, 1 << 20})
	if err := v.hello(); err != nil {
		v.wrong("smtp.greeting", "ask whoever runs the server", "the server does not greet after STARTTLS: %v", err)
		return false
	}
	return true
}

// capabilities lists what the server can, and what that means for letters.
func (v *smtpVisit) capabilities() {
	var names []string
	for keyword, rest := range v.can {
		names = append(names, strings.TrimSpace(keyword+" "+rest))
	}
	slices.Sort(names)
	v.ok("smtp.capability", "the server can %s", strings.Join(names[:min(len(names), 60)], ", "))
	limit := v.d.config().Limits.Letter
	if size, err := strconv.ParseInt(v.can["SIZE"], 10, 64); err == nil && size > 0 && size < int64(limit) {
		v.warn("smtp.size", fmt.Sprintf("set limits.letter: %dMB, so that a letter is refused before it is approved", size>>20),
			"the server takes letters of %d MB at most, and limits.letter allows %s", size>>20, limit)
	}
	for _, w := range []struct{ keyword, without string }{
		{"8BITMIME", "some servers then refuse letters that are not plain ASCII"},
		{"PIPELINING", "each letter takes a few round trips more"},
		{"ENHANCEDSTATUSCODES", "its refusals are less exact"},
	} {
		if _, ok := v.can[w.keyword]; !ok {
			v.note("smtp.missing", "", "it has no %s: %s", w.keyword, w.without)
		}
	}
}

// login tries it the way the outbox does.
func (v *smtpVisit) login(ctx context.Context) {
	s := v.d.config().SMTP
	if s.OAuth.Used() {
		v.stateOf(v.d.loginStatus("smtp", s.Username, s.OAuth))
	}
	sender, err := v.d.sender()
	if err == nil {
		err = sender.Check(ctx)
	}
	offered, auth := v.can["AUTH"]
	switch {
	case err == nil && s.Username == "":
		v.ok("smtp.login", "it takes a session without a login")
	case err == nil:
		v.ok("smtp.login", "logged in as %s", s.Username)
	case s.OAuth.Used() && strings.Contains(err.Error(), "rapport login"): // the words alone come through
		v.wrong("smtp.token", `run "rapport login smtp"`, "%v", err)
	case !auth:
		v.wrong("smtp.login", "use the port for submission (465 or 587); on port 25 servers take mail from servers", "the server takes no login here")
	case s.OAuth.Used():
		v.wrong("smtp.login", fmt.Sprintf("run \"rapport login smtp\" and sign in as %s; see that the account may use SMTP", s.Username), "%v; it offers %s", err, offered)
	default:
		v.wrong("smtp.login", loginHint(s.Server.Host(), err.Error()), "the login as %s fails: %v", s.Username, err)
	}
}

// dateInside is a date of RFC 5322 as some servers put it into their greeting.
var dateInside = regexp.MustCompile(`[A-Z][a-z]{2}, +\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}`)

func timeIn(greeting string) (time.Time, bool) {
	t, err := mail.ParseDate(dateInside.FindString(greeting))
	return t, err == nil
}
