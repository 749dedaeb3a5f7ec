package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"rapport/internal/servers"
	"rapport/store"
)

// corpus are 2,400 mails of public mailing lists that Debian ships with a
// threading library's tests.
const corpus = "/usr/share/gocode/src/github.com/gatherstars-com/jwz/test/testdata/ham/*"

// mailingList writes a mailing list's mails as one mbox file and returns them.
func mailingList(t *testing.T, path string, n int) (mails [][]byte) {
	t.Helper()
	paths, _ := filepath.Glob(corpus)
	if len(paths) < n {
		servers.Missing(t, "there is no corpus: apt-get install golang-github-gatherstars-com-jwz-dev")
	}
	fromLine := regexp.MustCompile(`(?m)^>*From `)
	var mbox bytes.Buffer
	for _, p := range paths[:n] {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(raw, []byte("From ")) {
			_, raw, _ = bytes.Cut(raw, []byte("\n"))
		}
		if !bytes.HasSuffix(raw, []byte("\n")) {
			raw = append(raw, '\n')
		}
		mails = append(mails, raw)
		fmt.Fprintf(&mbox, "From list@lists.example Mon Nov  2 09:00:00 2026\n%s\n", fromLine.ReplaceAll(raw, []byte(">$0"))) // mboxrd
	}
	if err := os.WriteFile(path, mbox.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return mails
}

// A public mailing list comes in without an error or a lost mail; a second
// import adds nothing; what is stored is what was there, byte for byte.
func TestAMailingListIsImportedWhole(t *testing.T) {
	t.Parallel()
	const n = 2000
	dir := t.TempDir()
	mails := mailingList(t, filepath.Join(dir, "list.mbox"), n)
	put(t, dir, "rapport.yaml", "agency: {name: Us, addresses: [us@us.example]}\n"+
		"people: [{login: mara, name: Mara, role: manager}]\nprojects: [{key: LIST, name: List, client: Everybody, managers: [mara], domains: [lists.example]}]\n")

	var first, second importOutcome
	rapportJSON(t, &first, dir, "import", "--project", "LIST", "--json", "list.mbox")
	rapportJSON(t, &second, dir, "import", "--project", "LIST", "--json", "list.mbox")
	distinct := map[string][]byte{}
	for _, raw := range mails {
		distinct[shaOf(raw)] = raw
	}
	if first.Mails != n || first.Filed != len(distinct) || first.Known != n-len(distinct) {
		t.Errorf("the first import: %+v; want %d mails, %d of them distinct", first, n, len(distinct))
	}
	if second.Mails != n || second.Filed != 0 || second.Known != n {
		t.Errorf("the second import: %+v; want everything known", second)
	}

	s, err := store.Open(t.Context(), store.Config{URL: "sqlite:" + filepath.Join(dir, "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for sha, raw := range distinct {
		id, ok, err := s.HasRaw(t.Context(), sha)
		if err != nil || !ok {
			t.Fatalf("a mail is not in the archive (%v):\n%.300s", err, raw)
		}
		stored, err := s.Raw(t.Context(), id)
		if err != nil || !bytes.Equal(stored, raw) {
			t.Fatalf("message %s: the stored bytes differ from the source (%v)", id, err)
		}
	}
}
