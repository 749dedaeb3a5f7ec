package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// serve is a server over the world of the tests.
func serve(t testing.TB, w *world) *Server {
	t.Helper()
	s, err := New(Config{
		Archive: all(w.memory), Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today },
		Guest: "lena", Hosts: []string{"rapport.internal"},
		Polling: func(mailbox string) (Polling, bool) {
			return Polling{State: "waiting", Since: ago(time.Hour), Trouble: "The server refused the password."}, mailbox == "yunshan"
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// all is an archive that everybody may read whole.
func all(a Archive) func(threads.Scope) Archive { return func(threads.Scope) Archive { return a } }

// get asks for a page, in the language that the address names.
func get(t testing.TB, s http.Handler, address string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Host = "localhost"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// body is the page's text; any other status than 200 fails the test.
func body(t testing.TB, s http.Handler, address string) string {
	t.Helper()
	w := get(t, s, address)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: %d\n%s", address, w.Code, w.Body)
	}
	return w.Body.String()
}

func TestEveryLinkLeadsToAValidPage(t *testing.T) {
	s := serve(t, newWorld(t))
	for _, lang := range []string{"en", "zh"} {
		t.Run(lang, func(t *testing.T) {
			c := &crawl{t: t, s: s, seen: map[string]bool{}, ids: map[string]map[string]bool{}}
			c.follow("/?lang="+lang, "start")
			c.follow("/search?q=basket&lang="+lang, "start")
			for len(c.queue) > 0 {
				next := c.queue[0]
				c.queue = c.queue[1:]
				c.visit(next[0], next[1])
			}
			c.anchors()
			if len(c.ids) < 30 {
				t.Errorf("only %d pages were found", len(c.ids))
			}
		})
	}
}

func TestUnknownThingsAreNotFound(t *testing.T) {
	s := serve(t, newWorld(t))
	for _, address := range []string{
		"/nothing", "/p/NO-SUCH", "/p/NO-SUCH/items", "/p/HARBOUR-WEB/i/F-999", "/p/HARBOUR-WEB/i/x", "/t/t9", "/m/m9", "/m/m9/raw",
		"/m/m9/source", "/m/m9/body", "/m/m0000000000000001/body", s.signed("/m/m0000000000000003/part/99"), s.signed("/m/m0000000000000003/picture/3"), "/m/m0000000000000003/part/3",
		"/r/r9", "/l/l9/raw", "/l/l9/body", "/l/l0000000000000003/body", "/items?kind=nonsense", "/static/style.css", "/static/..%2fwords.tsv",
	} {
		if w := get(t, s, address); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", address, w.Code)
		}
	}
	page := get(t, s, "/t/t9?lang=zh").Body.String()
	if !strings.Contains(page, "没有找到") || !strings.Contains(page, `href="/search"`) {
		t.Errorf("the error page tells no next step:\n%s", page)
	}
}

func TestAShortenedIDThatFitsTwoIsAConflict(t *testing.T) {
	if w := get(t, serve(t, newWorld(t)), "/m/m0000"); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "more characters") {
		t.Errorf("GET /m/m0000: %d\n%s", w.Code, w.Body)
	}
}

func TestAFailureIsAPageThatGivesNothingAway(t *testing.T) {
	w := newWorld(t)
	w.failure = fmt.Errorf("password of postgres://secret")
	s := serve(t, w)
	for _, address := range []string{"/", "/p/HARBOUR-WEB", "/items", "/m/m0000000000000001", "/search?q=x", "/tray", "/mailboxes", "/log"} {
		answer := get(t, s, address)
		if answer.Code != http.StatusInternalServerError || strings.Contains(answer.Body.String(), "secret") || !strings.Contains(answer.Body.String(), "<h1>") {
			t.Errorf("GET %s: %d\n%s", address, answer.Code, answer.Body)
		}
	}
}

func TestLanguageIsChosenAndKept(t *testing.T) {
	s := serve(t, newWorld(t))
	ask := func(address, accept, cookie string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		r.Host = "localhost"
		r.Header.Set("Accept-Language", accept)
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: languageCookie, Value: cookie})
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	for _, c := range []struct{ address, accept, cookie, want string }{
		{"/", "", "", "en"},
		{"/", "fr", "", "en"},
		{"/", "zh-TW,zh;q=0.9,en;q=0.8", "", "zh"},
		{"/", "en-GB", "zh", "zh"},
		{"/?lang=en", "zh", "zh", "en"},
		{"/?lang=xx", "zh", "nonsense", "zh"},
	} {
		w := ask(c.address, c.accept, c.cookie)
		if !strings.Contains(w.Body.String(), `<html lang="`+c.want+`">`) {
			t.Errorf("GET %s (%s, cookie %q) is not in %s", c.address, c.accept, c.cookie, c.want)
		}
	}
	if cookie := ask("/?lang=zh", "", "").Header().Get("Set-Cookie"); !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Strict") {
		t.Errorf("the language is kept as %q", cookie)
	}
}
