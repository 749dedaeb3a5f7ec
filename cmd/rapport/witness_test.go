package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// An auditor's witness, on a machine of its own, cosigns what the server signs;
// another auditor fetches the log by hand.
func TestWitnesses(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	public := strings.TrimSpace(rapport(t, o.dir, "key", "new", "log.key"))
	witness := strings.TrimSpace(rapport(t, o.dir, "witness", "new", "witness.key", "witness.auditor.example"))
	serving := program(t.Context(), o.dir, "witness", "serve", "--key-file", "witness.key", "--log", public, "--state", "seen", "--listen", "127.0.0.1:0")
	var out output
	serving.Stdout, serving.Stderr = &out, &out
	if err := serving.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { serving.Process.Kill(); serving.Wait() })
	address := ""
	eventually(t, "the witness listens", func() bool {
		address = regexp.MustCompile(`http://\S+`).FindString(out.String())
		return address != ""
	})
	if out, err := program(t.Context(), o.dir, "witness", "serve", "--key-file", "witness.key", "--log", public, "--state", "seen").CombinedOutput(); err == nil ||
		!strings.Contains(string(out), "another witness uses seen") {
		t.Errorf("a second witness with the same memory: %v %s", err, out)
	}

	o.configure("\nlog:\n  key_file: log.key\n  witnesses: [{url: \"" + address + "\", key: \"" + witness + "\"}]\n")
	s := o.serve()
	s.shows("/log/checkpoint", "— witness.auditor.example ")
	rapport(t, o.dir, "witness", "new", "other.key", "other.auditor.example")
	pull := func() string {
		return rapport(t, o.dir, "witness", "pull", s.address+"/log", "--key-file", "other.key", "--log", public, "--state", "pulled")
	}
	if said := pull(); !strings.Contains(said, "seen for the first time") && !strings.Contains(said, "nothing new") {
		t.Errorf("the first pull says %s", said)
	}
	o.receive("ellen@harbourlane.example", "Vouchers")
	s.shows("/p/HARBOUR-WEB", "Vouchers")
	signed := rapport(t, o.dir, "checkpoint")
	for _, want := range []string{"rapport/", "— rapport/", "— witness.auditor.example "} {
		if !strings.Contains(signed, want) {
			t.Errorf("the checkpoint lacks %q:\n%s", want, signed)
		}
	}
	put(t, o.dir, "kept.txt", signed)
	rapport(t, o.dir, "verify", "--key", public, "--checkpoint", "kept.txt", "--witness", witness)
	rapport(t, o.dir, "export", "--project", "HARBOUR-WEB", "--out", "all.zip")
	rapport(t, o.dir, "verify", "all.zip", "--key", public, "--witness", witness)
	other := strings.TrimSpace(rapport(t, o.dir, "witness", "new", "third.key", "third.auditor.example"))
	for _, args := range [][]string{{"verify", "--witness", other}, {"verify", "all.zip", "--key", public, "--witness", other}} {
		if out, err := program(t.Context(), o.dir, args...).CombinedOutput(); err == nil || !strings.Contains(string(out), "third.auditor.example") {
			t.Errorf("rapport %q: %v %s", args, err, out)
		}
	}
	if said := pull(); !strings.Contains(said, "lines, ") || !strings.Contains(said, "— other.auditor.example ") {
		t.Errorf("the second pull says %s", said)
	}
	for path, want := range map[string]int{
		"/log/tile/0/000": http.StatusNotFound, "/log/tile/0/000.p/1": http.StatusOK, "/log/tile/entries/000.p/1": http.StatusOK,
		"/log/tile/0/000.p/255": http.StatusNotFound, "/log/tile/data/000.p/1": http.StatusNotFound, "/log/tile/7/000.p/1": http.StatusNotFound,
		"/log/tile/0/x": http.StatusNotFound, "/log/tile/entries/000.p/255": http.StatusNotFound,
	} {
		if status, _ := s.page(path); status != want {
			t.Errorf("%s answers %d, want %d", path, status, want)
		}
	}
	rapport(t, o.dir, "user", "disable", "mara")
	said := rapport(t, o.dir, "checkpoint")
	lines := "0" // of the log of accesses: each look for the mail on its page is one
	if found := regexp.MustCompile(`/access\n(\d+)\n`).FindStringSubmatch(said); found != nil {
		lines = found[1]
	}
	if lines == "0" || strings.Count(said, "— witness.auditor.example ") != 2 {
		t.Errorf("the log of accesses is not signed:\n%s", said)
	}
	put(t, o.dir, "kept.txt", said)
	rapport(t, o.dir, "verify", "--key", public, "--checkpoint", "kept.txt", "--witness", witness)
	if said := pull(); !strings.Contains(said, "/access: "+lines+" lines, which continue") {
		t.Errorf("the third pull says %s", said)
	}
	for path, want := range map[string]int{
		"/log/access/tile/0/000.p/" + lines: http.StatusOK, "/log/access/tile/0/000.p/200": http.StatusNotFound,
		"/log/access/tile/entries/000.p/1": http.StatusNotFound, "/log/access": http.StatusNotFound,
	} {
		if status, _ := s.page(path); status != want {
			t.Errorf("%s answers %d, want %d", path, status, want)
		}
	}
	if _, first := s.page("/log/tile/entries/000.p/1"); !strings.HasPrefix(first[2:], `{"v":1,"at":`) {
		t.Errorf("the first line of the log is served as %q", first)
	}
	s.end()
}
