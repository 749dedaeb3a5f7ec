package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// An auditor of one project looks at a mail of it, takes it along with its
// proof, and sees nothing of the other project.
func TestAnAuditorAtWork(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	public := strings.TrimSpace(rapport(t, o.dir, "key", "new", "log.key"))
	o.configure("\nlog: {key_file: log.key}\n")
	o.user("add", "ruth")
	s := o.serve()
	o.receive("Ellen <ellen@harbourlane.example>", "The checkout")
	o.receive("Lin <lin.xiaowen@yunshan-tea.example>", "The tea")
	s.shows("/p/HARBOUR-WEB", "The checkout")
	s.shows("/p/YUNSHAN-APP", "The tea")
	mail := func(subject string) string {
		t.Helper()
		_, page := s.page("/search?q=" + url.QueryEscape(subject))
		return regexp.MustCompile(`/m/m[0-9a-z]+`).FindString(page)
	}
	own, foreign := mail("checkout"), mail("tea")
	if _, page := s.page("/access"); !strings.Contains(page, "Signed in") || !strings.Contains(page, "Olga Brandt") {
		t.Errorf("who came in:\n%s", page)
	}
	s.signIn("ruth")
	if _, page := s.page(own); !strings.Contains(page, "How did this get here?") || !strings.Contains(page, "Fetched from the mailbox projects") || !strings.Contains(page, "mail.in") {
		t.Errorf("the mail's page:\n%s", page)
	}
	bundle := func() string { // what its check says
		t.Helper()
		status, zip := s.page(own + "/bundle")
		if status != http.StatusOK {
			t.Fatalf("the bundle: %d\n%s", status, zip)
		}
		if err := os.WriteFile(filepath.Join(o.dir, "mail.zip"), []byte(zip), 0o600); err != nil {
			t.Fatal(err)
		}
		return rapport(t, o.dir, "verify", "mail.zip", "--key", public)
	}
	if said := bundle(); !strings.Contains(said, "1 mail") || strings.Contains(said, "not proven yet") {
		t.Errorf("the bundle is checked: %s", said)
	}

	// Where nothing can be signed, it is made under the latest signature, and
	// names what is newer.
	book := filepath.Join(o.dir, "log.key.checkpoint")
	if err := os.WriteFile(book, []byte("torn\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	rapport(t, o.dir, "items", "correct", "F-1", "--project", "HARBOUR-WEB", "--kind", "concern", "--as", "mara")
	if said := bundle(); !strings.Contains(said, "not proven yet: item F-1, line ") || !strings.Contains(said, "not proven yet: change c") {
		t.Errorf("of what is newer the check says: %s", said)
	}
	o.receive("Ellen <ellen@harbourlane.example>", "The basket")
	s.shows("/p/HARBOUR-WEB", "The basket")
	if status, page := s.page(mail("basket") + "/bundle"); status != http.StatusConflict || !strings.Contains(page, "Not signed yet") {
		t.Errorf("the bundle of a mail that is newer: %d\n%s", status, page)
	}
	for _, address := range []string{foreign, foreign + "/bundle", foreign + "/raw", "/p/YUNSHAN-APP", "/access"} {
		if status, page := s.page(address); status != http.StatusNotFound || strings.Contains(page, "The tea") {
			t.Errorf("%s: %d", address, status)
		}
	}
	r, err := s.browser.PostForm(s.address+own, url.Values{"step": {"dismiss"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("the auditor changes something: %s", r.Status)
	}
	s.end()
}
