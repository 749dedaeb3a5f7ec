package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"rapport/threads"
)

// serve is a server over the world of the tests.
func serve(t testing.TB, w *world) *Server {
	t.Helper()
	s, err := New(Config{
		Archive: w.memory, Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today },
		Hosts: []string{"rapport.internal"},
		Polling: func(mailbox string) (Polling, bool) {
			return Polling{State: "waiting", Since: ago(time.Hour), Trouble: "The server refused the password."}, mailbox == "yunshan"
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

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

// crawl walks through the site as a reader would.
type crawl struct {
	t     *testing.T
	s     *Server
	seen  map[string]bool
	queue [][2]string // address, where it was found
	ids   map[string]map[string]bool
	to    [][3]string // address without fragment, fragment, where it was found
}

func (c *crawl) follow(address, from string) {
	u, err := url.Parse(address)
	if err != nil {
		c.t.Errorf("%s links to %q: %v", from, address, err)
		return
	}
	if u.IsAbs() || u.Query().Has("lang") && from != "start" { // the other language is crawled by itself
		return
	}
	fragment := u.Fragment
	u.Fragment = ""
	page := u.String()
	if page == "" {
		page = from
	}
	if fragment != "" {
		c.to = append(c.to, [3]string{page, fragment, from})
	}
	if !c.seen[page] {
		c.seen[page] = true
		c.queue = append(c.queue, [2]string{page, from})
	}
}

func (c *crawl) visit(address, from string) {
	w := get(c.t, c.s, address)
	if w.Code != http.StatusOK {
		c.t.Errorf("%s links to %s, which answers %d", from, address, w.Code)
		return
	}
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return
	}
	root, err := html.Parse(strings.NewReader(w.Body.String()))
	if err != nil {
		c.t.Fatal(err)
	}
	c.ids[address] = check(c.t, address, root)
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if n.Type == html.ElementNode && (a.Key == "href" || a.Key == "src") {
				c.follow(a.Val, address)
			}
		}
	}
}

// anchors holds that each fragment names a place on its page.
func (c *crawl) anchors() {
	for _, to := range c.to {
		if ids, page := c.ids[to[0]]; page && !ids[to[1]] {
			c.t.Errorf("%s links to #%s on %s, which has no such place", to[2], to[1], to[0])
		}
	}
}

// check holds a page against what every page must be, and returns its ids.
func check(t *testing.T, address string, root *html.Node) map[string]bool {
	ids, labels := map[string]bool{}, map[string]bool{}
	var inputs []string
	level, ones := 0, 0
	frame := strings.HasSuffix(strings.Split(address, "?")[0], "/body")
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("%s: the id %s is there twice", address, id)
			}
			ids[id] = true
		}
		switch n.Data {
		case "script", "object", "embed", "base":
			t.Errorf("%s has an element <%s>", address, n.Data)
		case "label":
			labels[attr(n, "for")] = true
		case "input", "select":
			inputs = append(inputs, attr(n, "id"))
		case "img":
			if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) && !frame {
				t.Errorf("%s has a picture without alt", address)
			}
		case "iframe":
			if sandbox := attr(n, "sandbox"); sandbox == "" || strings.Contains(sandbox, "allow-scripts") || strings.Contains(sandbox, "allow-same-origin") || attr(n, "title") == "" {
				t.Errorf("%s has a frame without title or sandbox: %v", address, n.Attr)
			}
		case "h1", "h2", "h3":
			if frame {
				break
			}
			now := int(n.Data[1] - '0')
			if now > level+1 {
				t.Errorf("%s: a heading <%s> follows level %d", address, n.Data, level)
			}
			if level = now; now == 1 {
				ones++
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" && !frame {
				t.Errorf("%s: <%s %s> would be blocked", address, n.Data, a.Key)
			}
		}
	}
	for _, id := range inputs {
		if !labels[id] {
			t.Errorf("%s: the field %q has no label", address, id)
		}
	}
	for n := range root.Descendants() {
		if by := attr(n, "aria-labelledby"); by != "" && !ids[by] {
			t.Errorf("%s: aria-labelledby %s names nothing", address, by)
		}
	}
	if ones != 1 && !frame {
		t.Errorf("%s has %d headings <h1>", address, ones)
	}
	return ids
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func TestUnknownThingsAreNotFound(t *testing.T) {
	s := serve(t, newWorld(t))
	for _, address := range []string{
		"/nothing", "/p/NO-SUCH", "/p/NO-SUCH/items", "/p/HARBOUR-WEB/i/F-999", "/p/HARBOUR-WEB/i/x", "/t/t9", "/m/m9", "/m/m9/raw",
		"/m/m9/source", "/m/m9/body", "/m/m0000000000000001/body", "/m/m0000000000000003/part/99", "/m/m0000000000000003/picture/3",
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
