package access

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// elsewhere is a provider of the test's own. claims are what it says of whoever
// signs in there; questions are what it was asked, by code.
type elsewhere struct {
	*httptest.Server
	key       *rsa.PrivateKey
	claims    map[string]any
	questions map[string]url.Values
}

func newElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e := &elsewhere{key: key, claims: map[string]any{}, questions: map[string]url.Values{}}
	discovery := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "one", Algorithm: "RS256"}}}
	mux := http.NewServeMux()
	mux.Handle("/", discovery)
	mux.HandleFunc("POST /token", e.token)
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	discovery.SetIssuer(e.URL)
	return e
}

// signIn is somebody who signs in there: the answer with which they come back.
func (e *elsewhere) signIn(t *testing.T, to string) url.Values {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	code := NewToken()
	e.questions[code] = u.Query()
	return url.Values{"state": {u.Query().Get("state")}, "code": {code}}
}

func (e *elsewhere) token(w http.ResponseWriter, r *http.Request) {
	q := e.questions[r.PostFormValue("code")]
	delete(e.questions, r.PostFormValue("code"))
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	id, secret, _ := r.BasicAuth()
	if q == nil || q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(challenge[:]) || q.Get("code_challenge_method") != "S256" || id != "rapport" || secret != "told" {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	claims := map[string]any{
		"iss": e.URL, "aud": "rapport", "sub": "7", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		"nonce": q.Get("nonce"), "email": "mara@agency.example", "email_verified": true,
	}
	for k, v := range e.claims {
		claims[k] = v
	}
	text, _ := json.Marshal(claims)
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"access_token":"a","token_type":"Bearer","id_token":%q}`, oidctest.SignIDToken(e.key, "one", "RS256", string(text)))
}

func TestSignInElsewhere(t *testing.T) {
	h := linked(t)
	e := newElsewhere(t)
	p := NewProvider(ProviderConfig{Name: "Elsewhere", Issuer: e.URL, ClientID: "rapport", Secret: func() (string, error) { return "told", nil }, Back: "https://rapport.agency.example/sign-in/back"})
	for _, c := range []struct {
		name   string
		claims map[string]any
		spoil  func(answer url.Values, kept *string)
		login  string
	}{
		{"as it should be", nil, nil, "mara"},
		{"letter case aside", map[string]any{"email": "Mara@Agency.Example"}, nil, "mara"},
		{"an address that nobody verified", map[string]any{"email_verified": false}, nil, ""},
		{"no address", map[string]any{"email": ""}, nil, ""},
		{"somebody unknown", map[string]any{"email": "stranger@agency.example"}, nil, ""},
		{"somebody whose time is over", map[string]any{"email": "ruth@agency.example"}, nil, ""},
		{"for another program", map[string]any{"aud": "another"}, nil, ""},
		{"of another provider", map[string]any{"iss": "https://evil.example"}, nil, ""},
		{"long ago", map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}, nil, ""},
		{"another sign-in's nonce", map[string]any{"nonce": "another"}, nil, ""},
		{"another browser's state", nil, func(_ url.Values, kept *string) { *kept = NewToken() + (*kept)[43:] }, ""},
		{"no state", nil, func(a url.Values, kept *string) { a.Del("state"); *kept = "" }, ""},
		{"another verifier", nil, func(_ url.Values, kept *string) { *kept = (*kept)[:88] + NewToken() }, ""},
		{"refused there", nil, func(a url.Values, _ *string) { a.Del("code"); a.Set("error", "access_denied") }, ""},
		{"a made-up code", nil, func(a url.Values, _ *string) { a.Set("code", "made-up") }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.now = h.now.Add(time.Minute)
			e.claims = c.claims
			to, kept, err := p.leave(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			answer := e.signIn(t, to)
			if c.spoil != nil {
				c.spoil(answer, &kept)
			}
			token, err := h.ComeBack(t.Context(), p, answer, kept, Knock{Address: "192.0.2.1"})
			if (c.login == "") != errors.Is(err, ErrDenied) {
				t.Fatalf("let in: %q %v", token, err)
			}
			h.is(token, c.login)
			if again, err := h.ComeBack(t.Context(), p, answer, kept, Knock{Address: "192.0.2.1"}); !errors.Is(err, ErrDenied) {
				t.Errorf("the same answer once more: %q %v", again, err)
			}
		})
	}
}

func TestAProviderThatIsDown(t *testing.T) {
	e := newElsewhere(t)
	address := e.URL
	e.Close()
	p := NewProvider(ProviderConfig{Issuer: address, ClientID: "rapport", Secret: func() (string, error) { return "", nil }})
	if _, _, err := p.leave(t.Context()); err == nil {
		t.Error("nothing is wrong")
	}
}

func TestLeavingForElsewhereIsCounted(t *testing.T) {
	h, e := linked(t), newElsewhere(t)
	p := NewProvider(ProviderConfig{Issuer: e.URL, ClientID: "rapport", Secret: func() (string, error) { return "", nil }})
	for i := range addressBurst + 1 {
		_, _, err := h.Leave(t.Context(), p, "192.0.2.9")
		if (i == addressBurst) != errors.Is(err, ErrTooMany) || i < addressBurst && err != nil {
			t.Fatalf("time %d: %v", i+1, err)
		}
	}
	if _, _, err := h.Leave(t.Context(), p, "192.0.2.10"); err != nil {
		t.Errorf("from another address: %v", err)
	}
}

// However many want to go there, a provider that does not answer is asked once
// at a time, and whoever does not wait any longer holds nobody up.
func TestASlowProviderIsAskedOnce(t *testing.T) {
	asked := make(chan struct{}, 100)
	hangs := make(chan struct{})
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-hangs
		http.Error(w, "no", http.StatusServiceUnavailable)
	}))
	t.Cleanup(e.Close)
	p := NewProvider(ProviderConfig{Issuer: e.URL, ClientID: "rapport", Secret: func() (string, error) { return "", nil }})
	ctx, leave := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { _, _, err := p.leave(ctx); first <- err }()
	<-asked
	others := make(chan error)
	const n = 20
	waiting, giveUp := context.WithCancel(t.Context())
	for range n {
		go func() { _, _, err := p.leave(waiting); others <- err }()
	}
	leave()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("who left is told %v", err)
	}
	giveUp()
	for range n {
		if err := <-others; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up is told %v", err)
		}
	}
	close(hangs)
	if n := len(asked); n != 0 {
		t.Errorf("the provider was asked %d times more", n)
	}
}

// A provider whose answer has no end fills no memory.
func TestAProvidersAnswerIsBounded(t *testing.T) {
	ended := make(chan int64, 1)
	e := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var sent int64
		defer func() { ended <- sent }()
		for r.Context().Err() == nil {
			n, err := w.Write(bytes.Repeat([]byte(" "), 64<<10))
			if sent += int64(n); err != nil || sent > 1<<30 {
				return
			}
		}
	}))
	t.Cleanup(e.Close)
	p := NewProvider(ProviderConfig{Issuer: e.URL, ClientID: "rapport", Secret: func() (string, error) { return "", nil }})
	if _, _, err := p.leave(t.Context()); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("told %v", err)
	}
	if sent := <-ended; sent > 64<<20 {
		t.Errorf("%d bytes were taken", sent)
	}
}
