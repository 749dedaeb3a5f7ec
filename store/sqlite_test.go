package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/threads"
)

func openTemp(t testing.TB) *Store {
	t.Helper()
	s, err := Open(context.Background(), Config{URL: filepath.Join(t.TempDir(), "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestSQLiteIsSetUpForPowerFailures(t *testing.T) {
	s := openTemp(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "page_size": "8192", "wal_autocheckpoint": "8192", "foreign_keys": "1"} {
		var got string
		if err := s.writer.QueryRow("pragma " + pragma).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", pragma, got, want)
		}
	}
}

func TestOtherUsersCannotReadTheMail(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(context.Background(), Config{URL: filepath.Join(dir, "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		if info, err := f.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := openTemp(t)
	for _, statement := range []string{"delete from message", "create table x (y integer)", "pragma query_only = 0; delete from message"} {
		if _, err := s.reader.Exec(statement); err == nil {
			t.Errorf("a reader did %q", statement)
		}
	}
}

func TestArgumentsKeepTheirNumbers(t *testing.T) {
	s := openTemp(t)
	err := s.view(context.Background(), func(x *tx) error {
		var got string
		if err := x.one("select $2 || '-' || $1", []any{"a", "b"}, &got); err != nil {
			return err
		}
		if got != "b-a" {
			t.Errorf("got %s, want b-a", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	for url, want := range map[string]string{
		"":                                  "no path",
		"sqlite:/nonexistent/dir/x.db":      "/nonexistent/dir/x.db",
		"postgres://u:secret@%zz/x":         "address of the database",
		"postgres://u:secret@127.0.0.1:1/x": "reach the database",
	} {
		_, err := Open(context.Background(), Config{URL: url})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q and no password", url, err, want)
		}
	}
}

// A full disk is told apart from what a mail is at fault for, and what was begun
// is as if it had not been.
func TestAFullDisk(t *testing.T) {
	s := openTemp(t)
	fill := func() error {
		return s.write(t.Context(), func(tx *tx) error {
			_, err := tx.exec(`insert into raw (sha, size, body) values ($1, $2, zeroblob($2))`, "sha", 1<<20)
			return err
		})
	}
	var pages int
	if err := s.writer.QueryRow(`pragma page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.Exec(fmt.Sprintf(`pragma max_page_count = %d`, pages+20)); err != nil {
		t.Fatal(err)
	}
	if err := fill(); !errors.Is(err, threads.ErrFull) {
		t.Errorf("without room: %v", err)
	}
	if _, err := s.writer.Exec(`pragma max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if err := fill(); err != nil {
		t.Errorf("with room: %v", err)
	}
}
