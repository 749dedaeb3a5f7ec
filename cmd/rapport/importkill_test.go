package main

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/servers"
)

// TestImportAndExportSurviveBeingKilled kills both at random moments: each time
// there are as many mails as lines of the log about them and mails in the index,
// and no bundle that is not whole. The last run brings what is missing.
func TestImportAndExportSurviveBeingKilled(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		path := filepath.Join(dir, "rapport.db")
		killImport(t, dir, path, "sqlite3", path, "count(*) from search_docsize")
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		url := servers.Postgres(t)
		killImport(t, t.TempDir(), url, "pgx", url, "count(distinct ord) from search")
	})
}

func killImport(t *testing.T, dir, url, driver, source, indexed string) {
	const each = 200
	kills := 5
	if testing.Short() {
		kills = 3
	}
	put(t, dir, "rapport.yaml", "store: {url: \""+url+"\"}\nlog: {key_file: log.key}\n"+eraseConfig)
	for k := range kills + 1 {
		var box strings.Builder
		for n := k * each; n < (k+1)*each; n++ {
			fmt.Fprintf(&box, "From x Mon Nov  2 10:00:00 2026\nFrom: p%d@acme.example\nTo: projects@agency.example\nSubject: Wish %d\nMessage-ID: <%d@acme.example>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nPlease add a page.\n\n", n, n, n)
		}
		put(t, dir, fmt.Sprintf("%d.mbox", k), box.String())
	}
	mails := (kills + 1) * each
	public := rapport(t, dir, "key", "new", "log.key")
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	equal := func() int {
		t.Helper()
		var filed, lines, words int
		counts := `select (select count(*) from message), (select count(*) from log_leaf where line like '%"type":"mail.%'), (select ` + indexed + `)`
		if err := db.QueryRow(counts).Scan(&filed, &lines, &words); err != nil {
			t.Fatal(err)
		}
		if filed != lines || filed != words {
			t.Fatalf("%d mails, %d lines of the log about them, %d in the index", filed, lines, words)
		}
		return filed
	}
	began := time.Now()
	rapport(t, dir, "import", "0.mbox")
	whole := time.Since(began)
	cut, before := 0, equal()
	for k := 1; k <= kills; k++ {
		cmd := program(t.Context(), dir, "import", fmt.Sprintf("%d.mbox", k))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(whole))), func() { cmd.Process.Kill() })
		cmd.Wait() // killed, or done before
		timer.Stop()
		n := equal()
		if n > before && n < before+each {
			cut++
		}
		before = n
	}
	t.Logf("%d times it was killed amid its mail", cut)
	for k := 1; k <= kills; k++ {
		rapport(t, dir, "import", fmt.Sprintf("%d.mbox", k))
	}
	if n := equal(); n != mails {
		t.Errorf("%d mails of %d", n, mails)
	}
	bundle := filepath.Join(dir, "all.zip")
	verified := func() {
		t.Helper()
		if said := rapport(t, dir, "verify", "all.zip", "--key", strings.TrimSpace(public)); !strings.HasPrefix(said, fmt.Sprintf("whole: %d mails", mails)) {
			t.Error(said)
		}
	}
	for range kills {
		cmd := program(t.Context(), dir, "export", "--project", "ACME-WEB", "--out", "all.zip")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(rand.Int64N(int64(whole))), func() { cmd.Process.Kill() })
		cmd.Wait()
		timer.Stop()
		if _, err := os.Stat(bundle); err == nil { // then it was done before
			verified()
			if err := os.Remove(bundle); err != nil {
				t.Fatal(err)
			}
		}
	}
	rapport(t, dir, "export", "--project", "ACME-WEB", "--out", "all.zip")
	verified()
	if said := rapport(t, dir, "verify", "--quiet"); !strings.HasPrefix(said, "whole: ") {
		t.Error(said)
	}
}
