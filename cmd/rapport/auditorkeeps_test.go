package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/tsa"
	"rapport/mail"
)

// sent waits for a mail to somebody that the mail server has taken from us, and
// returns its file.
func (o *office) sent(to, words string) (file string) {
	o.Helper()
	eventually(o.T, "a mail to "+to, func() bool {
		files, _ := filepath.Glob(filepath.Join(o.dir, "spool", "sink", "*.eml"))
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				continue
			}
			if m := mail.Parse(raw, mail.Limits{}); len(m.To) == 1 && m.To[0].Address == to && strings.Contains(m.Text, words) {
				file = f
				return true
			}
		}
		return false
	})
	return file
}

// An auditor keeps the mail with the checkpoints, a client has a letter, and a
// witness watches from outside. Somebody who may do everything with the
// database is named by each of them.
func TestAnAuditorKeepsWhatCame(t *testing.T) {
	t.Parallel()
	o, a := newOffice(t), tsa.New(t)
	public := strings.TrimSpace(rapport(t, o.dir, "key", "new", "log.key"))
	rapport(t, o.dir, "witness", "new", "witness.key", "witness.auditor.example")
	put(t, o.dir, "tsa.pem", a.PEM())
	put(t, o.dir, "offer.eml", stranger)
	put(t, o.dir, "first.eml", firstMail)
	o.user("add", "ruth")
	o.user("add", "mara")
	o.configure("\nlog:\n  key_file: log.key\n  mail: {at: \"00:00\"}\n  timestamp: {url: \"" + a.URL + "\", ca_file: tsa.pem}\n")
	rapport(t, o.dir, "import", "offer.eml", "first.eml")
	rapport(t, o.dir, "checkpoint")
	rapport(t, o.dir, "report", "approve", "week.md")
	rapport(t, o.dir, "report", "send", "week.md")
	s := o.serve()
	o.receive("Ellen <ellen@harbourlane.example>", "Vouchers")
	s.shows("/p/HARBOUR-WEB", "Vouchers")
	kept := o.sent("ruth@northlight.example", "rapport verify")
	letter := o.sent("ellen@harbourlane.example", "")
	pull := func() ([]byte, error) {
		return program(t.Context(), o.dir, "witness", "pull", s.address+"/log", "--key-file", "witness.key", "--log", public, "--state", "seen").CombinedOutput()
	}
	if out, err := pull(); err != nil || strings.Count(string(out), "seen for the first time") != 2 {
		t.Errorf("the witness: %v\n%s", err, out)
	}
	verify := func(files ...string) (string, error) {
		args := []string{"verify", "--quiet", "--key", public, "--tsa", "tsa.pem"}
		for _, f := range files {
			args = append(args, "--checkpoint", f)
		}
		out, err := program(t.Context(), o.dir, args...).CombinedOutput()
		return string(out), err
	}
	eventually(t, "a time-stamp", func() bool { out, _ := verify(); return strings.Contains(out, "says CN=Test TSA") })
	if out, err := verify(kept, letter); err != nil {
		t.Errorf("all is well, and verify says %v\n%s", err, out)
	}

	// Both logs are cut off after their first line, heads and trees with them, and
	// what was signed is thrown away.
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(o.dir, "rapport.db")+"?_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	triggers, err := db.Query("select name from sqlite_master where type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for triggers.Next() {
		var name string
		if err := triggers.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	for _, name := range names {
		if _, err := db.Exec("drop trigger " + name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(`delete from checkpoint; delete from stamp; delete from log_leaf where n > 0; update log_head set size = 1;
		update log_tile set data = substr(data, 1, 32) where level = 0 and n = 0;
		update log_head set root = (select substr(data, 1, 32) from log_tile t where t.log = log_head.log and t.level = 0 and t.n = 0)`); err != nil {
		t.Fatal(err)
	}
	without, _ := verify()
	if strings.Contains(without, "truncated") {
		t.Errorf("nobody has kept anything, and verify says\n%s", without)
	}
	for what, files := range map[string][]string{"the auditor's mail": {kept}, "the client's letter": {letter}} {
		out, err := verify(files...)
		if err == nil || !strings.Contains(out, "published checkpoint of ") || !strings.Contains(out, "the log was truncated: it has only 1 lines") {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	out, err := verify(kept)
	if !strings.Contains(out, "access log: published checkpoint of ") {
		t.Errorf("the auditor's mail says nothing of the log of accesses: %v\n%s", err, out)
	}
	if _, err := program(t.Context(), o.dir, "checkpoint").CombinedOutput(); err == nil {
		t.Error("the shorter log was signed")
	}
	if err := os.Remove(filepath.Join(o.dir, "log.key.checkpoint")); err != nil {
		t.Fatal(err)
	}
	rapport(t, o.dir, "checkpoint") // whoever has the key and all files can
	said, err := pull()
	if err == nil || strings.Count(string(said), "the log does not continue the published one") < 2 || !strings.Contains(string(said), "prove it") {
		t.Errorf("the witness says %v\n%s", err, said)
	}
}
