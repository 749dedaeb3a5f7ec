package oauth_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/cmd/rapport/oauth"
)

// endpoint is a provider that replaces the refresh token at each use and ends
// the login when an old one comes again, as RFC 9700 section 4.14.2 has it.
type endpoint struct {
	*httptest.Server

	mu       sync.Mutex
	refresh  string // the one that counts
	n        int    // tokens given
	reused   bool
	asked    []url.Values
	lasts    int                                               // seconds, of an access token
	more     map[string]any                                    // beside the standard's fields
	instead  func(w http.ResponseWriter, form url.Values) bool // answers itself
	before   func()                                            // called when a token is made but not yet given
	codes    map[string]url.Values                             // by code: the question it was given for
	deny     string                                            // the error at sign-in
	signedIn []url.Values
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{lasts: 3600, refresh: "refresh-0", codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", e.token)
	mux.HandleFunc("GET /authorize", e.authorize)
	mux.HandleFunc("POST /device", e.device)
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	return e
}

func (e *endpoint) token(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	e.mu.Lock()
	defer e.mu.Unlock()
	if id, secret, ok := r.BasicAuth(); ok {
		r.PostForm.Set("client_id", id)
		r.PostForm.Set("client_secret", secret+" in the header")
	}
	e.asked = append(e.asked, r.PostForm)
	if e.instead != nil && e.instead(w, r.PostForm) {
		return
	}
	answer := map[string]any{"token_type": "Bearer", "expires_in": e.lasts}
	switch r.PostForm.Get("grant_type") {
	case "refresh_token":
		if r.PostForm.Get("refresh_token") != e.refresh {
			e.reused = true
			refuse(w, "invalid_grant", "the token "+r.PostForm.Get("refresh_token")+" was used before")
			return
		}
	case "authorization_code":
		question := e.codes[r.PostForm.Get("code")]
		print := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
		if question == nil || question.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(print[:]) ||
			question.Get("redirect_uri") != r.PostForm.Get("redirect_uri") {
			refuse(w, "invalid_grant", "no such code")
			return
		}
	}
	e.n++
	answer["access_token"] = fmt.Sprintf("access-%d", e.n)
	if r.PostForm.Get("grant_type") != "client_credentials" {
		e.refresh = fmt.Sprintf("refresh-%d", e.n)
		answer["refresh_token"] = e.refresh
	}
	for k, v := range e.more {
		if v == nil {
			delete(answer, k)
			continue
		}
		answer[k] = v
	}
	if e.before != nil {
		e.before()
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer)
}

func refuse(w http.ResponseWriter, code, words string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": words})
}

// authorize is the page on which somebody signs in; here everybody does at once.
func (e *endpoint) authorize(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	q := r.URL.Query()
	e.signedIn = append(e.signedIn, q)
	back := url.Values{"state": {q.Get("state")}}
	if e.deny != "" {
		back.Set("error", e.deny)
	} else {
		code := fmt.Sprintf("code-%d", len(e.codes))
		e.codes[code] = q
		back.Set("code", code)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (e *endpoint) device(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"device_code": "the-device-code", "user_code": "WDJB-MJHT", "verification_uri": "https://id.example/device", "expires_in": 600, "interval": 5}`)
}

// questions are how often a token was asked for.
func (e *endpoint) questions() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.asked)
}

// clock is a time that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// login is the configuration of a login at the endpoint.
func (e *endpoint) login(t *testing.T, c *clock) oauth.Config {
	return oauth.Config{
		Name: "projects", Username: "projects@agency.example", Provider: "custom", Flow: oauth.Code, ClientID: "rapport",
		Secret:  func() (string, error) { return "client-secret", nil },
		AuthURL: e.URL + "/authorize", TokenURL: e.URL + "/token", DeviceURL: e.URL + "/device",
		Scopes: []string{"mail", "offline_access"}, TokenFile: filepath.Join(t.TempDir(), "token.json"), Now: c.Now,
	}
}

func source(t *testing.T, c oauth.Config) *oauth.Source {
	t.Helper()
	s, err := oauth.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signedIn is a source after a login by code: access-1, refresh-1.
func (e *endpoint) source(t *testing.T, c oauth.Config) *oauth.Source {
	t.Helper()
	s := source(t, c)
	var out shown
	done := make(chan error, 1)
	go func() { done <- s.Login(t.Context(), oauth.Terminal{Out: &out}) }()
	browse(t, out.address(t))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return s
}

func browse(t *testing.T, address string) int {
	t.Helper()
	r, err := http.Get(address)
	if err != nil {
		t.Error(err)
		return 0
	}
	r.Body.Close()
	return r.StatusCode
}

// shown is what a terminal shows.
type shown struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *shown) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *shown) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// address waits for the sign-in address to be shown.
func (s *shown) address(t *testing.T) string {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		for _, line := range strings.Split(s.String(), "\n") {
			if at, found := strings.CutPrefix(line, "  http"); found && strings.Contains(s.String(), "paste it here") {
				return "http" + at
			}
		}
	}
	t.Fatalf("no address is shown:\n%s", s.String())
	return ""
}

// kept is the token file.
func kept(t *testing.T, c oauth.Config) map[string]any {
	t.Helper()
	text, err := os.ReadFile(c.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}
