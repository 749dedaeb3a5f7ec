package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/servers"
)

const eraseConfig = `
agency: {name: Northlight Studio, addresses: [projects@agency.example]}
people: [{login: olga, name: Olga Brandt, role: admin}]
projects: [{key: ACME-WEB, name: Web shop, client: Acme Books, domains: [acme.example]}]
`

// TestErasureSurvivesBeingKilled kills rapport erase at random moments: each
// time the mail is there whole, or erased whole, and the store is as its log
// says. What was begun is finished by the next run, and then no byte is left.
func TestErasureSurvivesBeingKilled(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		kills := killErasure(t, dir, filepath.Join(dir, "rapport.db"))
		files, err := filepath.Glob(filepath.Join(dir, "rapport.db*"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for n := range kills + 1 {
				if bytes.Contains(b, []byte(rareWord(n))) {
					t.Errorf("%s still has %s", filepath.Base(name), rareWord(n))
				}
			}
			if strings.HasSuffix(name, ".db") && !bytes.Contains(b, []byte(rareWord(kills+1))) {
				t.Error("the mail that stays is not where one looks for the others")
			}
		}
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		killErasure(t, t.TempDir(), servers.Postgres(t))
	})
}

// rareWord is one that only the n-th mail has.
func rareWord(n int) string { return fmt.Sprintf("xylophonequartz%dz", n) }

// killErasure tells how often it has killed: as many mails are erased and one
// more, and the one after that is left.
func killErasure(t *testing.T, dir, url string) (kills int) {
	kills = 6
	if testing.Short() {
		kills = 3
	}
	put(t, dir, "rapport.yaml", "store: {url: \""+url+"\"}\n"+eraseConfig)
	for n := range kills + 2 { // the last one stays
		text := strings.Repeat("Please keep "+rareWord(n)+" in mind. ", 200)
		put(t, dir, fmt.Sprintf("%d.eml", n), fmt.Sprintf("From: p%d@acme.example\r\nTo: projects@agency.example\r\nSubject: About %s\r\nMessage-ID: <%d@acme.example>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\n%s\r\n", n, rareWord(n), n, text))
		rapport(t, dir, "import", fmt.Sprintf("%d.eml", n))
	}
	erase := func(n int) []string {
		return []string{"erase", "--address", fmt.Sprintf("p%d@acme.example", n), "--as", "olga", "--reason", "Request", "--yes"}
	}
	began := time.Now()
	rapport(t, dir, erase(kills)...)
	whole := time.Since(began)
	dice := rand.New(rand.NewPCG(3, 4))
	for n := range kills {
		cmd := program(t.Context(), dir, erase(n)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(time.Duration(dice.Int64N(int64(whole))), func() { cmd.Process.Kill() })
		cmd.Wait() // killed, or done before
		kill.Stop()
		if out := rapport(t, dir, "verify", "--quiet"); !strings.HasPrefix(out, "whole: ") {
			t.Fatalf("after kill %d: %s", n, out)
		}
		if out, err := program(t.Context(), dir, erase(n)...).CombinedOutput(); err != nil && !strings.Contains(string(out), "not found") {
			t.Fatalf("erase it again: %v\n%s", err, out)
		}
	}
	rapport(t, dir, "erase", "--as", "olga")
	if out := rapport(t, dir, "verify", "--quiet"); !strings.Contains(out, fmt.Sprintf("%d mails", kills+2)) {
		t.Error(out)
	}
	return kills
}
