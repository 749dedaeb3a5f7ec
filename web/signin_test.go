package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
	"rapport/web/access"
)

const secret = "correct horse battery staple"

// cheap makes the tests quick; only the work of hashing differs.
var cheap = access.Cost{Memory: 64, Time: 1, Threads: 1}

// doored is the world's pages behind a door, and the store with its accounts.
type doored struct {
	*Server
	t     *testing.T
	store *store.Store
	site  *url.URL
}

// staff are the people behind the door.
func staff() []threads.Person {
	return []threads.Person{
		{Login: "olga", Name: "Olga Brandt", Role: "admin", Addresses: []string{"olga@northlight.example"}},
		{Login: "lena", Name: "Lena Brandt", Role: "manager"},
		{Login: "tao", Name: "Tao", Role: "manager"},
		{Login: "ada", Name: "Ada", Role: "auditor"},
		{Login: "ruth", Name: "Ruth", Role: "auditor", Projects: []string{"HARBOUR-WEB"}},
	}
}

func newDoored(t *testing.T, site string) *doored {
	t.Helper()
	w := newWorld(t)
	w.dir = threads.NewDirectory(w.dir.Projects, staff(), w.dir.Ours)
	d := &doored{t: t, store: stored(t, w)}
	if site != "" {
		var err error
		if d.site, err = url.Parse(site); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range staff() {
		if err := d.store.PutPassword(t.Context(), p.Login, access.Hash(secret, cheap)); err != nil {
			t.Fatal(err)
		}
	}
	directory, now := func() *threads.Directory { return w.dir }, func() time.Time { return today }
	b := &book{Store: d.store}
	s, err := New(Config{
		Archive: within(d.store), Writer: b, Bundle: func(context.Context, threads.Scope, threads.Message) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("PK")), nil
		}, Directory: directory, Now: now, Site: d.site,
		Door: access.NewDoor(access.Config{Accounts: d.store, Directory: directory, Now: now, Log: slog.New(slog.DiscardHandler), Cost: cheap}),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Server = s
	return d
}

// ask sends a request as a browser does that has these cookies.
func (d *doored) ask(method, address string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(method, address, strings.NewReader(form.Encode()))
	r.Host = "localhost"
	if d.site != nil {
		r.Host = d.site.Host
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// in signs somebody in and returns the session's cookie.
func (d *doored) in(login string) *http.Cookie {
	d.t.Helper()
	w := d.ask(http.MethodPost, "/sign-in", url.Values{"login": {login}, "password": {secret}})
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		d.t.Fatalf("%s cannot sign in: %d\n%s", login, w.Code, w.Body)
	}
	return w.Result().Cookies()[0]
}

func TestNothingIsSeenBeforeSignIn(t *testing.T) {
	d := newDoored(t, "")
	for _, r := range routes {
		method, address := r.example()
		w := d.ask(method, address, nil)
		if r.demand == anybody || r.demand == signed {
			if strings.Contains(w.Body.String(), "Harbour") {
				t.Errorf("%s %s names a client", method, address)
			}
			continue
		}
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s %s: %d to %q", method, address, w.Code, to)
		}
		if strings.Contains(w.Body.String(), "Harbour") {
			t.Errorf("%s %s names a client", method, address)
		}
	}
	page := d.ask(http.MethodGet, "/sign-in", nil).Body.String()
	if strings.Contains(page, "Harbour") || strings.Contains(page, `class="menu"`) || strings.Contains(page, `action="/search"`) {
		t.Errorf("the sign-in page shows more than itself:\n%s", page)
	}
}

// example is a request that the route is for.
func (r route) example() (method, address string) {
	method, pattern, _ := strings.Cut(r.pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{project}", "HARBOUR-WEB", "{label}", "F-1", "{part}", "1", "{file}", "style.css").Replace(pattern)
}

func TestSignInLeadsToThePageThatWasAskedFor(t *testing.T) {
	d := newDoored(t, "")
	to := d.ask(http.MethodGet, "/p/HARBOUR-WEB/items?open=1", nil).Header().Get("Location")
	page := d.ask(http.MethodGet, to, nil).Body.String()
	if !strings.Contains(page, `name="back" value="/p/HARBOUR-WEB/items?open=1"`) {
		t.Fatalf("%s does not remember the page:\n%s", to, page)
	}
	for back, want := range map[string]string{
		"/p/HARBOUR-WEB/items?open=1": "/p/HARBOUR-WEB/items?open=1", "": "/", "https://evil.example/": "/", "//evil.example": "/", `/\evil.example`: "/",
	} {
		w := d.ask(http.MethodPost, "/sign-in", url.Values{"login": {"lena"}, "password": {secret}, "back": {back}})
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("back to %q leads to %q (%d)", back, got, w.Code)
		}
	}
}

func TestWhoeverIsNotLetInIsToldOneThing(t *testing.T) {
	d := newDoored(t, "")
	if err := d.store.Disable(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	var told string
	for login, password := range map[string]string{"lena": "wrong", "nobody": secret, "ada": secret} {
		w := d.ask(http.MethodPost, "/sign-in", url.Values{"login": {login}, "password": {password}})
		page := strings.ReplaceAll(w.Body.String(), `value="`+login+`"`, "")
		if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) != 0 || !strings.Contains(page, "Not let in.") || strings.Contains(page, password) {
			t.Errorf("%s: %d\n%s", login, w.Code, w.Body)
		}
		if told != "" && told != page {
			t.Errorf("%s is told something else:\n%s", login, page)
		}
		told = page
	}
	for range 20 {
		d.ask(http.MethodPost, "/sign-in", url.Values{"login": {"lena"}, "password": {"wrong"}})
	}
	w := d.ask(http.MethodPost, "/sign-in", url.Values{"login": {"lena"}, "password": {secret}})
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "Too many attempts") {
		t.Errorf("after 20 guesses: %d\n%s", w.Code, w.Body)
	}
}

func TestTheSessionsCookie(t *testing.T) {
	for site, name := range map[string]string{"": "rapport_session", "https://rapport.agency.example": "__Host-rapport_session"} {
		d := newDoored(t, site)
		c := d.in("lena")
		if c.Name != name || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != (site != "") || c.Path != "/" || c.Domain != "" || len(c.Value) < 40 {
			t.Errorf("at %q the session is kept as %s", site, c)
		}
		w := d.ask(http.MethodGet, "/", nil, c)
		if hsts := w.Header().Get("Strict-Transport-Security"); w.Code != http.StatusOK || (hsts != "") != (site != "") {
			t.Errorf("at %q: %d, TLS is kept to with %q", site, w.Code, hsts)
		}
		if other := d.in("lena"); other.Value == c.Value {
			t.Error("two sessions have one token")
		}
	}
}

func TestSigningInMakesANewSession(t *testing.T) {
	d := newDoored(t, "")
	planted := &http.Cookie{Name: "rapport_session", Value: "planted-by-somebody-else-in-this-browser-xx"}
	w := d.ask(http.MethodPost, "/sign-in", url.Values{"login": {"lena"}, "password": {secret}}, planted)
	if c := w.Result().Cookies(); len(c) != 1 || c[0].Value == planted.Value {
		t.Errorf("the planted session was taken: %v", c)
	}
	if w := d.ask(http.MethodGet, "/", nil, planted); w.Code != http.StatusSeeOther {
		t.Errorf("the planted session is good for something: %d", w.Code)
	}
}

func TestSignOut(t *testing.T) {
	d := newDoored(t, "")
	c := d.in("lena")
	w := d.ask(http.MethodPost, "/sign-out", nil, c)
	if gone := w.Result().Cookies(); w.Code != http.StatusSeeOther || len(gone) != 1 || gone[0].MaxAge >= 0 {
		t.Errorf("signed out: %d %v", w.Code, gone)
	}
	if w := d.ask(http.MethodGet, "/", nil, c); w.Code != http.StatusSeeOther {
		t.Errorf("the session goes on: %d", w.Code)
	}
}

func TestAnotherSiteSignsNobodyInOrOut(t *testing.T) {
	d := newDoored(t, "https://rapport.agency.example")
	c := d.in("lena")
	for _, address := range []string{"/sign-in", "/sign-out"} {
		r := httptest.NewRequest(http.MethodPost, address, strings.NewReader("login=lena&password="+url.QueryEscape(secret)))
		r.Host = d.site.Host
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "https://evil.example")
		r.AddCookie(c)
		w := httptest.NewRecorder()
		if d.ServeHTTP(w, r); w.Code != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d", address, w.Code)
		}
	}
}

func TestWhereARequestComesFrom(t *testing.T) {
	d := newDoored(t, "https://rapport.agency.example")
	plain := newDoored(t, "")
	for _, c := range []struct{ peer, named, proxied, direct string }{
		{"127.0.0.1:5", "203.0.113.9", "203.0.113.9", "127.0.0.1"},
		{"127.0.0.1:5", "198.51.100.1, 203.0.113.9", "203.0.113.9", "127.0.0.1"}, // the first is what the client says of itself
		{"127.0.0.1:5", "nonsense", "127.0.0.1", "127.0.0.1"},
		{"127.0.0.1:5", "", "127.0.0.1", "127.0.0.1"},
		{"203.0.113.7:5", "192.0.2.1", "203.0.113.7", "203.0.113.7"}, // no proxy of ours
		{"[::1]:5", "2001:db8::9", "2001:db8::9", "::1"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.named != "" {
			r.Header.Set("X-Forwarded-For", c.named)
		}
		if got := d.remote(r); got != c.proxied {
			t.Errorf("%s naming %q behind a proxy: %s", c.peer, c.named, got)
		}
		if got := plain.remote(r); got != c.direct {
			t.Errorf("%s naming %q without one: %s", c.peer, c.named, got)
		}
	}
}

func TestAnAuditorHasNoAddressThatWrites(t *testing.T) {
	d := newDoored(t, "")
	for login, want := range map[string]bool{"olga": true, "lena": true, "ada": false, "ruth": false} {
		c := d.in(login)
		for _, r := range routes {
			if r.demand != decider {
				continue
			}
			_, address := r.example()
			w := d.ask(http.MethodPost, address, nil, c)
			if there := w.Code != http.StatusMethodNotAllowed; there != want {
				t.Errorf("%s posts to %s: %d", login, address, w.Code)
			}
		}
		page := d.ask(http.MethodGet, "/p/HARBOUR-WEB/i/F-1", nil, c).Body.String()
		if forms := strings.Contains(page, `name="step"`); forms != (want && login != "tao") {
			t.Errorf("%s sees forms: %v", login, forms)
		}
	}
}
