package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rapport/store"
)

// Another site can have a browser send a form here, with the session's cookie.
// None of them is taken, whatever the browser says of where it comes from, and
// nothing is written: not even that somebody asked.
func TestAnotherSiteWritesNothing(t *testing.T) {
	d := newDoored(t, "https://rapport.agency.example")
	mailing(d)
	f := newForeign(t, d)
	session := d.in("olga")
	size := func() (lines [2]int64) {
		for i, log := range []store.Log{d.store.ArchiveLog(), d.store.AccessLog()} {
			var err error
			if lines[i], _, err = log.LogHead(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		return lines
	}
	before, writing := size(), 0
	for _, r := range routes {
		method, address := f.address(r)
		if method != http.MethodPost {
			continue
		}
		writing++
		for says, header := range map[string]http.Header{
			"another site":             {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
			"another site, old":        {"Origin": {"https://evil.example"}},
			"a neighbour":              {"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://files.agency.example"}},
			"a frame without origin":   {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"null"}},
			"without origin, old":      {"Origin": {"null"}},
			"the same name over HTTP":  {"Origin": {"http://rapport.agency.example.evil.example"}},
			"another port":             {"Origin": {"https://rapport.agency.example:8443"}},
			"a name that begins so":    {"Origin": {"https://rapport.agency.example.evil.example"}},
			"what is no site but says": {"Sec-Fetch-Site": {"Same-Origin"}, "Origin": {"https://evil.example"}},
		} {
			form := url.Values{"step": {"confirm", "file", "withdraw"}, "login": {"olga"}, "password": {secret}, "mail": {"olga@northlight.example"}, "project": {"HARBOUR-WEB"}}
			q := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
			q.Host, q.Header = d.site.Host, header
			q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			q.AddCookie(session)
			w := httptest.NewRecorder()
			if d.ServeHTTP(w, q); w.Code != http.StatusForbidden || len(w.Result().Cookies()) > 0 {
				t.Errorf("%s posts to %s: %d %v", says, address, w.Code, w.Result().Cookies())
			}
			if h := w.Header(); h.Get("Content-Security-Policy") == "" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("the refusal of %s lacks headers: %v", address, h)
			}
		}
	}
	if after := size(); after != before || writing < 8 {
		t.Errorf("of %d writing routes some wrote: %v lines became %v", writing, before, after)
	}
}

// No page is kept by a browser or a proxy, whoever asks and whatever the answer.
func TestNothingIsKeptOnTheWay(t *testing.T) {
	d := newDoored(t, "")
	f := newForeign(t, d)
	cookies := map[string]*http.Cookie{"": nil}
	for _, p := range staff() {
		cookies[p.Login] = d.in(p.Login)
	}
	for _, r := range routes {
		method, address := f.address(r)
		if r.pattern == "POST /sign-out" {
			continue
		}
		for login, c := range cookies {
			var jar []*http.Cookie
			if c != nil {
				jar = append(jar, c)
			}
			w := d.ask(method, address, nil, jar...)
			kept := w.Header().Get("Cache-Control")
			forEver := w.Code == http.StatusOK && (strings.HasPrefix(address, "/static/") || strings.HasPrefix(kept, "private"))
			if kept != "no-store" && !forEver {
				t.Errorf("%s %s for %q (%d) may be kept: %q", method, address, login, w.Code, kept)
			}
		}
	}
}
