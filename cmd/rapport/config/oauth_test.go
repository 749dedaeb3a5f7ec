package config

import (
	"path/filepath"
	"strings"
	"testing"
)

const withTokens = `
agency: {name: Northlight, addresses: [projects@northlight.example]}
mailboxes:
  - name: projects
    server: outlook.example:993
    username: projects@northlight.example
    oauth: {provider: microsoft, client_id: c, token_file: secrets/token, client_secret_file: secrets/imap}
smtp:
  server: outlook.example:587
  username: projects@northlight.example
  from: projects@northlight.example
  oauth: {provider: microsoft, client_id: c, token_file: secrets/token, client_secret_file: secrets/imap}
projects:
  - {key: ACME, name: Site, client: Acme, domains: [acme.example]}
`

func TestLoginsByToken(t *testing.T) {
	path := example(t)
	dir := filepath.Dir(path)
	write(t, dir, "rapport.yaml", withTokens)
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	o := c.Mailboxes[0].OAuth
	if o.Flow != "code" || o.Mechanism != "xoauth2" || o.TokenFile != filepath.Join(dir, "secrets/token") || o != c.SMTP.OAuth {
		t.Errorf("login %+v", o)
	}
	if secret, err := o.ClientSecret(); secret != "one" || err != nil {
		t.Errorf("secret %q, %v", secret, err)
	}
	out, err := c.Show()
	if err != nil || !strings.Contains(out, "secrets/token # hidden") || strings.Contains(out, ": one") {
		t.Errorf("%v\n%s", err, out)
	}
	write(t, dir, "again.yaml", out)
	if _, err := Load(filepath.Join(dir, "again.yaml")); err != nil {
		t.Errorf("what is shown does not load: %v", err)
	}
}

// A configuration without tokens has no login by token.
func TestTheExampleLogsInByPassword(t *testing.T) {
	c, err := Load(example(t))
	if err != nil {
		t.Fatal(err)
	}
	if c.Mailboxes[0].OAuth.Used() || c.SMTP.OAuth.Used() {
		t.Errorf("logins %+v, %+v", c.Mailboxes[0].OAuth, c.SMTP.OAuth)
	}
}
