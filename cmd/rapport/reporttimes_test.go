package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// closedConfig is an agency whose mail server is gone, with a client who does
// not work for the next days.
func closedConfig(t *testing.T, dir string) (config string) {
	t.Helper()
	put(t, dir, "password", "secret\n")
	opens := time.Now().UTC().AddDate(0, 0, 3)
	text := strings.Replace(statusConfig, "smtp.agency.example:465", "127.0.0.1:1", 1)
	text = strings.Replace(text, `report: {every: week, day: friday, at: "16:00"}`,
		fmt.Sprintf(`hours: {from: "09:00", until: "17:00", days: [%s]}`, strings.ToLower(opens.Weekday().String()))+
			"\n    report: {every: week, day: friday, at: \"16:00\", send: due}", 1)
	put(t, dir, "rapport.yaml", text)
	put(t, dir, "week.md", strings.Replace(weeklyDraft, "{{answers}}", "Nothing was open.", 1))
	return dir + "/rapport.yaml"
}

func shows(t *testing.T, out string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(out, w) {
			t.Errorf("it does not show %q:\n%s", w, out)
		}
	}
}

func TestAnApprovedReportGoesWhenItIsDue(t *testing.T) {
	dir := t.TempDir()
	config, draft := closedConfig(t, dir), dir+"/week.md"
	shows(t, inProcess(t, exitOK, "-c", config, "report", "approve", draft), "it goes out by itself when it is due", "letters go on ", "16:00 ")
	shows(t, inProcess(t, exitOK, "-c", config, "report", "list"), "queued", " 16:00 ")
	shows(t, inProcess(t, exitOK, "-c", config, "status"), "  ACME-WEB, 2026-W48 goes out on ", "16:00")
}

func TestAReportWaitsForItsClient(t *testing.T) {
	dir := t.TempDir()
	config, draft := closedConfig(t, dir), dir+"/week.md"
	inProcess(t, exitOK, "-c", config, "report", "approve", draft)
	shows(t, inProcess(t, exitOK, "-c", config, "report", "send", draft), "letters go on ", " 09:00 ")

	// Nobody runs on that day.
	e := &env{ctx: t.Context(), config: config, err: &bytes.Buffer{}}
	h, err := e.open()
	if err != nil {
		t.Fatal(err)
	}
	reports, err := h.store.Reports(t.Context(), "", 1)
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports %v, %v", reports, err)
	}
	later := reports[0].Deliveries[0].Next.Add(2 * time.Hour)
	after, err := store.Open(t.Context(), store.Config{URL: dir + "/rapport.db", Now: func() time.Time { return later }})
	if err != nil {
		t.Fatal(err)
	}
	defer after.Close()
	d, _, err := after.Lease(t.Context(), "test", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	d.State, d.Words, d.Uncounted = threads.Held, threads.TimeMissed, true
	if err := after.Settle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
	shows(t, inProcess(t, exitOK, "-c", config, "report", "list"), "missed: ", " 09:00 ")
	shows(t, inProcess(t, exitOK, "-c", config, "report", "show", draft), "! the report was not sent at its time; is it still right? \"rapport report send r")
	shows(t, inProcess(t, exitOK, "-c", config, "status"), "! ACME-WEB, 2026-W48 to ellen@acme.example is held: "+threads.TimeMissed+"; is it still right?")

	// It is; and our own server fails, which costs the letter nothing.
	for range 2 {
		shows(t, inProcess(t, exitFailed, "-c", config, "report", "send", draft, "--now"), "deferred  0")
	}
	shows(t, inProcess(t, exitOK, "-c", config, "report", "show", draft), "released by mara on ", "\n"+threads.ReleasedAgain+"mara on ")
	shows(t, inProcess(t, exitOK, "-c", config, "status"), "our own mail server does not work with us. Nothing is lost, the letter waits for it; \"rapport doctor\" tells what to mend")
	shows(t, inProcess(t, exitOK, "-c", config, "report", "cancel", draft), "withdrawn: report 1 of ACME-WEB")
}

func TestALetterWithAnOldDateIsTold(t *testing.T) {
	dir := t.TempDir()
	config, draft := closedConfig(t, dir), dir+"/week.md"
	inProcess(t, exitOK, "-c", config, "report", "approve", draft)
	at := time.Now().UTC().AddDate(0, 0, 9).Format("2006-01-02 09:00")
	old := "! the letters have the Date of their approval, "
	shows(t, inProcess(t, exitOK, "-c", config, "report", "send", draft, "--at", at), old, "\"rapport report cancel r")
	shows(t, inProcess(t, exitOK, "-c", config, "report", "show", draft), old)
	inProcess(t, exitOK, "-c", config, "report", "cancel", draft)
	if out := inProcess(t, exitOK, "-c", config, "report", "approve", draft); strings.Contains(out, old) {
		t.Errorf("letters with a new Date are old:\n%s", out)
	}
}

func TestAReportThatIsApprovedTooLateIsNotSentByItself(t *testing.T) {
	dir := t.TempDir()
	config, draft := closedConfig(t, dir), dir+"/week.md"
	put(t, dir, "old.md", strings.Replace(strings.Replace(weeklyDraft, "{{answers}}", "Nothing was open.", 1), "2026-W48", "2026-W47", 1))
	long, err := store.Open(t.Context(), store.Config{URL: dir + "/rapport.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer long.Close()
	inProcess(t, exitOK, "-c", config, "report", "approve", dir+"/old.md")
	reports, err := long.Reports(t.Context(), "", 1)
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports %v, %v", reports, err)
	}
	// That one was for a slot of long ago.
	if _, err := long.Release(t.Context(), reports[0].ID, threads.Release{SendAt: time.Now().AddDate(0, -1, 0)}); err != nil {
		t.Fatal(err)
	}
	shows(t, inProcess(t, exitOK, "-c", config, "report", "approve", draft), "it was due on ", ", so it waits for \"rapport report send ", "held")
}
