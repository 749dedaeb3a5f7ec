package main

import (
	"strings"
	"testing"
)

// The answers are as servers gave them to others, see the issues of imapsync,
// mailcow, nodemailer, himalaya and offlineimap.
func TestWhatServersAnswerAtALogin(t *testing.T) {
	for _, c := range []struct{ host, answer, want string }{
		{"imap.gmail.com", "NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", "app password"},
		{"imap.gmail.com", "NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.", "in a browser"},
		{"imap.gmail.com", "[ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", "in a browser"},
		{"imap.gmail.com", "[AUTHENTICATIONFAILED] Invalid credentials (Failure)", "Google takes no account password"},
		{"smtp.office365.com", "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled", "administrator must allow SMTP AUTH"},
		{"smtp-mail.outlook.com", "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", "provider: microsoft"},
		{"outlook.office365.com", "BAD User is authenticated but not connected.", "IMAP is off"},
		{"imap.163.com", "NO SELECT Unsafe Login. Please contact kefu@188.com for help", "takes the program for a danger"},
		{"imap.126.com", "NO LOGIN Login error password error", "授权码"},
		{"imap.qq.com", "NO Login fail. Please using authorized code to login.", "授权码"},
		{"imap.mail.yahoo.com", "[AUTHENTICATIONFAILED] AUTHENTICATE Invalid credentials", "app password"},
		{"imap.mail.me.com", "NO [AUTHENTICATIONFAILED] Authentication failed", "app-specific"},
		{"imap.own.example", "tls: failed to verify certificate: x509: certificate is valid for mail.own.example, not imap.own.example", "not for that name"},
		{"imap.own.example", "dial tcp 192.0.2.1:993: connect: connection refused", "nothing listens"},
		{"imap.own.example", "NO [LIMIT] Too many simultaneous connections. (Failure)", "too many connections"},
		{"imap.own.example", "NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded", "too many connections"},
		{"imap.own.example", "oauth2: invalid_grant: Token has been expired or revoked.", "rapport login"},
		{"imap.own.example", "NO [AUTHENTICATIONFAILED] Authentication failed.", "check user name and password"},
		{"notgmail.com", "NO wrong", "check user name and password"},
	} {
		if got := loginHint(c.host, c.answer); !strings.Contains(got, c.want) {
			t.Errorf("%s %q: %q, want %q in it", c.host, c.answer, got, c.want)
		}
	}
	if got := plainTrouble("imap.gmail.com", "the server is silent"); got != "the server is silent" {
		t.Errorf("trouble that is no login: %q", got)
	}
	if got := plainTrouble("imap.gmail.com", "log in to imap.gmail.com:993: NO [AUTHENTICATIONFAILED] Invalid credentials"); !strings.Contains(got, "provider: google") {
		t.Errorf("a failed login: %q", got)
	}
	if plainTrouble("imap.gmail.com", "") != "" {
		t.Error("no trouble became some")
	}
}
