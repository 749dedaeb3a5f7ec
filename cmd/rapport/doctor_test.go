package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/servers"
	"rapport/threads"
)

// doctorOf examines a configuration by a DNS of the test's own.
func doctorOf(t *testing.T, path string, z zone) *doctor {
	t.Helper()
	e := &env{ctx: t.Context(), config: path, err: &bytes.Buffer{}}
	h, err := e.settings()
	if err != nil {
		t.Fatal(err)
	}
	d := &doctor{house: h, now: time.Now, dns: z, dial: new(net.Dialer).DialContext, patient: patience}
	t.Cleanup(func() {
		if d.store != nil {
			d.store.Close()
		}
	})
	return d
}

// With real servers all is well, a mail comes back with a signature that holds,
// and what came back is no client's mail.
func TestTheDoctorFindsAllWell(t *testing.T) {
	dovecot := servers.StartDovecot(t)
	postfix := servers.StartPostfix(t, dovecot)
	dovecot.AddUser(t, account, "secret")
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	text := strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{smtp}}", postfix.TLSAddr, "{{imap-ca}}", dovecot.CA, "{{smtp-ca}}", postfix.CA,
		"  copy: projects@agency.example\n", "  dkim: {domain: agency.example, selector: r, key_file: "+pemFile(t, key)+"}\n").Replace(agencyConfig)
	put(t, dir, "rapport.yaml", text)
	put(t, dir, "password", "secret\n")
	z := zone{
		"mx agency.example": {"mx.agency.example."}, "agency.example": {"v=spf1 mx -all"}, "_dmarc.agency.example": {"v=DMARC1; p=reject"},
		"r._domainkey.agency.example": {dkimRecord(key)},
	}
	config := filepath.Join(dir, "rapport.yaml")
	d := doctorOf(t, config, z)
	findings := append(d.examine(t.Context()), d.roundTrip(t.Context(), patience)...)
	for _, f := range findings {
		if f.Level == wrong || f.Level == warning && f.Code != "tls.certificate" { // the test's certificate lasts a day
			t.Errorf("%+v", f)
		}
	}
	for _, want := range []string{
		"  ok       logged in as projects@agency.example\n", "the folder INBOX opens: 0 mails", "connected by TLS 1.3", " IDLE ", "UIDPLUS", "8BITMIME",
		"DNS has our key", "  ok       the mail to projects@agency.example came back to mailbox projects after ",
		"  ok       the mail to projects+doctor@agency.example came back to mailbox projects after ",
		"it is signed by agency.example, and the signature holds", "our clock agrees with that of the server of mailbox projects",
	} {
		if !strings.Contains(told(findings), want) {
			t.Errorf("%q is missing in:\n%s", want, told(findings))
		}
	}

	// Filed like any mail, it is a machine's, says nothing and is of no project.
	inProcess(t, exitOK, "-c", config, "poll", "--once")
	var tray []threads.Message
	if err := json.Unmarshal([]byte(inProcess(t, exitOK, "-c", config, "tray", "--json")), &tray); err != nil {
		t.Fatal(err)
	}
	if len(tray) != 2 || tray[0].Class != threads.ClassAutoReply || tray[0].Direction != threads.In {
		t.Errorf("in the tray: %+v", tray)
	}
	if out := inProcess(t, exitOK, "-c", config, "items", "--json"); strings.TrimSpace(out) != "[]" {
		t.Errorf("items: %s", out)
	}

	// The server forgets about plus parts: that mail is missing, and told.
	postfix.Answer("projects+doctor@agency.example", "550 5.1.1 no such user")
	findings = d.roundTrip(t.Context(), patience)
	if f := found(t, findings, "round-trip.send"); f.Level != wrong || !strings.Contains(f.Words, "no such user") || !strings.Contains(f.Fix, "sub-addressing") {
		t.Errorf("got %+v", f)
	}
	if f := found(t, findings, "round-trip"); f.Level != fine {
		t.Errorf("the other mail: %+v", f)
	}
}

// A mail that bounces is told as soon as the bounce is there.
func TestTheDoctorReadsBounces(t *testing.T) {
	dovecot := servers.StartDovecot(t)
	postfix := servers.StartPostfix(t, dovecot)
	dovecot.AddUser(t, account, "secret")
	dir := t.TempDir()
	text := strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{smtp}}", postfix.TLSAddr, "{{imap-ca}}", dovecot.CA, "{{smtp-ca}}", postfix.CA,
		"addresses: [projects@agency.example]}", "addresses: [answers@agency.example]}").Replace(agencyConfig)
	put(t, dir, "rapport.yaml", text)
	put(t, dir, "password", "secret\n")
	findings := doctorOf(t, filepath.Join(dir, "rapport.yaml"), nil).roundTrip(t.Context(), patience)
	if f := found(t, findings, "round-trip.tag"); f.Level != wrong || !strings.Contains(f.Words, "the mail to answers+doctor@agency.example came back: 5.1.1") {
		t.Errorf("got %+v", f)
	}
	if f := found(t, findings, "round-trip.dkim"); f.Level != warning || !strings.Contains(f.Words, "without a DKIM signature") {
		t.Errorf("got %+v", f)
	}
}

const troubled = `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
people: [{login: mara, name: Mara Lindqvist, addresses: [mara@agency.example], role: manager}]
mailboxes:
  - {name: projects, server: "{{imap}}", tls: {{mode}}, allow_plaintext: true, username: projects@agency.example, password_file: password, folder: "{{folder}}", after: {{after}}}
smtp: {server: "{{smtp}}", tls: {{mode}}, allow_plaintext: true, username: projects@agency.example, password_file: password, from: projects@agency.example}
limits: {letter: 25MB}
projects:
  - {key: ACME-WEB, name: Web shop, client: Acme Books, managers: [mara], contacts: [{name: Ellen Whitcombe, addresses: [ellen@acme.example]}]}
`

// says is a server that answers each line by the first rule that it begins with.
func says(t *testing.T, greeting string, rules ...string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn, greeting, rules)
		}
	}()
	return l.Addr().String()
}

func answer(conn net.Conn, greeting string, rules []string) {
	defer conn.Close()
	conn.Write([]byte(greeting))
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			return
		}
		for _, line := range strings.Split(strings.TrimSpace(string(buffer[:n])), "\r\n") {
			for i := 0; i+1 < len(rules); i += 2 {
				tag, command, _ := strings.Cut(line, " ")
				if strings.HasPrefix(line, rules[i]) || strings.HasPrefix(command, rules[i]) {
					conn.Write([]byte(strings.ReplaceAll(rules[i+1], "TAG", tag)))
					break
				}
			}
		}
	}
}

func TestWhatTheDoctorSaysAboutTrouble(t *testing.T) {
	imap := func(rules ...string) []string {
		return append(rules, "LOGIN", "TAG OK [CAPABILITY IMAP4rev1] in\r\n", "EXAMINE", "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK [READ-ONLY] open\r\n",
			"LIST", "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Kunden\r\nTAG OK listed\r\n", "CAPABILITY", "* CAPABILITY IMAP4rev1\r\nTAG OK\r\n", "LOGOUT", "* BYE\r\nTAG OK\r\n")
	}
	const hello = "* OK [CAPABILITY IMAP4rev1] ready\r\n"
	nobody := func(*testing.T) string { return closedPort(t) }
	for _, c := range []struct {
		name   string
		imap   func(t *testing.T) string
		smtp   func(t *testing.T) string
		mode   string
		folder string
		after  string
		code   string
		level  level
		words  string
		fix    string
	}{
		{name: "nothing listens", code: "connect", level: wrong, words: "refused", fix: "mend the port"},
		{name: "no TLS at this port", mode: "tls", code: "tls", level: wrong, words: "cannot be secured", fix: "tls: starttls",
			imap: func(t *testing.T) string { return says(t, hello, imap()...) }},
		{name: "no STARTTLS", mode: "starttls", code: "tls", level: wrong, words: "cannot be secured", fix: "ask",
			imap: func(t *testing.T) string { return says(t, hello, imap("STARTTLS", "TAG BAD unknown\r\n")...) }},
		{name: "a wrong password", code: "imap.login", level: wrong, words: "refuses the login as projects@agency.example", fix: "check user name and password",
			imap: func(t *testing.T) string { return says(t, hello, imap("LOGIN", "TAG NO wrong\r\n")...) }},
		{name: "no passwords at all", code: "imap.login", level: wrong, words: "it offers XOAUTH2", fix: "starttls",
			imap: func(t *testing.T) string {
				return says(t, "* OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2] ready\r\n", imap()...)
			}},
		{name: "a folder that is not there", folder: "Clients", code: "imap.folder", level: wrong, words: `"Clients" does not open`, fix: "there are: INBOX, Kunden",
			imap: func(t *testing.T) string { return says(t, hello, imap("EXAMINE", "TAG NO no such folder\r\n")...) }},
		{name: "NetEase without leave", code: "imap.folder", level: wrong, words: "Unsafe Login", fix: "NetEase",
			imap: func(t *testing.T) string {
				return says(t, hello, imap("EXAMINE", "TAG NO EXAMINE Unsafe Login. Please contact kefu\r\n")...)
			}},
		{name: "a poor server", code: "imap.missing", level: note, words: "it has no IDLE: new mail is seen only at each poll, every 2m0s",
			imap: func(t *testing.T) string { return says(t, hello, imap()...) }},
		{name: "a folder to be made", after: "move Done", code: "imap.move", level: note, words: `the folder "Done"`,
			imap: func(t *testing.T) string { return says(t, hello, imap()...) }},
		{name: "a clock that is late", code: "clock", level: warning, words: "our clock is", fix: "NTP",
			imap: func(t *testing.T) string {
				return says(t, hello, imap("EXAMINE", "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\nTAG OK open\r\n",
					"FETCH", "* 1 FETCH (INTERNALDATE \"01-Jan-2099 10:00:00 +0000\")\r\nTAG OK\r\n")...)
			}},
		{name: "no IMAP", code: "imap.greeting", level: wrong, words: "does not greet", fix: "port of an IMAP server",
			imap: func(t *testing.T) string { return says(t, "SSH-2.0-OpenSSH_9.2\r\n") }},
		{name: "a server that says nothing", code: "imap.greeting", level: wrong, words: "does not greet",
			imap: func(t *testing.T) string { return says(t, "") }},

		{name: "no submission", code: "smtp.greeting", level: wrong, words: "does not greet", fix: "465 (tls) and 587",
			smtp: func(t *testing.T) string { return says(t, "554 go away\r\n") }},
		{name: "no logins", code: "smtp.login", level: wrong, words: "takes no login", fix: "465 or 587",
			smtp: func(t *testing.T) string {
				return says(t, "220 mx ESMTP\r\n", "EHLO", "250-mx\r\n250 SIZE\r\n", "QUIT", "221 bye\r\n")
			}},
		{name: "a wrong password for sending", code: "smtp.login", level: wrong, words: "535", fix: "check user name",
			smtp: func(t *testing.T) string {
				return says(t, "220 mx ESMTP\r\n", "EHLO", "250-mx\r\n250 AUTH PLAIN\r\n", "AUTH", "535 5.7.8 no\r\n", "*", "501 well then\r\n", "QUIT", "221 bye\r\n")
			}},
		{name: "letters that are too large", code: "smtp.size", level: warning, words: "10 MB at most, and limits.letter allows 25MB", fix: "limits.letter: 10MB",
			smtp: func(t *testing.T) string {
				return says(t, "220 mx ESMTP\r\n", "EHLO", "250-mx\r\n250-SIZE 10485760\r\n250 AUTH PLAIN\r\n", "AUTH", "235 in\r\n", "QUIT", "221 bye\r\n")
			}},
		{name: "a clock in the greeting", code: "clock", level: warning, words: "ahead of that of 127.0.0.1", fix: "NTP",
			smtp: func(t *testing.T) string {
				return says(t, "220 mx ESMTP Exim 4.96 Mon, 23 Nov 2020 09:00:00 +0000\r\n", "EHLO", "250-mx\r\n250 AUTH PLAIN\r\n", "AUTH", "235 in\r\n", "QUIT", "221 bye\r\n")
			}},
		{name: "no STARTTLS for sending", mode: "starttls", code: "tls", level: wrong, words: "offers no STARTTLS", fix: "465",
			smtp: func(t *testing.T) string { return says(t, "220 mx ESMTP\r\n", "EHLO", "250-mx\r\n250 SIZE\r\n") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			about := "mailbox projects"
			if c.smtp != nil {
				about = "smtp"
			}
			for _, s := range []*func(*testing.T) string{&c.imap, &c.smtp} {
				if *s == nil {
					*s = nobody
				}
			}
			dir := t.TempDir()
			put(t, dir, "rapport.yaml", strings.NewReplacer("{{imap}}", c.imap(t), "{{smtp}}", c.smtp(t), "{{mode}}", or(c.mode, "none"),
				"{{folder}}", or(c.folder, "INBOX"), "{{after}}", or(c.after, "keep")).Replace(troubled))
			put(t, dir, "password", "hunter2\n")
			d := doctorOf(t, filepath.Join(dir, "rapport.yaml"), nil)
			if c.name == "a server that says nothing" {
				d.patient = time.Second
			}
			var findings []finding
			for _, f := range d.examine(t.Context()) {
				if f.About == about {
					findings = append(findings, f)
				}
			}
			if f := found(t, findings, c.code); f.Level != c.level || !strings.Contains(f.Words, c.words) || !strings.Contains(f.Fix, c.fix) {
				t.Errorf("got %+v", f)
			}
			if strings.Contains(told(findings), "hunter2") {
				t.Errorf("the password shows:\n%s", told(findings))
			}
		})
	}
}

func or(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// closedPort is an address at which nothing listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestCertificates(t *testing.T) {
	dovecot := servers.StartDovecot(t)
	dovecot.AddUser(t, account, "hunter2")
	_, port, _ := net.SplitHostPort(dovecot.TLSAddr)
	dir := t.TempDir()
	put(t, dir, "password", "hunter2\n")
	put(t, dir, "rapport.yaml", strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{smtp}}", closedPort(t), "{{mode}}", "tls",
		"{{folder}}", "INBOX", "{{after}}", "keep").Replace(troubled))
	d := doctorOf(t, filepath.Join(dir, "rapport.yaml"), nil)
	m := d.config().Mailboxes[0]
	if f := found(t, d.examineMailbox(t.Context(), m), "tls"); f.Level != wrong || !strings.Contains(f.Fix, "ca_file") {
		t.Errorf("unknown: %+v", f)
	}
	m.CAFile = dovecot.CA
	if f := found(t, d.examineMailbox(t.Context(), m), "tls.certificate"); f.Level != warning || !strings.Contains(f.Fix, "renew") {
		t.Errorf("ends soon: %+v", f)
	}
	d.now = func() time.Time { return time.Now().AddDate(-1, 0, 0) }
	for _, f := range d.examineMailbox(t.Context(), m) {
		if f.Code == "tls.certificate" {
			t.Errorf("lasts for a year: %+v", f)
		}
	}
	d.now = time.Now
	m.Server = "imap.agency.example:993"
	d.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
	}
	if f := found(t, d.examineMailbox(t.Context(), m), "tls"); f.Level != wrong || !strings.Contains(f.Fix, "as its certificate has it: localhost") {
		t.Errorf("another name: %+v", f)
	}
}

func TestTheDoctorForPrograms(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "rapport.yaml", strings.NewReplacer("{{imap}}", closedPort(t), "{{smtp}}", closedPort(t), "{{mode}}", "none",
		"{{folder}}", "INBOX", "{{after}}", "keep").Replace(troubled))
	put(t, dir, "password", "hunter2\n")
	var got struct {
		Healthy  bool      `json:"healthy"`
		Findings []finding `json:"findings"`
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-c", filepath.Join(dir, "rapport.yaml"), "doctor", "--json"}, strings.NewReader(""), &out, &errs); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Healthy || !strings.Contains(errs.String(), "2 things to mend") {
		t.Errorf("%v\n%s%s", err, out.String(), errs.String())
	}
	found(t, got.Findings, "round-trip.skipped")
	found(t, got.Findings, "archive.open")
}

// Whoever can read the database reads all mail.
func TestTheDoctorNamesFilesThatAreOpenToOthers(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "rapport.yaml", "store: {url: \"sqlite:mail.db\"}\nlog: {key_file: log.key}\nagency: {name: Us, addresses: [post@us.example]}\n")
	put(t, dir, "mail.db", "")
	put(t, dir, "log.key", "secret")
	d := doctorOf(t, filepath.Join(dir, "rapport.yaml"), nil)
	for _, mode := range []os.FileMode{0o600, 0o640} {
		var open []string
		for _, name := range []string{"mail.db", "log.key"} {
			if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range d.examineSecrets(t.Context()) {
			if f.Level == warning {
				open = append(open, f.Fix)
			}
		}
		if (mode == 0o600) != (len(open) == 0) || mode != 0o600 && (len(open) != 2 || !strings.HasSuffix(strings.Join(open, " "), "/mail.db")) {
			t.Errorf("files of mode %o: %q", mode, open)
		}
	}
}
