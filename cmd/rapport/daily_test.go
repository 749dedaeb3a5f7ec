package main

import (
	"strings"
	"testing"
	"time"

	"rapport/mail"
)

const dailyConfig = statusConfig + `
notices: {daily: {at: "07:30", time_zone: Europe/Berlin}}
`

// TestManagersGetTheirDailyMail lets days pass with the whole program.
func TestManagersGetTheirDailyMail(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	put(t, dir, "rapport.yaml", strings.Replace(dailyConfig, "role: manager}]", "role: manager, language: zh}, {login: tom, name: Tom, addresses: [tom@agency.example], role: manager, without_daily: true}, {login: ada, name: Ada, addresses: [ada@agency.example], role: manager}]", 1))
	put(t, dir, "password", "secret\n")
	put(t, dir, "first.eml", firstMail)
	inProcess(t, exitOK, "-c", config, "import", dir+"/first.eml")
	h := houseOf(t, config)
	w, err := h.newWorkers()
	if err != nil {
		t.Fatal(err)
	}
	made := func(at string) int {
		t.Helper()
		now, err := time.Parse(time.RFC3339, at)
		if err == nil {
			err = w.dailies.once(t.Context(), now)
		}
		if err != nil {
			t.Fatal(err)
		}
		all, err := h.store.Notices(t.Context(), time.Time{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	w.dailies.began = time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC)
	if w.dailies.behind(w.dailies.began.Add(dailyWaits)) || !w.dailies.behind(w.dailies.began) {
		t.Error("a mail that is due right after the start does not wait for the mailboxes, or waits for ever")
	}
	for _, step := range []struct {
		at   string
		want int
	}{
		{"2026-11-27T06:29:00Z", 0}, // 07:29 in Berlin
		{"2026-11-27T06:30:00Z", 1},
		{"2026-11-27T06:31:00Z", 1}, // once
		{"2026-11-28T06:30:00Z", 1}, // Saturday
		{"2026-11-30T15:00:00Z", 1}, // the server was off all morning
		{"2026-12-01T07:00:00Z", 2},
	} {
		if got := made(step.at); got != step.want {
			t.Errorf("at %s there are %d, want %d", step.at, got, step.want)
		}
	}
	w.dailies.done = map[string]string{} // as after a restart
	if got := made("2026-12-01T07:01:00Z"); got != 2 {
		t.Errorf("after a restart there are %d", got)
	}
	all, err := h.store.Notices(t.Context(), time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	n, err := h.store.NoticeRaw(t.Context(), all[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	text := mail.Parse(n.Raw, mail.Limits{}).Text
	for _, want := range []string{"ACME-WEB", "Could you add a gift option?", "office"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	if n.To.Address != "mara@agency.example" || n.Language != "" && n.Language != "zh" || !strings.Contains(text, "待答复") {
		t.Errorf("to %s:\n%s", n.To.Address, text)
	}
}
