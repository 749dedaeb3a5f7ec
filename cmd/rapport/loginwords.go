package main

import "strings"

// refusals are what servers answer at a login, in lower case, with what it
// means and what to do. The first whose words all stand in the answer counts;
// at is the end of the server's name, "" for any server.
var refusals = []struct {
	at    string
	words []string
	means string
}{
	{"", []string{"certificate is valid for"}, "the server's certificate is not for that name: write the name under which the provider gives its server, or set ca_file if the certificate is your own"},
	{"", []string{"certificate has expired"}, "the server's certificate is over, or our clock is wrong: whoever runs the server must renew it"},
	{"", []string{"certificate signed by unknown authority"}, "nobody we trust has signed the server's certificate: set ca_file if it is your own"},
	{"", []string{"connection refused"}, "nothing listens there: mend the port, or start the server"},
	{"", []string{"no such host"}, "there is no server of that name: mend it"},
	{"", []string{"too many", "connections"}, "the account has too many connections open: close other mail programs, or wait; Rapport tries again by itself"},
	{"", []string{"maximum number of connections"}, "the account has too many connections open: close other mail programs, or wait; Rapport tries again by itself"},
	{"", []string{"invalid_grant"}, "the login by token is over: run \"rapport login\" for it again"},
	{"", []string{"application-specific password required"}, "Google wants an app password or a login by token here, never the account's password: use oauth with provider: google, or make an app password"},
	{"", []string{"log in via your web browser"}, "Google wants the account's owner to confirm the login: open the account in a browser, and use oauth with provider: google"},
	{"", []string{"webalert"}, "Google wants the account's owner to confirm the login: open the account in a browser, and use oauth with provider: google"},
	{"", []string{"web login required"}, "Google wants the account's owner to confirm the login: open the account in a browser, and use oauth with provider: google"},
	{"", []string{"smtpclientauthentication is disabled"}, "Microsoft 365 lets no program submit mail here: an administrator must allow SMTP AUTH for the mailbox; then use oauth with provider: microsoft"},
	{"", []string{"basic authentication is disabled"}, "Microsoft takes no passwords: use oauth with provider: microsoft"},
	{"", []string{"user is authenticated but not connected"}, "Microsoft knows the account, and IMAP is off for the mailbox or its licence has none: an administrator must allow it"},
	{"", []string{"unsafe login"}, "NetEase takes the program for a danger: allow IMAP in the mailbox's settings, and use the authorisation code (授权码) as password"},
	{"qq.com", nil, "QQ wants the authorisation code (授权码) from the mailbox's settings, not the password; IMAP and SMTP must be on there"},
	{"163.com", nil, "NetEase wants the authorisation code (授权码) from the mailbox's settings, not the password"},
	{"126.com", nil, "NetEase wants the authorisation code (授权码) from the mailbox's settings, not the password"},
	{"188.com", nil, "NetEase wants the authorisation code (授权码) from the mailbox's settings, not the password"},
	{"yeah.net", nil, "NetEase wants the authorisation code (授权码) from the mailbox's settings, not the password"},
	{"gmail.com", nil, "Google takes no account password: use oauth with provider: google, or an app password where the account may have one"},
	{"googlemail.com", nil, "Google takes no account password: use oauth with provider: google"},
	{"office365.com", nil, "Microsoft 365 takes no passwords: use oauth with provider: microsoft, and see that IMAP (or SMTP AUTH) is on for the mailbox"},
	{"outlook.com", nil, "Microsoft takes no passwords: use oauth with provider: microsoft"},
	{"yahoo.com", nil, "Yahoo wants an app password, made in the account's security settings"},
	{"mail.me.com", nil, "iCloud wants an app-specific password, made at account.apple.com"},
}

// loginHint is what to do about a server's refusal.
func loginHint(host, answer string) string {
	if words := refusalIn(host, answer); words != "" {
		return words
	}
	return "check user name and password, and whether the account may log in from a program"
}

// refusalIn is the same, "" if neither the answer nor the server is known.
func refusalIn(host, answer string) string {
	host, answer = strings.ToLower(host), strings.ToLower(answer)
	for _, r := range refusals {
		here := r.at == "" || host == r.at || strings.HasSuffix(host, "."+r.at)
		for _, w := range r.words {
			here = here && strings.Contains(answer, w)
		}
		if here {
			return r.means
		}
	}
	return ""
}

// plainTrouble adds the next step to the trouble of a mailbox, where it is known
// from the server's words. A login that fails at a known provider is told too.
func plainTrouble(host, trouble string) string {
	failed := strings.Contains(trouble, "log in to ")
	if !failed {
		host = ""
	}
	words := refusalIn(host, trouble)
	if trouble == "" || words == "" || strings.Contains(trouble, words) {
		return trouble
	}
	return strings.TrimSuffix(trouble, ".") + "; " + words
}
