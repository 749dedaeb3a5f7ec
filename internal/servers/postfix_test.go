package servers_test

import (
	"bytes"
	"crypto/tls"
	"net/smtp"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// world is a mail server with one client's mailbox behind it.
func world(t *testing.T) (*servers.Dovecot, *servers.Postfix) {
	d := servers.StartDovecot(t)
	d.AddUser(t, "ann@client.example", "secret")
	return d, servers.StartPostfix(t, d)
}

func TestPostfixDeliversToDovecot(t *testing.T) {
	d, p := world(t)
	err := smtp.SendMail(p.Addr, nil, "pm@agency.example", []string{"ann@client.example"}, letter)
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Fatalf("net/smtp took a certificate that it cannot know: %v", err)
	}
	c := dial(t, p)
	if err := c.Auth(smtp.PlainAuth("", "ann@client.example", "secret", "127.0.0.1")); err != nil {
		t.Fatalf("log in with Dovecot's users: %v", err)
	}
	if err := send(c, "ann@client.example"); err != nil {
		t.Fatal(err)
	}
	mails := d.Await(t, "ann@client.example", 1)
	if !bytes.HasSuffix(mails[0], letter) {
		t.Errorf("sent %q, found %q", letter, mails[0])
	}
}

func TestPostfixAnswersAsTheTestSays(t *testing.T) {
	_, p := world(t)
	p.Answer("ann@client.example", "450 4.2.1 try later")
	for _, c := range []struct{ to, want string }{
		{"ann@client.example", "450"},
		{"someone@elsewhere.test", "554"},
	} {
		if err := send(dial(t, p), c.to); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("mail to %s: %v, want %s", c.to, err, c.want)
		}
	}
	p.Answer("ann@client.example", "550 5.1.1 gone")
	if err := send(dial(t, p), "ann@client.example"); err == nil || !strings.HasPrefix(err.Error(), "550") {
		t.Errorf("refused recipient: %v", err)
	}
	p.Answer("ann@client.example", "")
	if err := send(dial(t, p), "ann@client.example"); err != nil {
		t.Errorf("accepted again: %v", err)
	}
}

func TestPostfixBouncesToTheSenderWhatDovecotRefuses(t *testing.T) {
	d, p := world(t)
	d.AddUser(t, "pm@agency.example", "secret")
	if err := send(dial(t, p), "nobody@client.example"); err != nil {
		t.Fatal(err)
	}
	bounce := d.Await(t, "pm@agency.example", 1)[0]
	for _, want := range []string{"multipart/report", "nobody@client.example", "Action: failed"} {
		if !bytes.Contains(bounce, []byte(want)) {
			t.Errorf("the bounce lacks %q:\n%s", want, bounce)
		}
	}
}

// dial opens a session and secures it.
func dial(t *testing.T, p *servers.Postfix) *smtp.Client {
	t.Helper()
	c, err := smtp.Dial(p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.StartTLS(&tls.Config{RootCAs: p.Pool, ServerName: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	return c
}

// send hands over the test's letter in an open session.
func send(c *smtp.Client, to string) error {
	if err := c.Mail("pm@agency.example"); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(letter); err != nil {
		return err
	}
	return w.Close()
}
