package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/threads"
	"rapport/web/access"
)

// mailing gives the pages a mail server that keeps what it is sent.
func mailing(d *doored) chan LinkMail {
	mails := make(chan LinkMail, 10)
	d.mail = func(_ context.Context, m LinkMail) error {
		mails <- m
		return nil
	}
	return mails
}

func TestASignInByMail(t *testing.T) {
	d := newDoored(t, "https://rapport.agency.example")
	mails := mailing(d)
	ask := func(mail string) *httptest.ResponseRecorder {
		return d.ask(http.MethodPost, "/sign-in/link?lang=zh", url.Values{"mail": {mail}})
	}
	known, unknown := ask("olga@northlight.example"), ask("nobody@northlight.example")
	to := known.Header().Get("Location")
	if known.Code != http.StatusSeeOther || unknown.Code != known.Code || unknown.Header().Get("Location") != to || known.Body.String() != unknown.Body.String() {
		t.Errorf("somebody known is led to %s (%d), somebody unknown to %s (%d)", to, known.Code, unknown.Header().Get("Location"), unknown.Code)
	}
	if page := d.ask(http.MethodGet, to+"&lang=zh", nil); !strings.Contains(page.Body.String(), "登录链接已经发出") {
		t.Errorf("%s says\n%s", to, page.Body)
	}
	m := <-mails
	link := regexp.MustCompile(`https://rapport\.agency\.example(/sign-in/link/\S+)`).FindStringSubmatch(m.Link)
	if m.To.Address != "olga@northlight.example" || m.Subject != "登录 Rapport" || link == nil || !strings.Contains(m.Before[0], "Olga Brandt") {
		t.Fatalf("the mail is %+v", m)
	}
	var browser *http.Cookie
	for _, c := range known.Result().Cookies() {
		if c.Name == "__Host-rapport_link" {
			browser = c
		}
	}
	if browser == nil || !browser.HttpOnly || !browser.Secure || strings.Contains(m.Link, browser.Value) {
		t.Fatalf("the browser keeps %v", known.Result().Cookies())
	}

	// A program that looks at the mail opens the link, often, and with no cookie.
	for range 3 {
		if w := d.ask(http.MethodGet, link[1], nil); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "<button>") || !strings.Contains(w.Body.String(), "only in the browser") {
			t.Errorf("opened by a program: %d\n%s", w.Code, w.Body)
		}
		d.ask(http.MethodHead, link[1], nil, browser)
		if w := d.ask(http.MethodGet, link[1], nil, browser); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<button>") {
			t.Errorf("opened by the browser that asked: %d\n%s", w.Code, w.Body)
		}
	}
	for _, other := range unknown.Result().Cookies() {
		if w := d.ask(http.MethodPost, link[1], nil, other); w.Code != http.StatusUnauthorized {
			t.Errorf("used in another browser: %d", w.Code)
		}
	}
	w := d.ask(http.MethodPost, link[1], nil, browser)
	if w.Code != http.StatusSeeOther || d.ask(http.MethodGet, "/", nil, session(t, w)).Code != http.StatusOK {
		t.Errorf("used: %d\n%s", w.Code, w.Body)
	}
	if w := d.ask(http.MethodPost, link[1], nil, browser); w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "does not work any more") {
		t.Errorf("used once more: %d\n%s", w.Code, w.Body)
	}
}

// session is the session's cookie that an answer gives.
func session(t *testing.T, w *httptest.ResponseRecorder) *http.Cookie {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-rapport_session" || c.Name == "rapport_session" {
			return c
		}
	}
	t.Fatalf("no session is given: %d %v", w.Code, w.Result().Cookies())
	return nil
}

func TestWithoutAMailServerNoLinkIsOffered(t *testing.T) {
	d := newDoored(t, "")
	if page := d.ask(http.MethodGet, "/sign-in", nil).Body.String(); strings.Contains(page, "Send me a link") || strings.Contains(page, "elsewhere") {
		t.Errorf("the sign-in page offers what there is not:\n%s", page)
	}
	for _, address := range []string{"/sign-in/elsewhere", "/sign-in/back?code=x&state=y"} {
		if w := d.ask(http.MethodGet, address, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	if w := d.ask(http.MethodPost, "/sign-in/link", url.Values{"mail": {"lena@northlight.example"}}); w.Code != http.StatusNotFound {
		t.Errorf("a link is asked for: %d", w.Code)
	}
}

// The provider's own tests are in package access; here it is only led to.
func TestTheWayToTheProvider(t *testing.T) {
	discovery := httptest.NewServer(nil)
	defer discovery.Close()
	discovery.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"issuer":"` + discovery.URL + `","authorization_endpoint":"` + discovery.URL + `/authorize","token_endpoint":"` + discovery.URL + `/token","jwks_uri":"` + discovery.URL + `/keys"}`))
	})
	d := newDoored(t, "https://rapport.agency.example")
	d.provider = access.NewProvider(access.ProviderConfig{Name: "Elsewhere", Issuer: discovery.URL, ClientID: "rapport",
		Secret: func() (string, error) { return "", nil }, Back: "https://rapport.agency.example/sign-in/back"})
	page := d.ask(http.MethodGet, "/sign-in?back=/tray", nil).Body.String()
	if !strings.Contains(page, `<a href="/sign-in/elsewhere?back=%2Ftray">Sign in with Elsewhere</a>`) {
		t.Fatalf("the sign-in page does not lead there:\n%s", page)
	}
	w := d.ask(http.MethodGet, "/sign-in/elsewhere?back=%2Ftray", nil)
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), discovery.URL+"/authorize?") {
		t.Fatalf("it leads to %s (%d)", to, w.Code)
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(to.Query().Get(name)) < 40 {
			t.Errorf("it has %s %q", name, to.Query().Get(name))
		}
	}
	kept := w.Result().Cookies()
	if len(kept) != 1 || !kept[0].HttpOnly || !kept[0].Secure || !strings.HasSuffix(kept[0].Value, ".%2Ftray") {
		t.Errorf("the browser keeps %v", kept)
	}
	w = d.ask(http.MethodGet, "/sign-in/back?error=access_denied&state="+to.Query().Get("state"), nil, kept...)
	if w.Code != http.StatusUnauthorized || !strings.Contains(w.Body.String(), "Elsewhere did not name anybody") {
		t.Errorf("refused there: %d\n%s", w.Code, w.Body)
	}
	discovery.Close()
	d.provider = access.NewProvider(access.ProviderConfig{Name: "Elsewhere", Issuer: discovery.URL, Secret: func() (string, error) { return "", nil }})
	if w := d.ask(http.MethodGet, "/sign-in/elsewhere", nil); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "cannot be reached") {
		t.Errorf("while it is down: %d\n%s", w.Code, w.Body)
	}
}

func TestLinksAreFewAndNoted(t *testing.T) {
	d := newDoored(t, "")
	mails := mailing(d)
	for range 3 {
		d.ask(http.MethodPost, "/sign-in/link", url.Values{"mail": {"olga@northlight.example"}})
	}
	w := d.ask(http.MethodPost, "/sign-in/link", url.Values{"mail": {"olga@northlight.example"}})
	if w.Code != http.StatusTooManyRequests {
		t.Errorf("a fourth link at once: %d", w.Code)
	}
	for range 3 {
		select {
		case <-mails:
		case <-time.After(10 * time.Second):
			t.Fatal("a mail is missing")
		}
	}
	noted, err := d.store.Accesses(t.Context(), threads.AccessQuery{Login: "olga", Limit: 10})
	links := 0
	for _, a := range noted {
		if a.Type == threads.EntryLink && a.Address == "192.0.2.1" {
			links++
		}
	}
	if err != nil || links != 3 {
		t.Errorf("noted: %+v %v", noted, err)
	}
}
