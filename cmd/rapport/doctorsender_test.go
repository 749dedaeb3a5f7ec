package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// The doctor says under which name the server stamps mail, and whether anybody
// listens to it.
func TestTheDoctorKnowsWhoStampsMail(t *testing.T) {
	dovecot := servers.StartDovecot(t)
	dovecot.AddUser(t, account, "secret")
	dir := t.TempDir()
	config := func(ids, dkim string) string {
		text := strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{imap-ca}}", dovecot.CA, "start: all}", "start: all, authserv_ids: ["+ids+"]}",
			"web:", "authentication: {dkim: "+dkim+"}\nweb:").Replace(agencyConfig)
		text = text[:strings.Index(text, "smtp:")] + text[strings.Index(text, "authentication:"):]
		put(t, dir, "rapport.yaml", text)
		return filepath.Join(dir, "rapport.yaml")
	}
	put(t, dir, "password", "secret\n")
	look := func(ids, dkim string) finding {
		t.Helper()
		return found(t, doctorOf(t, config(ids, dkim), nil).examine(t.Context()), "sender.authserv")
	}
	stamped := func(n int, id string) {
		for i := range n {
			dovecot.Append(t, account, []byte(fmt.Sprintf("Received: from mail.acme.example (mail.acme.example [203.0.113.4])\r\n\tby mx.agency.example; Mon, 23 Nov 2026 09:00:00 +0000\r\n"+
				"Authentication-Results: %s; dmarc=pass header.from=acme.example\r\nFrom: ellen@acme.example\r\nSubject: %d\r\n\r\nHello.\r\n", id, i)))
		}
	}
	dovecot.Append(t, account, []byte(firstMail))
	for _, c := range []struct {
		mails int
		by    string
		ids   string
		dkim  string
		level level
		words string
	}{
		{0, "", "", "check", note, "only its signatures are checked"},
		{0, "", "", "off", warning, "nobody finds out"},
		{0, "", "mx.agency.example", "check", warning, "none of the last 1 mail has a word of mx.agency.example"},
		{3, "MX.agency.example", "", "check", warning, "3 of the last 4 mails say by mx.agency.example whether they come from whom they say, and nobody listens"},
		{0, "", "mx.agency.example", "check", fine, "3 of the last 4 mails say by mx.agency.example"},
		{40, "mx2.agency.example", "mx.agency.example", "check", warning, "30 of the last 30 mails say by mx2.agency.example"},
	} {
		stamped(c.mails, c.by)
		f := look(c.ids, c.dkim)
		if f.Level != c.level || !strings.Contains(f.Words, c.words) || f.Level == warning && f.Fix == "" {
			t.Errorf("with authserv_ids [%s], dkim %s: %+v", c.ids, c.dkim, f)
		}
	}
}
