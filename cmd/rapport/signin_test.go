package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rapport/mail"
)

// A manager who has no password asks for a link, opens it and presses the
// button; then she is shut out.
func TestSignInByMail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	s := o.serve()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.browser = &http.Client{Jar: jar}
	post := func(path string, form url.Values) (int, string) {
		t.Helper()
		r, err := s.browser.PostForm(s.address+path, form)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(b)
	}
	if status, page := post("/sign-in/link?lang=zh", url.Values{"mail": {"mara@northlight.example"}}); status != http.StatusOK || !strings.Contains(page, "登录链接已经发出") {
		t.Fatalf("asked for a link: %d\n%s", status, page)
	}
	var got mail.Message
	eventually(t, "the link is mailed", func() bool {
		letters, err := o.servers.Letters()
		if err != nil {
			t.Fatal(err)
		}
		if len(letters) == 1 {
			got = *mail.Parse(letters[0].Raw, mail.Limits{})
		}
		return len(letters) == 1
	})
	if got.Subject != "登录 Rapport" || len(got.From) != 1 || got.From[0].Address != "projects@northlight.example" || len(got.To) != 1 || got.To[0].Address != "mara@northlight.example" ||
		!strings.Contains(got.Text, "Mara Lindqvist") || got.Header.Get("Auto-Submitted") != "auto-generated" || len(got.Faults) != 0 {
		t.Errorf("the mail is %+v", got)
	}
	link := regexp.MustCompile(`/sign-in/link/\S+`).FindString(got.Text)
	if status, page := s.page(link); status != http.StatusOK || !strings.Contains(page, "<button>") {
		t.Fatalf("opened: %d\n%s", status, page)
	}
	if status, page := post(link, nil); status != http.StatusOK || !strings.Contains(page, "Harbour Lane Books") || strings.Contains(page, "云杉") {
		t.Errorf("pressed: %d\n%s", status, page)
	}
	rapport(t, o.dir, "user", "disable", "mara")
	if _, page := s.page("/"); !strings.Contains(page, `action="/sign-in"`) || strings.Contains(page, "Harbour") {
		t.Errorf("shut out, she sees\n%s", page)
	}
	s.end()
}
