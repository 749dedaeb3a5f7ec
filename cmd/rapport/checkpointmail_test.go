package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

const checkpointPeople = `role: manager}, {login: ada, name: Ada Auditor, addresses: [ada@auditor.example], role: auditor, projects: [all], language: zh},
  {login: old, name: Old Auditor, addresses: [old@auditor.example], role: auditor, projects: [all], until: 2026-11-26}]`

// Days pass; auditors get the heads of both logs, and verify takes their mail.
func TestCheckpointsAreMailedToAuditors(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	public := strings.TrimSpace(inProcess(t, exitOK, "key", "new", dir+"/log.key"))
	put(t, dir, "rapport.yaml", strings.Replace(statusConfig, "role: manager}]", checkpointPeople, 1)+
		"log: {key_file: log.key, mail: {at: \"18:00\", time_zone: Europe/Berlin, to: [board@agency.example, ADA@auditor.example]}}\n")
	put(t, dir, "password", "secret\n")
	put(t, dir, "first.eml", firstMail)
	inProcess(t, exitOK, "-c", config, "import", dir+"/first.eml")
	h := houseOf(t, config)
	w, err := h.newWorkers()
	if err != nil {
		t.Fatal(err)
	}
	made := func(at time.Time) (all []threads.Notice) {
		t.Helper()
		if err := w.mailing.once(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if all, err = h.store.Notices(t.Context(), time.Time{}, 100); err != nil {
			t.Fatal(err)
		}
		return all
	}
	today := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1) // notices are made by the real clock: days pass from it
	at := func(day, hour int) time.Time { return today.AddDate(0, 0, day).Add(time.Duration(hour) * time.Hour) }
	for _, step := range []struct {
		at   time.Time
		want int
		why  string
	}{
		{at(0, 15), 0, "it is before the time in Berlin"},
		{at(0, 18), 2, "the auditor and the board, each once, and not the one whose access has ended"},
		{at(0, 19), 2, "once a day"},
		{at(1, 18), 2, "nothing happened but the mail itself"},
		{at(8, 18), 4, "a sign of life each week"},
	} {
		if got := made(step.at); len(got) != step.want {
			t.Errorf("at %s there are %d, want %d: %s", step.at, len(got), step.want, step.why)
		}
	}
	put(t, dir, "stranger.eml", stranger)
	inProcess(t, exitOK, "-c", config, "import", dir+"/stranger.eml")
	w.mailing.done = map[string]string{} // as after a restart
	if got := made(at(8, 20)); len(got) != 4 {
		t.Errorf("after a restart on the same day there are %d", len(got))
	}
	all := made(at(9, 18))
	if len(all) != 6 {
		t.Fatalf("there was mail, and of checkpoints there are %d", len(all))
	}
	for _, n := range all {
		n, err := h.store.NoticeRaw(t.Context(), n.ID)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%s.eml", n.ID)
		put(t, dir, name, string(n.Raw))
		said := inProcess(t, exitOK, "-c", config, "verify", "--quiet", "--key", public, "--checkpoint", dir+"/"+name)
		if !strings.Contains(said, "whole: ") {
			t.Errorf("the mail was read as %s", said)
		}
		m := mail.Parse(n.Raw, mail.Limits{})
		if zh := strings.Contains(m.Text, "请保留此邮件"); zh != (n.To.Address == "ada@auditor.example") {
			t.Errorf("%s got:\n%s", n.To.Address, m.Text)
		}
		if !strings.Contains(string(n.Raw), "Content-Type: text/plain; charset=utf-8;\r\n name=\"checkpoint.txt\"") {
			t.Errorf("nobody knows that the dash in the checkpoint is UTF-8:\n%s", n.Raw)
		}
		if len(m.Parts) != 1 || m.Parts[0].Name != "checkpoint.txt" || len(mailedCheckpoints(m)) != 2 {
			t.Errorf("the mail has %d parts, and %d checkpoints", len(m.Parts), len(mailedCheckpoints(m)))
		}
	}

	// The end of the log is cut off; the store looks whole, and the mail says otherwise.
	latest, err := h.store.NoticeRaw(t.Context(), all[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, "forwarded.eml", "From: ada@auditor.example\r\nSubject: Fw\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"+
		"--b\r\n\r\nSee there.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"+string(latest.Raw)+"\r\n--b--\r\n")
	put(t, dir, "none.eml", firstMail)
	inProcess(t, exitUsage, "-c", config, "verify", "--quiet", "--checkpoint", dir+"/none.eml")
	h.close()
	other := dir + "/other"
	put(t, dir, "other.yaml", strings.Replace(statusConfig, "agency:", "store: {url: \"sqlite:"+other+".db\"}\nagency:", 1))
	inProcess(t, exitOK, "-c", dir+"/other.yaml", "import", dir+"/first.eml")
	said := inProcess(t, exitFailed, "-c", dir+"/other.yaml", "verify", "--quiet", "--checkpoint", dir+"/forwarded.eml")
	if !strings.Contains(said, "the log was truncated") {
		t.Errorf("a shorter log was found to be %s", said)
	}
}
