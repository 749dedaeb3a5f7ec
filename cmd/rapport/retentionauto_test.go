package main

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// A server erases by itself what is due, where the project says so and nothing
// holds it, and cleans up after an erasure that was broken off.
func TestDueMailIsErasedWhereTheProjectSaysSo(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	put(t, dir, "rapport.yaml", `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
projects:
  - {key: AUTO, name: Site, client: Auto, domains: [auto.example], retention: {at_most: 2y, automatic: true}}
  - {key: ASKED, name: Site, client: Asked, domains: [asked.example], retention: {at_most: 2y}}
`)
	for i, of := range []string{"auto", "auto", "asked"} {
		name := fmt.Sprintf("%d.eml", i)
		put(t, dir, name, fmt.Sprintf("From: ann@%s.example\r\nTo: projects@agency.example\r\nSubject: Mail %d\r\nDate: Mon, 3 Feb 2020 09:00:00 +0000\r\nMessage-ID: <%d@%s.example>\r\n\r\nPlease mend the door.\r\n", of, i, i, of))
		inProcess(t, exitOK, "-c", config, "import", dir+"/"+name)
	}
	h, err := (&env{ctx: t.Context(), config: config, err: io.Discard}).open()
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	due, err := h.store.QuietThreads(t.Context(), "AUTO", time.Now())
	if err != nil || len(due) != 2 {
		t.Fatalf("%d threads, %v", len(due), err)
	}
	if _, err := h.store.Hold(t.Context(), threads.Hold{Thread: due[0].ID, Reason: "A lawsuit", By: "olga"}); err != nil {
		t.Fatal(err)
	}
	left := func(now string) (n string) {
		t.Helper()
		at, err := time.Parse(time.RFC3339, now)
		if err == nil {
			err = h.retain(t.Context(), at)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"AUTO", "ASKED"} {
			quiet, err := h.store.QuietThreads(t.Context(), key, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			n += fmt.Sprint(len(quiet))
		}
		since, err := h.store.Remnants(t.Context())
		if err != nil || !since.IsZero() {
			t.Errorf("something of erased mail is left: %s, %v", since, err)
		}
		return n
	}
	for _, step := range [][2]string{{"2022-02-03T08:59:59Z", "21"}, {"2022-02-03T09:00:00Z", "11"}, {"2023-02-03T09:00:00Z", "11"}} {
		if got := left(step[0]); got != step[1] {
			t.Errorf("at %s %s threads are left, want %s", step[0], got, step[1])
		}
	}
	_, mails, err := h.store.Thread(t.Context(), due[1].ID)
	if err != nil || mails[0].Erased == nil || mails[0].Erased.By != automaticLogin || mails[0].Erased.Reason != "kept for 2y after the last mail" {
		t.Errorf("tombstone %+v, %v", mails[0].Erased, err)
	}
	if out := inProcess(t, exitOK, "-c", config, "verify", "--quiet"); !strings.HasPrefix(out, "whole: ") {
		t.Error(out)
	}
}
