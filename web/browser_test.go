package web

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rapport/internal/servers"
	"rapport/threads"
)

// elsewhere is a listener on another address. It must get no request.
type elsewhere struct {
	*httptest.Server
	mu  sync.Mutex
	hit map[int]bool
}

func newElsewhere(t *testing.T) *elsewhere {
	e := &elsewhere{hit: map[int]bool{}}
	e.Server = httptest.NewServer(e)
	t.Cleanup(e.Close)
	return e
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(regexp.MustCompile(`[0-9]+`).FindString(r.URL.Path))
	e.mu.Lock()
	defer e.mu.Unlock()
	e.hit[n] = true
}

// hits are the payloads that have loaded something since the last call.
func (e *elsewhere) hits() []int {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := slices.Sorted(maps.Keys(e.hit))
	clear(e.hit)
	return out
}

// payload is one line of testdata/hostile.txt, as a page or as a mail.
type payload struct {
	number  int
	charset string
	html    []byte
}

var escapedByte = regexp.MustCompile(`\\x[0-9a-f]{2}`)

func (e *elsewhere) payloads(t *testing.T) (out []payload) {
	t.Helper()
	text, err := os.ReadFile("testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		p := payload{number: len(out) + 1, charset: "utf-8"}
		if rest, named := strings.CutPrefix(line, "charset="); named {
			p.charset, line, _ = strings.Cut(rest, " ")
		}
		n := strconv.Itoa(p.number)
		line = strings.NewReplacer("RUN", "top.postMessage("+n+",atob(`Kg`))", "HIT", e.URL+"/hit/"+n, "HOST", strings.TrimPrefix(e.URL, "http://"), "NUMBER", n).Replace(line)
		p.html = escapedByte.ReplaceAllFunc([]byte(line), func(b []byte) []byte {
			n, _ := strconv.ParseUint(string(b[2:]), 16, 8)
			return []byte{byte(n)}
		})
		out = append(out, p)
	}
	return out
}

func (p payload) id() string { return fmt.Sprintf("m1%015d", p.number) }

func (p payload) mail() []byte {
	return []byte("From: Anna Lindqvist <anna@harbour.example>\r\nTo: projects@northlight.example\r\nSubject: a\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/html; charset=" + p.charset + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(p.html) + "\r\n")
}

// browsed opens all payloads as frames of one page, at an address for each, and
// returns those that ran. The page may frame its own site only, as ours may.
func browsed(t *testing.T, h http.Handler, frames []string) (ran string) {
	t.Helper()
	var page bytes.Buffer
	page.WriteString("<!doctype html><title>ran</title><script>var ran=new Set;onmessage=function(e){ran.add(e.data);" +
		"document.title='ran '+[...ran].sort(function(a,b){return a-b}).join(' ')}</script>")
	for _, f := range frames {
		page.WriteString("<iframe src=\"" + html.EscapeString(f) + "\"></iframe>")
	}
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.HandleFunc("/all", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; frame-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page.Bytes())
	})
	site := httptest.NewServer(mux)
	defer site.Close()
	title := regexp.MustCompile(`<title>ran ?(.*?)</title>`).FindStringSubmatch(servers.Chromium(t, site.URL+"/all"))
	if title == nil {
		t.Fatal("the page that watches was not shown")
	}
	return title[1]
}

// TestHostileMailInABrowser opens mail that tries to run or to load something in
// a real browser, and holds each wall by itself: what is left of the mail
// without the frame's policy, the policy with the mail as it came, and both.
func TestHostileMailInABrowser(t *testing.T) {
	evil := newElsewhere(t)
	payloads := evil.payloads(t)
	w := newWorld(t)
	var numbers, bodies []string
	for _, p := range payloads {
		w.raw[p.id()] = p.mail()
		w.mail(threads.Message{ID: p.id(), Project: "HARBOUR-WEB", Thread: "t0000000000000001", From: anna, Subject: "a", Received: ago(day), NewText: "a"})
		numbers, bodies = append(numbers, "/"+strconv.Itoa(p.number)), append(bodies, "/m/"+p.id()+"/body")
	}
	s := serve(t, w)

	// asItCame answers with a payload's own HTML.
	asItCame := func(policy string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			n, err := strconv.Atoi(r.URL.Path[1:])
			if err != nil || n > len(payloads) {
				http.NotFound(w, r)
				return
			}
			if policy != "" {
				w.Header().Set("Content-Security-Policy", policy)
			}
			w.Header().Set("Content-Type", "text/html; charset="+payloads[n-1].charset)
			w.Write(payloads[n-1].html)
		}
	}
	ran, hits := browsed(t, asItCame(""), numbers), evil.hits()
	if len(strings.Fields(ran)) < len(payloads)/2 || len(hits) < 20 {
		t.Fatalf("without any wall only %s run and %v load: the test proves nothing", ran, hits)
	}
	for wall, c := range map[string]struct {
		site   http.Handler
		frames []string
	}{
		"the policy alone": {asItCame(mailPolicy), numbers},
		"what is left of the mail, without a policy": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(get(t, s, r.URL.Path).Body.Bytes())
		}), bodies},
		"both": {s, bodies},
	} {
		ran, hits := browsed(t, c.site, c.frames), evil.hits()
		if ran != "" || len(hits) > 0 {
			t.Errorf("%s: of testdata/hostile.txt %q run, %v load from elsewhere", wall, ran, hits)
		}
	}
	for _, p := range payloads {
		m := get(t, s, "/m/"+p.id()+"/body").Body.String()
		harmless(t, m[strings.Index(m, "<body>"):])
	}
}
