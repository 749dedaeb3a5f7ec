package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// TestMetricsTellTheFiguresAndNobody asks for the figures of an archive with
// mail, and looks that each is explained.
func TestMetricsTellTheFiguresAndNobody(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	put(t, dir, "rapport.yaml", statusConfig)
	put(t, dir, "password", "secret\n")
	put(t, dir, "first.eml", firstMail)
	put(t, dir, "offer.eml", stranger)
	inProcess(t, exitOK, "-c", config, "import", dir+"/first.eml", dir+"/offer.eml")
	h := houseOf(t, config)
	w, err := h.newWorkers()
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	w.metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	text := answer.Body.String()
	for _, want := range []string{
		"rapport_tray_mails 1\n", `rapport_mailbox_up{mailbox="projects"} 0`, `rapport_mailbox_state{mailbox="projects",state="stopped"} 1`,
		`rapport_token_trouble{login="office"} 1`, `rapport_notices_held{brake="peer"} 0`, "rapport_scrape_failed 0\n", "rapport_log_entries ", "rapport_reports_late 0",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the figures do not have %q:\n%s", want, text)
		}
	}
	for _, never := range []string{"ellen", "somebody", "@", "ACME", "Acme"} {
		if strings.Contains(text, never) {
			t.Errorf("the figures name %q:\n%s", never, text)
		}
	}

	doc, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []figure{mailboxUp, mailboxState, mailboxContact, mailboxFiled, mailboxTray, mailboxVanished, mailboxOwed, tokenEnds, tokenTrouble,
		trayMails, outboxLetters, reportsLate, noticesByState, brakesPulled, logSize, scrapeFailed} {
		name, _, _ := strings.Cut(strings.TrimPrefix(f.Desc.String(), `Desc{fqName: "`), `"`)
		if !strings.Contains(string(doc), "`"+name) {
			t.Errorf("docs/operating.md does not explain %s", name)
		}
	}

	h.store.Close()
	answer = httptest.NewRecorder()
	w.metrics().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if text := answer.Body.String(); !strings.Contains(text, "rapport_scrape_failed 1\n") {
		t.Errorf("an archive that cannot be asked:\n%s", text)
	}
}
