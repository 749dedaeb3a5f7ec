package oauth_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rapport/cmd/rapport/oauth"
)

func TestSigningInWithABrowser(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*oauth.Config)
		want   map[string]string // of the sign-in address
		host   string            // to which the browser comes back
		client string            // who we are, with our secret
	}{
		{"custom", func(*oauth.Config) {}, map[string]string{"scope": "mail offline_access", "code_challenge_method": "S256", "login_hint": "projects@agency.example", "client_id": "rapport", "response_type": "code"}, "127.0.0.1", "rapport:client-secret in the header"},
		{"custom, secret in the body", func(c *oauth.Config) { c.SecretInBody = true }, nil, "127.0.0.1", "rapport:client-secret"},
		{"google", func(c *oauth.Config) { c.Provider, c.Scopes = "google", nil }, map[string]string{"scope": "https://mail.google.com/", "access_type": "offline", "prompt": "consent"}, "127.0.0.1", "rapport:client-secret"},
		{"microsoft", func(c *oauth.Config) { c.Provider, c.Scopes, c.Secret = "microsoft", nil, nil },
			map[string]string{"scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"}, "localhost", "rapport:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, clock := newEndpoint(t), newClock()
			config := e.login(t, clock)
			c.change(&config)
			s := e.source(t, config)
			token(t, s, "access-1")
			q := e.signedIn[0]
			for name, want := range c.want {
				if q.Get(name) != want {
					t.Errorf("%s is %q, want %q", name, q.Get(name), want)
				}
			}
			back, err := url.Parse(q.Get("redirect_uri"))
			if err != nil || back.Hostname() != c.host || back.Port() == "" || back.Path != "" {
				t.Errorf("the browser comes back to %q", q.Get("redirect_uri"))
			}
			if got := e.asked[0].Get("client_id") + ":" + e.asked[0].Get("client_secret"); got != c.client {
				t.Errorf("we are %q, want %q", got, c.client)
			}
		})
	}
}

// The page on loopback is open to everything in the browser.
func TestStrangersCannotEndALogin(t *testing.T) {
	e := newEndpoint(t)
	s := source(t, e.login(t, newClock()))
	var out shown
	done := make(chan error, 1)
	go func() { done <- s.Login(t.Context(), oauth.Terminal{Out: &out}) }()
	address, err := url.Parse(out.address(t))
	if err != nil {
		t.Fatal(err)
	}
	back := address.Query().Get("redirect_uri")
	for _, query := range []string{"", "?code=mine", "?error=access_denied", "?state=guess&code=mine", "?state=" + address.Query().Get("state")} {
		if status := browse(t, back+"/"+query); status != http.StatusBadRequest {
			t.Errorf("%q is answered with %d", query, status)
		}
	}
	if status := browse(t, back+"/favicon.ico"); status != http.StatusNotFound {
		t.Errorf("another page is answered with %d", status)
	}
	if status := browse(t, address.String()); status != http.StatusOK {
		t.Errorf("the answer is answered with %d", status)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAnAddressCanBePasted(t *testing.T) {
	e := newEndpoint(t)
	s := source(t, e.login(t, newClock()))
	var out shown
	in, keyboard := io.Pipe()
	defer keyboard.Close()
	done := make(chan error, 1)
	go func() { done <- s.Login(t.Context(), oauth.Terminal{In: in, Out: &out}) }()
	elsewhere := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := elsewhere.Get(out.address(t))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	io.WriteString(keyboard, "\nhttps://example.com/\n"+r.Header.Get("Location")+"\n")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if !strings.Contains(out.String(), "That is not the address") {
		t.Errorf("shown:\n%s", out.String())
	}
	token(t, s, "access-1")
}

func TestALoginThatFails(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*endpoint)
		words  string
	}{
		{"denied", func(e *endpoint) { e.deny = "access_denied" }, "refused in the browser"},
		{"nothing to renew it with", func(e *endpoint) { e.more = map[string]any{"refresh_token": nil} }, "ask for offline access in oauth.scopes"},
		{"the code is no good", func(e *endpoint) {
			e.instead = func(w http.ResponseWriter, f url.Values) bool {
				refuse(w, "invalid_request", f.Get("code")+" "+f.Get("code_verifier"))
				return true
			}
		}, "log in for projects: the provider says invalid_request: … …"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEndpoint(t)
			config := e.login(t, newClock())
			s := e.source(t, config) // an old login stays as it is
			c.change(e)
			var out shown
			done := make(chan error, 1)
			go func() { done <- s.Login(t.Context(), oauth.Terminal{Out: &out}) }()
			browse(t, out.address(t))
			if err := <-done; err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("error %v, want %q", err, c.words)
			}
			token(t, s, "access-1")
		})
	}
}

func TestAConsentThatLeavesSomethingOut(t *testing.T) {
	e := newEndpoint(t)
	config := e.login(t, newClock())
	config.Provider, config.Scopes = "microsoft", nil
	e.more = map[string]any{"scope": "https://outlook.office.com/imap.accessasuser.all"}
	s := source(t, config)
	var out shown
	done := make(chan error, 1)
	go func() { done <- s.Login(t.Context(), oauth.Terminal{Out: &out}) }()
	browse(t, out.address(t))
	if err := <-done; err != nil || !strings.Contains(out.String(), "The consent leaves out https://outlook.office.com/SMTP.Send.") {
		t.Errorf("error %v, shown:\n%s", err, out.String())
	}
}

// direct answers requests without a network, so that time can stand still.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestSigningInOnAnotherDevice(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []string // of the provider, one after the other; the last again and again
		after   int      // seconds
		words   string   // of the error
	}{
		{"at once", []string{"ok"}, 5, ""},
		{"after a while", []string{"authorization_pending", "authorization_pending", "ok"}, 15, ""},
		{"more slowly", []string{"slow_down", "authorization_pending", "ok"}, 25, ""},
		{"the provider falls over", []string{"503", "ok"}, 10, ""},
		{"denied", []string{"authorization_pending", "access_denied"}, 10, "refused in the browser"},
		{"too late by their clock", []string{"expired_token"}, 5, "nobody entered the code in time"},
		{"too late by ours", []string{"authorization_pending"}, 600, "nobody entered the code in time"},
		{"not allowed", []string{"unauthorized_client"}, 5, "mend oauth.client_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEndpoint(t)
			n := 0
			e.instead = func(w http.ResponseWriter, f url.Values) bool {
				answer := c.answers[min(n, len(c.answers)-1)]
				n++
				switch {
				case f.Get("device_code") != "the-device-code" || f.Get("grant_type") != "urn:ietf:params:oauth:grant-type:device_code":
					refuse(w, "invalid_request", "")
				case answer == "ok":
					return false
				case answer == "503":
					w.WriteHeader(http.StatusServiceUnavailable)
				default:
					refuse(w, answer, "")
				}
				return true
			}
			config := e.login(t, newClock())
			config.Flow, config.HTTP, config.Now = oauth.Device, direct{e.Config.Handler}, nil
			synctest.Test(t, func(t *testing.T) {
				defer time.Sleep(time.Minute) // of the bubble: the library leaves an answer open, until the client's own time is over
				s := source(t, config)
				var out shown
				before := time.Now()
				err := s.Login(t.Context(), oauth.Terminal{Out: &out})
				if after := int(time.Since(before).Seconds()); after != c.after {
					t.Errorf("it took %d seconds, want %d", after, c.after)
				}
				if !strings.Contains(out.String(), "  https://id.example/device\n  WDJB-MJHT\n") {
					t.Errorf("shown:\n%s", out.String())
				}
				if c.words == "" {
					if err != nil {
						t.Fatal(err)
					}
					token(t, s, "access-1")
					return
				}
				if err == nil || !strings.Contains(err.Error(), c.words) {
					t.Errorf("error %v, want %q", err, c.words)
				}
				if _, err := os.Stat(config.TokenFile); err == nil {
					t.Error("a token was kept")
				}
			})
		})
	}
}
