package main

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

const statusConfig = `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
people: [{login: mara, name: Mara Lindqvist, addresses: [mara@agency.example], role: manager}]
mailboxes:
  - {name: projects, server: "imap.agency.example:993", username: projects@agency.example, password_file: password, start: 2026-01-31}
  - name: office
    server: imap.agency.example:993
    username: office@agency.example
    oauth: {provider: microsoft, client_id: c, token_file: office.token}
smtp: {server: "smtp.agency.example:465", username: projects@agency.example, password_file: password, from: projects@agency.example}
projects:
  - key: ACME-WEB
    name: Web shop
    client: Acme Books
    time_zone: Europe/London
    managers: [mara]
    contacts: [{name: Ellen Whitcombe, addresses: [ellen@acme.example], gets_reports: true}]
    report: {every: week, day: friday, at: "16:00"}
  - {key: QUIET, name: Site, client: Quiet, managers: [mara], domains: [quiet.example]}
`

const stranger = "From: somebody@elsewhere.example\r\nTo: projects@agency.example\r\nSubject: An offer\r\n" +
	"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <offer@elsewhere.example>\r\n\r\nBuy this.\r\n"

// inProcess runs the program in this process.
func inProcess(t *testing.T, want int, args ...string) (out string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), args, strings.NewReader(""), &stdout, &stderr); code != want {
		t.Fatalf("rapport %s ends with %d, want %d:\n%s%s", strings.Join(args, " "), code, want, stdout.String(), stderr.String())
	}
	return stdout.String() + stderr.String()
}

// houseOf opens the house of a configuration in this process, until the end of
// the test.
func houseOf(t *testing.T, config string) *house {
	t.Helper()
	h, err := (&env{ctx: t.Context(), config: config, err: io.Discard}).open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.close() })
	return h
}

func TestStatus(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	put(t, dir, "rapport.yaml", statusConfig)
	put(t, dir, "password", "secret\n")
	empty := inProcess(t, exitOK, "-c", config, "status")
	for _, want := range []string{
		"  projects (INBOX at imap.agency.example:993): 0 mails filed\n",
		"! it was never read; start \"rapport serve\", and if it is running, \"rapport doctor\" tells what is wrong. Reading begins with what came since 2026-01-31\n",
		"! nobody has logged in for office yet; run \"rapport login office\"\n",
		"  filed last: never\n", "  There are none yet.\n", "  ACME-WEB: the next is due Fri ",
	} {
		if !strings.Contains(empty, want) {
			t.Errorf("an empty archive does not show %q:\n%s", want, empty)
		}
	}
	if strings.Contains(empty, "QUIET") {
		t.Errorf("a project without a rhythm has no report due:\n%s", empty)
	}

	put(t, dir, "first.eml", firstMail)
	put(t, dir, "offer.eml", stranger)
	put(t, dir, "week.md", strings.Replace(weeklyDraft, "{{answers}}", "Nothing was open.", 1))
	inProcess(t, exitOK, "-c", config, "report", "approve", dir+"/week.md")
	inProcess(t, exitOK, "-c", config, "import", dir+"/first.eml", dir+"/offer.eml")
	held := inProcess(t, exitOK, "-c", config, "status")
	for _, want := range []string{"! in the tray: 1 mail, the oldest since ", "  held: 1\n", "waits for \"rapport report send r", "the last was for 2026-W48"} {
		if !strings.Contains(held, want) {
			t.Errorf("the status does not show %q:\n%s", want, held)
		}
	}

	// The letter is on its way, and the connection ends at the worst moment.
	e := &env{ctx: t.Context(), config: config, err: &bytes.Buffer{}}
	h, err := e.open()
	if err != nil {
		t.Fatal(err)
	}
	reports, err := h.store.Reports(t.Context(), "", 1)
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports %v, %v", reports, err)
	}
	if _, err := h.store.Release(t.Context(), reports[0].ID, threads.Release{}); err != nil {
		t.Fatal(err)
	}
	d, _, err := h.store.Lease(t.Context(), "test", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	d.State, d.Words = threads.Unknown, "connection \x1b[31mreset"
	if err := h.store.Settle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c, err := h.store.Claim(t.Context(), "old", "test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c.UIDValidity, c.First, c.LastUID = 7, 40, 41
	c.Owing = []threads.Owed{{UID: 41, Size: 62 << 20, Why: threads.WhyTooLarge, Words: "it has 62.0 MB, and the limit is 50.0 MB",
		From: threads.Address{Name: "Ellen \x1b[31m", Address: "ellen@acme.example"}, Subject: "Photos"}}
	if _, err := h.store.File(t.Context(), &c, nil); err != nil {
		t.Fatal(err)
	}
	s, err := h.status(e.ctx, time.Now().AddDate(0, 0, 20))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s.print(&out)
	for _, want := range []string{
		"  old: 0 mails filed of UIDs 40..41 (UIDVALIDITY 7), 0 of them in the tray, 1 vanished, 1 owed; ",
		"account signed: no time yet\n! it is no longer in the configuration, so it is not read\n! UID 41 is owed since ",
		`: it has 62.0 MB, and the limit is 50.0 MB; it is from Ellen [31m <ellen@acme.example>, "Photos". Next: raise limits.message`,
		"  unknown: 1\n", "! ACME-WEB, 2026-W48 to ellen@acme.example is unknown: connection [31mreset; ",
		"! ACME-WEB: late, it was due Fri ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the status does not show %q:\n%s", want, out.String())
		}
	}
	if len(s.Outbox.Letters) != 1 || s.Outbox.States[threads.Unknown] != 1 {
		t.Errorf("outbox %+v", s.Outbox)
	}

	var read status
	if err := json.Unmarshal([]byte(inProcess(t, exitOK, "-c", config, "status", "--json")), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Mailboxes) != 3 || read.Mail.Tray != 1 || read.Mail.LastFiled.IsZero() || len(read.Outbox.Letters) != 1 || len(read.Reports) != 1 ||
		read.Mailboxes[1].Login.By != "token" || read.Mailboxes[1].Login.Trouble == "" {
		t.Errorf("read back: %+v", read)
	}
}

func TestStatusTellsOfWhatErasedMailHasLeft(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	put(t, dir, "rapport.yaml", statusConfig)
	put(t, dir, "password", "secret\n")
	put(t, dir, "stranger.eml", stranger)
	inProcess(t, exitOK, "-c", config, "import", dir+"/stranger.eml")
	h := houseOf(t, config)
	m, err := h.store.Message(t.Context(), "offer@elsewhere.example")
	if err == nil {
		err = h.store.Erase(t.Context(), []string{m.ID}, threads.Erasure{Cause: threads.CauseRequest, Reason: "asked", By: "mara"})
	}
	if err != nil {
		t.Fatal(err)
	}
	const words = "! the files of the database may still have bytes of mail that was erased on "
	if out := inProcess(t, exitOK, "-c", config, "status"); !strings.Contains(out, words) || strings.Contains(out, "in the tray: 1 mail") {
		t.Errorf("it does not tell of the remnants, or still of the mail:\n%s", out)
	}
	if err := h.store.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out := inProcess(t, exitOK, "-c", config, "status"); strings.Contains(out, words) {
		t.Errorf("it tells of remnants that are gone:\n%s", out)
	}
}
