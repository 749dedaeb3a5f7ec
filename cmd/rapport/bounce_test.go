package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rapport/internal/servers"
	"rapport/threads"
	"rapport/web"
)

const bounceDraft = `---
project: ACME-WEB
period: 2026-W48
to: [ellen@acme.example, refused@acme.example, slow@acme.example, gone@acme.example]
---
Dear all,

the shop is open.
`

// TestARealBounceReachesItsLetter: a real Postfix takes one letter, refuses one,
// puts one off, and sends one back after it had taken it. Each row ends right,
// and the one that came back goes to a second contact.
func TestARealBounceReachesItsLetter(t *testing.T) {
	t.Parallel()
	dovecot := servers.StartDovecot(t)
	postfix := servers.StartPostfix(t, dovecot)
	dovecot.AddUser(t, "projects@agency.example", "secret")
	dovecot.AddUser(t, "ellen@acme.example", "hers")
	dovecot.AddUser(t, "tom@acme.example", "his")
	dovecot.AddUser(t, "slow@acme.example", "slow")
	postfix.Answer("refused@acme.example", "550 5.1.1 no such user here")
	postfix.Answer("slow@acme.example", "450 4.2.1 try later")

	dir := t.TempDir()
	config := strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{smtp}}", postfix.TLSAddr, "{{imap-ca}}", dovecot.CA, "{{smtp-ca}}", postfix.CA).Replace(agencyConfig)
	config = strings.Replace(config, "    contacts: [", "    domains: [acme.example]\n    contacts: [{name: Tom, addresses: [tom@acme.example]}, ", 1)
	put(t, dir, "rapport.yaml", config)
	put(t, dir, "password", "secret\n")
	put(t, dir, "week.md", bounceDraft)
	run := func(code int, args ...string) string {
		t.Helper()
		return inProcess(t, code, append([]string{"-c", dir + "/rapport.yaml"}, args...)...)
	}
	states := func() map[string]threads.Delivery {
		t.Helper()
		var reports []threads.Report
		rapportJSON(t, &reports, dir, "report", "list", "--json")
		out := map[string]threads.Delivery{}
		for _, d := range reports[0].Deliveries {
			out[strings.TrimSuffix(d.Recipient.Address, "@acme.example")] = d
		}
		return out
	}
	run(exitOK, "report", "approve", dir+"/week.md")
	run(exitFailed, "report", "send", dir+"/week.md")
	got := states()
	if got["ellen"].State != threads.Taken || got["refused"].State != threads.Refused || got["slow"].State != threads.Deferring || got["gone"].State != threads.Taken {
		t.Fatalf("after sending: %+v", got)
	}

	// Postfix learns from Dovecot that there is no such user, and says so by mail.
	eventually(t, "the bounce has reached its letter", func() bool {
		run(exitOK, "poll", "--once")
		return states()["gone"].State == threads.Bounced
	})
	got = states()
	if d := got["gone"]; !strings.Contains(d.Words, "550 5.1.1") || !strings.Contains(d.Words, "doesn't exist") {
		t.Errorf("the words of the bounce: %q", d.Words)
	}
	if got["ellen"].State != threads.Taken {
		t.Errorf("the bounce of one has changed another: %+v", got["ellen"])
	}
	if out := run(exitOK, "report", "show", dir+"/week.md"); !strings.Contains(out, "gone@acme.example did not get it. Who else may: Tom <tom@acme.example>") {
		t.Errorf("no second contact is proposed:\n%s", out)
	}
	again(t, dir+"/rapport.yaml", "tom@acme.example")
	if raw := string(dovecot.Await(t, "tom@acme.example", 1)[0]); !strings.Contains(raw, "the shop is open") {
		t.Errorf("Tom got:\n%s", raw)
	}
}

// TestABouncedReceiptIsTold: what is sent by itself comes back too.
func TestABouncedReceiptIsTold(t *testing.T) {
	t.Parallel()
	dovecot := servers.StartDovecot(t)
	postfix := servers.StartPostfix(t, dovecot)
	dovecot.AddUser(t, "projects@agency.example", "secret")
	dir := t.TempDir()
	config := strings.NewReplacer("{{imap}}", dovecot.TLSAddr, "{{smtp}}", postfix.TLSAddr, "{{imap-ca}}", dovecot.CA, "{{smtp-ca}}", postfix.CA).Replace(agencyConfig)
	put(t, dir, "rapport.yaml", config+"    receipts: true\n")
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
	first := strings.Replace(firstMail, "Date: Mon, 23 Nov 2026 09:00:00 +0000", "Date: "+time.Now().Format(time.RFC1123Z), 1)
	postfix.Deliver(t, "ellen@acme.example", "projects@agency.example", []byte(first)) // nobody of that name is at Dovecot
	eventually(t, "the receipt has come back", func() bool {
		var s status
		rapportJSON(t, &s, dir, "status", "--json")
		return s.Notices.States[threads.Bounced] == 1
	})
}

// again presses the button of a report's page, and lets the outbox work.
func again(t *testing.T, config, to string) {
	t.Helper()
	h, err := (&env{ctx: t.Context(), config: config, err: io.Discard}).open()
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	pages, err := web.New(web.Config{Guest: "mara", Archive: h.within, Accesses: h.store.AccessLog(), Directory: h.projects, Writer: desk{h}, Sentences: sentences})
	if err != nil {
		t.Fatal(err)
	}
	reports, err := h.store.Reports(t.Context(), "ACME-WEB", 1)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/r/"+reports[0].ID, strings.NewReader(url.Values{"to": {to}}.Encode()))
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	if pages.ServeHTTP(w, r); w.Code != http.StatusSeeOther {
		t.Fatalf("the page answers %d:\n%s", w.Code, w.Body)
	}
	outbox, err := h.outbox(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := outbox.Once(t.Context()); err != nil {
		t.Log(err) // the one that is put off
	}
}
