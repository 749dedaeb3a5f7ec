package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"rapport/internal/servers"
)

const startConfig = `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
people: [{login: mara, name: Mara Lindqvist, addresses: [mara@agency.example], role: manager}]
mailboxes:
  - {name: projects, server: "%s", tls: starttls, ca_file: %s, username: projects@agency.example, password_file: password, start: %s%s}
projects:
  - {key: ACME-WEB, name: Web shop, client: Acme Books, managers: [mara], contacts: [{name: Ellen Whitcombe, addresses: [ellen@acme.example]}]}
`

// What will be read for the first time, and what will be done to the mailbox, is
// said before it happens; unless it is configured nothing is moved or marked.
func TestTheFirstReadingIsSaidBefore(t *testing.T) {
	dovecot := servers.StartDovecot(t)
	dovecot.AddUser(t, account, "secret")
	for i, day := range []int{3, 10, 20} {
		raw := strings.Replace(firstMail, "Message-ID: <", fmt.Sprintf("Message-ID: <%d", i), 1)
		c := dovecot.Login(t, account)
		cmd := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: time.Date(2026, 3, day, 12, 0, 0, 0, time.UTC)})
		cmd.Write([]byte(raw))
		cmd.Close()
		if _, err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	for _, c := range []struct{ start, after, said, polled string }{
		{"now", "", "reading begins with what comes from then on: what is there now, 3 mails, is left out; nothing on the server is moved or marked", "0 new"},
		{"2026-03-09", "", "reading begins with what came since 2026-03-09: 2 of 3 mails; nothing on the server is moved or marked", "2 new"},
		{"all", "keep", "reading begins with all that is there: 3 mails; nothing on the server is moved or marked", "3 new"},
		{"2026-03-15", "seen", "reading begins with what came since 2026-03-15: 1 of 3 mails; what is filed is marked as seen", "1 new"},
		{"now", "move Filed", `what is there now, 3 mails, is left out; what is filed is moved to the folder "Filed"`, "0 new"},
		{"all", "move Filed", `reading begins with all that is there: 3 mails; what is filed is moved to the folder "Filed"`, "3 new"},
	} {
		t.Run(c.start+" "+c.after, func(t *testing.T) {
			dir, after := t.TempDir(), ""
			if c.after != "" {
				after = ", after: " + c.after
			}
			put(t, dir, "rapport.yaml", fmt.Sprintf(startConfig, dovecot.Addr, dovecot.CA, c.start, after))
			put(t, dir, "password", "secret\n")
			config := filepath.Join(dir, "rapport.yaml")
			before := flagsOf(t, dovecot)
			if out := inProcess(t, exitOK, "-c", config, "check-config"); !strings.Contains(strings.ReplaceAll(out, `"`, ""), "start: "+c.start+"\n") {
				t.Errorf("check-config does not say the start:\n%s", out)
			}
			if out := inProcess(t, exitOK, "-c", config, "doctor"); !strings.Contains(out, c.said) {
				t.Errorf("doctor does not say %q:\n%s", c.said, out)
			}
			if out := inProcess(t, exitOK, "-c", config, "poll", "--once"); !strings.Contains(out, "projects: "+c.polled) {
				t.Errorf("poll, not %q:\n%s", c.polled, out)
			}
			if out := inProcess(t, exitOK, "-c", config, "doctor"); strings.Contains(out, "never read") {
				t.Errorf("once it was read, doctor says:\n%s", out)
			}
			now := flagsOf(t, dovecot)
			if done := c.polled != "0 new" && (c.after == "seen" || c.after == "move Filed"); done == (now == before) {
				t.Errorf("the mailbox was %s, and is %s", before, now)
			}
		})
	}
}

// flagsOf tells of each mail in the INBOX its UID and flags.
func flagsOf(t *testing.T, d *servers.Dovecot) string {
	t.Helper()
	c := d.Login(t, account)
	defer c.Close()
	box, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	var mails []*imapclient.FetchMessageBuffer
	if box.NumMessages > 0 {
		if mails, err = c.Fetch(imap.SeqSet{{Start: 1}}, &imap.FetchOptions{UID: true, Flags: true}).Collect(); err != nil {
			t.Fatal(err)
		}
	}
	var all []string
	for _, m := range mails {
		all = append(all, fmt.Sprint(m.UID, m.Flags))
	}
	return strings.Join(all, "; ")
}
