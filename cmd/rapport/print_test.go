package main

import (
	"archive/zip"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/archive"
)

// What a client wrote does nothing to the terminal in which it is looked at, as
// words or as JSON; a program gets all of it.
func TestClientsWordsInATerminal(t *testing.T) {
	const hostile = "a\x1b[31m\x07\x00\x7f\u0085\u009b31m\u202eb\u2066\tc\nd<&>陈\u2028"
	for _, shown := range []string{plain(hostile), line(hostile)} {
		if strings.ContainsAny(shown, "\x1b\x07\x00\x7f\u0085\u009b\u202e\u2066") || !strings.Contains(shown, "31m") {
			t.Errorf("shown as %q", shown)
		}
	}
	var out strings.Builder
	if err := printJSON(&out, map[string]string{"text": hostile}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\x07\x00\x7f\u0085\u009b\u202e\u2066\u2028") || !strings.Contains(out.String(), "<&>陈") {
		t.Errorf("as JSON: %q", out.String())
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil || back["text"] != hostile {
		t.Errorf("a program reads %q (%v)", back["text"], err)
	}
}

// What went wrong may have the words of a server in it, or of whoever made a file.
func TestErrorsInATerminal(t *testing.T) {
	key, err := archive.NewKey("test.example/log", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "bundle.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	z.Create("\x1b]0;owned\x07\u009b31m\u202e.txt") // compressed
	z.Close()
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"verify", path, "--key", key.Public()}, strings.NewReader(""), &out, &errs); code == exitOK {
		t.Error("it is taken for whole")
	}
	if said := out.String() + errs.String(); strings.ContainsAny(said, "\x1b\x07\u009b\u202e") || !strings.Contains(said, "]0;owned31m.txt: it is compressed") {
		t.Errorf("it says %q", said)
	}
}
