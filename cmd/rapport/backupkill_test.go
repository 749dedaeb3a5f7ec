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
)

// killedAt runs the program and kills it at a random moment before whole is over.
func killedAt(t *testing.T, dir string, whole time.Duration, args ...string) {
	t.Helper()
	cmd := program(t.Context(), dir, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Duration(rand.Int64N(int64(whole))), func() { cmd.Process.Kill() })
	cmd.Wait() // killed, or done before
	timer.Stop()
}

// TestBackupAndRestoreSurviveBeingKilled kills both at random moments while mail
// comes in. What was copied before can be restored each time, at once and whole,
// and so can a store be that nobody has finished restoring.
func TestBackupAndRestoreSurviveBeingKilled(t *testing.T) {
	t.Parallel()
	dir, kills := t.TempDir(), 5
	if testing.Short() {
		kills = 2
	}
	put(t, dir, "rapport.yaml", "store: {url: rapport.db}\n"+eraseConfig)
	put(t, dir, "other.yaml", "store: {url: other.db}\n"+eraseConfig)
	var paths []string
	copied := map[string]int{} // how many mails each copy has
	backup := func(have int) {
		t.Helper()
		path, _, _ := strings.Cut(rapport(t, dir, "backup", "backups"), ": ")
		paths, copied[path] = append(paths, path), have
	}
	restored := func(paths ...string) {
		t.Helper()
		for _, path := range paths {
			if said := rapport(t, dir, "--config", "other.yaml", "restore", path); !strings.Contains(said, fmt.Sprintf(" %d mails, whole", copied[path])) {
				t.Errorf("restored from %s: %s", path, said)
			}
			if err := os.Remove(filepath.Join(dir, "other.db")); err != nil {
				t.Fatal(err)
			}
		}
	}
	putLarge(t, dir, "first.mbox", 0, 60)
	rapport(t, dir, "import", "first.mbox")
	began := time.Now()
	backup(60)
	whole := time.Since(began)
	for k := range kills {
		have := 60 + 10*(k+1)
		putLarge(t, dir, "more.mbox", have-10, 10)
		rapport(t, dir, "import", "more.mbox")
		killedAt(t, dir, whole, "backup", "backups")
		restored(paths[len(paths)-1], paths[0])
		if k%2 == 0 {
			backup(have)
		}
	}
	backup(60 + 10*kills)
	restored(paths...)
	if left, _ := filepath.Glob(filepath.Join(dir, "backups", "*.part*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}

	began = time.Now()
	rapport(t, dir, "--config", "other.yaml", "restore", "backups")
	whole = time.Since(began)
	for range kills {
		if err := os.Remove(filepath.Join(dir, "other.db")); err != nil {
			t.Fatal(err)
		}
		killedAt(t, dir, whole, "--config", "other.yaml", "restore", "backups")
		if _, err := os.Stat(filepath.Join(dir, "other.db")); err != nil {
			rapport(t, dir, "--config", "other.yaml", "restore", "backups")
		}
		if said := rapport(t, dir, "--config", "other.yaml", "verify", "--quiet"); !strings.Contains(said, fmt.Sprintf(" %d mails", 60+10*kills)) {
			t.Errorf("verify said: %s", said)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "other.db.part*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// A store that is not what its log says is not copied over a copy that is whole.
func TestADamagedStoreIsNotCopied(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "rapport.yaml", "store: {url: rapport.db}\n"+eraseConfig)
	put(t, dir, "other.yaml", "store: {url: other.db}\n"+eraseConfig)
	putLarge(t, dir, "large.mbox", 0, 5)
	rapport(t, dir, "import", "large.mbox")
	rapport(t, dir, "backup", "backups")
	before, err := filepath.Glob(filepath.Join(dir, "backups", "*"))
	if err != nil || len(before) != 1 {
		t.Fatal(before, err)
	}
	whole, err := os.ReadFile(before[0])
	if err != nil {
		t.Fatal(err)
	}

	db, err := sql.Open("sqlite3", filepath.Join(dir, "rapport.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{`drop trigger raw_no_update`, `update raw set body = (select body from raw order by sha limit 1)`} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	fails(t, program(t.Context(), dir, "backup", "backups"), "the copy is not whole and was taken away", "run rapport verify on the store")
	after, _ := filepath.Glob(filepath.Join(dir, "backups", "*"))
	if len(after) != 1 || after[0] != before[0] {
		t.Errorf("in the folder: %v", after)
	}
	if now, err := os.ReadFile(before[0]); err != nil || string(now) != string(whole) {
		t.Errorf("the copy that was whole is another one: %v", err)
	}
}
