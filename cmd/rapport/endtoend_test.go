package main

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"rapport/demo"
	"rapport/internal/servers"
	"rapport/threads"
)

const agencyConfig = `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
people: [{login: mara, name: Mara Lindqvist, addresses: [mara@agency.example], role: manager}]
mailboxes:
  - {name: projects, server: "{{imap}}", tls: tls, ca_file: "{{imap-ca}}", username: projects@agency.example, password_file: password, start: all}
smtp:
  server: "{{smtp}}"
  tls: tls
  ca_file: "{{smtp-ca}}"
  username: projects@agency.example
  password_file: password
  from: projects@agency.example
  copy: projects@agency.example
web: {listen: "127.0.0.1:0"}
projects:
  - key: ACME-WEB
    name: Web shop
    client: Acme Books
    time_zone: Europe/London
    managers: [mara]
    contacts: [{name: Ellen Whitcombe, addresses: [ellen@acme.example], gets_reports: true}]
`

const firstMail = "From: Ellen Whitcombe <ellen@acme.example>\r\nTo: projects@agency.example\r\n" +
	"Subject: The checkout\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <first@acme.example>\r\n\r\n" +
	"Hi Mara,\r\n\r\nthe checkout does not work on my phone. Could you add a gift option?\r\n\r\nEllen\r\n"

const weeklyDraft = `---
project: ACME-WEB
period: 2026-W48
status: green
---
Dear Ellen,

here is what we did for the shop this week.

## Done this week

- The home page shows the next five events from the calendar.
- The order confirmation has the new logo at the top.
- The staff pages are ready for a first test in the Bath shop.

## Your points, and our answers

{{answers}}

## We need a word from you

` + "```decisions\n- decision: Shall we build the gift option before Christmas for 6 hours?\n```\n"

// The main job with a real IMAP and a real SMTP server: mail comes in, a report
// goes out, the client's answer finds its points.
func TestTheMainJobWithRealServers(t *testing.T) {
	t.Parallel()
	dovecot := servers.StartDovecot(t)
	postfix := servers.StartPostfix(t, dovecot)
	dovecot.AddUser(t, "projects@agency.example", "secret")
	dovecot.AddUser(t, "ellen@acme.example", "hers")

	dir := t.TempDir()
	put(t, dir, "rapport.yaml", strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{smtp}}", postfix.TLSAddr, "{{imap-ca}}", dovecot.CA, "{{smtp-ca}}", postfix.CA).Replace(agencyConfig))
	put(t, dir, "password", "secret\n")

	serve := program(t.Context(), dir, "serve")
	var out output
	serve.Stdout, serve.Stderr = &out, &out
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		serve.Process.Kill()
		if t.Failed() {
			t.Logf("the server said:\n%s", out.String())
		}
	}()

	postfix.Deliver(t, "ellen@acme.example", "projects@agency.example", []byte(firstMail))
	items := awaitItems(t, dir, 2)
	answers := "```answers\n"
	for _, it := range items {
		answers += "- item: " + it.Label() + "\n  answer: accepted\n  reason: We look into it.\n  next: You hear from us.\n"
	}
	put(t, dir, "week.md", strings.Replace(weeklyDraft, "{{answers}}", answers+"```", 1))
	rapport(t, dir, "report", "approve", "week.md")
	rapport(t, dir, "report", "send", "week.md", "--queue")

	// The running server sends it; Ellen answers inline.
	letter := dovecot.Await(t, "ellen@acme.example", 1)[0]
	reply, err := demo.Answer(demo.Letter{Recipients: []string{"ellen@acme.example"}, Raw: letter})
	if err != nil {
		t.Fatal(err)
	}
	to := regexp.MustCompile(`(?m)^To: <(.*)>\r$`).FindSubmatch(reply.Raw)
	if to == nil || !strings.HasPrefix(string(to[1]), "projects+") {
		t.Fatalf("the reply goes to no signed address:\n%s", reply.Raw)
	}
	postfix.Deliver(t, "ellen@acme.example", string(to[1]), reply.Raw)

	eventually(t, "each answer is matched to a point", func() bool {
		var got []threads.Item
		rapportJSON(t, &got, dir, "items", "--json")
		points := map[string]bool{}
		for _, it := range got {
			if it.Report != "" && it.Point != "" {
				points[it.Point] = true
			}
		}
		return len(points) == len(reply.Answers)
	})

	// The pages are there, and SIGTERM ends it cleanly.
	address := regexp.MustCompile(`http://\S+`).FindString(out.String())
	page, err := http.Get(address + "/p/ACME-WEB")
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	if page.StatusCode != http.StatusOK {
		t.Errorf("the project's page answers %s", page.Status)
	}
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := serve.Wait(); err != nil {
		t.Errorf("serve ends with %v", err)
	}
}

// awaitItems waits until the archive has n items.
func awaitItems(t *testing.T, dir string, n int) (items []threads.Item) {
	t.Helper()
	eventually(t, "the client's items are filed", func() bool {
		rapportJSON(t, &items, dir, "items", "--json")
		return len(items) >= n
	})
	return items
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
