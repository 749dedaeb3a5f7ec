package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/servers"
)

// What docs/operating.md says of PostgreSQL: pg_dump makes the backup beside a
// working store, pg_restore brings it back whole, and a log that was signed
// beyond it does not go on from it.
func TestADumpOfPostgreSQLIsABackup(t *testing.T) {
	t.Parallel()
	const places = "/usr/lib/postgresql/*/bin"
	dump, restore := servers.Program(t, "pg_dump", "postgresql", places), servers.Program(t, "pg_restore", "postgresql", places)
	run := func(name string, args ...string) {
		t.Helper()
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", filepath.Base(name), err, out)
		}
	}
	dir, url, copied := t.TempDir(), servers.Postgres(t), servers.Postgres(t)
	configure := func(url string) {
		put(t, dir, "rapport.yaml", "store: {url: \""+url+"\"}\nlog: {key_file: log.key}\n"+eraseConfig)
	}
	mail := func(id string) {
		put(t, dir, id+".eml", "From: anna@acme.example\nSubject: Wish "+id+"\nMessage-ID: <"+id+"@acme.example>\nDate: Mon, 2 Nov 2026 10:00:00 +0000\n\nPlease add a calendar.\n")
		rapport(t, dir, "import", id+".eml")
	}
	configure(url)
	public := strings.TrimSpace(rapport(t, dir, "key", "new", "log.key"))
	mail("1")
	mail("2")
	rapport(t, dir, "checkpoint")
	file := filepath.Join(dir, "rapport.dump")
	run(dump, "--format=custom", "--file="+file, url)

	configure(copied)
	run(restore, "--exit-on-error", "--no-owner", "--dbname="+copied, file)
	if said := rapport(t, dir, "verify", "--quiet", "--key", public); !strings.HasPrefix(said, "whole: ") || !strings.Contains(said, "2 mails") {
		t.Errorf("the restored archive: %s", said)
	}
	if said := rapport(t, dir, "search", "calendar"); !strings.Contains(said, "Wish 1") || !strings.Contains(said, "Wish 2") {
		t.Errorf("in the restored archive is found: %s", said)
	}
	mail("3")
	rapport(t, dir, "checkpoint") // the log goes on

	again := servers.Postgres(t)
	configure(again)
	run(restore, "--exit-on-error", "--no-owner", "--dbname="+again, file)
	if out, err := program(t.Context(), dir, "checkpoint").CombinedOutput(); err == nil {
		t.Errorf("an older dump was signed: %s", out)
	}
}
