package oauth_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
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

func token(t *testing.T, s *oauth.Source, want string) {
	t.Helper()
	got, err := s.Token(t.Context())
	if err != nil || got != want {
		t.Errorf("token %q, %v; want %q", got, err, want)
	}
}

func TestATokenIsRenewedWhenItIsOld(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	s := e.source(t, config)
	token(t, s, "access-1")
	c.move(58 * time.Minute)
	token(t, s, "access-1")
	c.move(90 * time.Second) // it would end while it is used
	token(t, s, "access-2")
	token(t, s, "access-2")
	if n := e.questions(); n != 2 {
		t.Errorf("%d questions to the provider, want the login and one renewal", n)
	}

	// What the provider gave is on disk, for us alone, and nothing else is.
	if file := kept(t, config); file["refresh_token"] != "refresh-2" || file["access_token"] != "access-2" {
		t.Errorf("kept: %v", file)
	}
	if info, err := os.Stat(config.TokenFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(filepath.Dir(config.TokenFile))
	if err != nil || len(entries) != 2 {
		t.Errorf("files %v, %v; want the token and its lock", entries, err)
	}

	// Another process goes on with it.
	c.move(2 * time.Hour)
	token(t, source(t, config), "access-3")
	token(t, s, "access-3")
	if e.reused {
		t.Error("a refresh token was used twice")
	}
}

func TestManyAskAndOneRenews(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	e.source(t, config)
	c.move(2 * time.Hour)
	var all sync.WaitGroup
	for range 4 {
		s := source(t, config) // as another process would have it
		for range 5 {
			all.Go(func() { token(t, s, "access-2") })
		}
	}
	all.Wait()
	if n := e.questions(); n != 2 || e.reused {
		t.Errorf("%d questions (reuse: %v), want the login and one renewal", n, e.reused)
	}
}

// The provider has replaced the refresh token when our side is told to stop:
// the new one must be kept.
func TestAStopLosesNoToken(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	s := e.source(t, config)
	c.move(2 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	e.before = cancel
	s.Token(ctx)
	e.before = nil
	if kept(t, config)["refresh_token"] != "refresh-2" {
		t.Errorf("kept: %v", kept(t, config))
	}
	c.move(2 * time.Hour)
	token(t, s, "access-3")
}

func TestATokenThatCannotBeKeptIsNotUsedAndNotLost(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	config.TokenFile = filepath.Join(t.TempDir(), "tokens", "token.json")
	dir := filepath.Dir(config.TokenFile)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := e.source(t, config)
	c.move(2 * time.Hour)
	e.before = func() { os.Rename(dir, dir+".away") }
	if got, err := s.Token(t.Context()); err == nil || !strings.Contains(err.Error(), "must be before it is used") {
		t.Errorf("token %q, %v", got, err)
	}
	e.before = nil
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	token(t, s, "access-2")
	if kept(t, config)["refresh_token"] != "refresh-2" || e.reused {
		t.Errorf("kept: %v, reuse %v", kept(t, config), e.reused)
	}
}

func TestANewLoginCountsMoreThanAnUnsavedToken(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	config.TokenFile = filepath.Join(t.TempDir(), "tokens", "token.json")
	dir := filepath.Dir(config.TokenFile)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := e.source(t, config)
	c.move(2 * time.Hour)
	e.before = func() { os.Rename(dir, dir+".away") }
	if _, err := s.Token(t.Context()); err == nil {
		t.Fatal("the token was used before it was kept")
	}
	e.before = nil
	if err := os.Rename(dir+".away", dir); err != nil {
		t.Fatal(err)
	}
	c.move(time.Minute)
	e.source(t, config) // somebody runs the command
	token(t, s, "access-3")
}

func TestATokenThatTheServerRefusesIsReplaced(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	s := e.source(t, config)
	token(t, s, "access-1")
	s.Refused()
	token(t, e.source(t, config), "access-2") // another process knows it, too
	token(t, s, "access-2")
	token(t, s, "access-2")
}

func TestWhatIsNotSaidAgainStays(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	e.more = map[string]any{"refresh_token_expires_in": 20 * 24 * 3600}
	s := e.source(t, config)
	e.more = map[string]any{"refresh_token": nil, "expires_in": "3600"} // some write numbers as text
	e.mu.Lock()
	first := e.refresh
	e.mu.Unlock()
	c.move(2 * time.Hour)
	token(t, s, "access-2")
	file := kept(t, config)
	if file["refresh_token"] != first || file["refresh_expires"] != "2026-12-15T09:00:00Z" || file["expires"] != "2026-11-25T12:00:00Z" {
		t.Errorf("kept: %v", file)
	}
}

func TestRefusalsAreToldWithTheNextStep(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		ended  bool
		words  string
	}{
		{"revoked", 400, `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`, true,
			`the login of projects has ended (the provider says invalid_grant: Token has been expired or revoked.); run "rapport login projects"`},
		{"consent", 400, `{"error":"interaction_required"}`, true, `run "rapport login projects"`},
		{"old secret", 401, `{"error":"invalid_client","error_description":"AADSTS7000222: the secret is expired"}`, false,
			"the provider refuses our client (invalid_client: AADSTS7000222: the secret is expired); mend oauth.client_id or its secret"},
		{"scope", 400, `{"error":"invalid_scope"}`, false, "mend oauth.scopes"},
		{"down", 503, `<h1>try later</h1>`, false, "renew the token for projects: the provider says 503 Service Unavailable"},
		{"no token", 200, `{}`, false, "missing access_token"},
		{"no JSON", 200, `hello`, false, "cannot parse"},
		{"secrets sent back", 400, `{"error":"invalid_request","error_description":"refresh-1 of client-secret\u202e\u0007 is wrong"}`, false,
			"the provider says invalid_request: … of … is wrong"},
		{"elsewhere", 307, ``, false, "307"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, clock := newEndpoint(t), newClock()
			config := e.login(t, clock)
			var log bytes.Buffer
			config.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			s := e.source(t, config)
			stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Error("the secret went to a stranger") }))
			defer stranger.Close()
			e.instead = func(w http.ResponseWriter, _ url.Values) bool {
				w.Header().Set("Content-Type", "application/json")
				w.Header().Set("Location", stranger.URL)
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
				return true
			}
			clock.move(2 * time.Hour)
			_, err := s.Token(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.words) || errors.Is(err, oauth.ErrEnded) != c.ended {
				t.Fatalf("error %v (ended: %v), want %q", err, errors.Is(err, oauth.ErrEnded), c.words)
			}
			if told := s.State().Trouble; c.ended != strings.Contains(told, `run "rapport login projects"`) {
				t.Errorf("the state says %q", told)
			}
			for _, secret := range []string{"refresh-", "access-", "client-secret"} {
				if strings.Contains(err.Error()+log.String()+s.State().Trouble, secret) {
					t.Errorf("a secret shows: %v\n%s", err, log.String())
				}
			}
			e.instead = nil // a refusal may be taken back
			token(t, s, "access-2")
			if told := s.State().Trouble; told != "" {
				t.Errorf("the state says %q", told)
			}
		})
	}
}

func TestWithoutALogin(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	check := func(s *oauth.Source, words string) {
		t.Helper()
		_, err := s.Token(t.Context())
		if !errors.Is(err, oauth.ErrEnded) || !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), `run "rapport login projects"`) {
			t.Errorf("error %v, want %q", err, words)
		}
		if s.State().Trouble != err.Error() {
			t.Errorf("the state says %q", s.State().Trouble)
		}
	}
	check(source(t, config), "nobody has logged in for projects yet")
	e.source(t, config)
	other := config
	other.ClientID = "another"
	check(source(t, other), "from another client")
	other = config
	other.TokenURL += "/moved"
	check(source(t, other), "from another client or provider")
	if err := os.WriteFile(config.TokenFile, []byte(`{"refresh_token": "refresh-1`), 0o600); err != nil {
		t.Fatal(err)
	}
	check(source(t, config), "cannot be understood")
	if n := e.questions(); n != 1 {
		t.Errorf("%d questions to the provider, want the login only", n)
	}
}

func TestTheComingEndIsToldOnceADay(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	e.more = map[string]any{"refresh_expires_in": 10 * 24 * 3600}
	var log bytes.Buffer
	config.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := e.source(t, config)
	e.lasts = 30 * 24 * 3600
	e.more = map[string]any{"refresh_token": nil}
	for range 3 {
		c.move(24 * time.Hour)
		if _, err := s.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.Token(t.Context())
	}
	if n := strings.Count(log.String(), "login.ends"); n != 1 {
		t.Errorf("told %d times before the last week and on its first day:\n%s", n, log.String())
	}
	if w := s.State().Warning; !strings.Contains(w, `the login of projects ends on 2026-12-05 09:00 UTC; run "rapport login projects" before`) {
		t.Errorf("warning %q", w)
	}
	c.move(8 * 24 * time.Hour)
	if told := s.State().Trouble; !strings.Contains(told, "the time of the login is over") {
		t.Errorf("trouble %q", told)
	}
}

func TestClientCredentialsNeedNobody(t *testing.T) {
	e, c := newEndpoint(t), newClock()
	config := e.login(t, c)
	config.Flow, config.TokenFile = oauth.ClientCredentials, ""
	s := source(t, config)
	token(t, s, "access-1")
	token(t, s, "access-1")
	c.move(2 * time.Hour)
	token(t, s, "access-2")
	s.Refused()
	token(t, s, "access-3")
	if err := s.Login(t.Context(), oauth.Terminal{}); err != nil {
		t.Error(err)
	}
	e.instead = func(w http.ResponseWriter, _ url.Values) bool {
		refuse(w, "invalid_grant", "no consent of the administrator")
		return true
	}
	c.move(2 * time.Hour)
	if _, err := s.Token(t.Context()); err == nil || errors.Is(err, oauth.ErrEnded) || !strings.Contains(err.Error(), "no consent") {
		t.Errorf("error %v; nobody can log in", err)
	}
}

func TestWhatIsRequired(t *testing.T) {
	e := newEndpoint(t)
	for _, c := range []struct {
		change func(*oauth.Config)
		words  string
	}{
		{func(c *oauth.Config) { c.Provider = "yahoo" }, "is no provider"},
		{func(c *oauth.Config) { c.Flow = "implicit" }, "is no flow"},
		{func(c *oauth.Config) { c.ClientID = "" }, "client id"},
		{func(c *oauth.Config) { c.TokenFile = "" }, "token file"},
		{func(c *oauth.Config) { c.Username = "a\x01auth=b" }, "control characters"},
		{func(c *oauth.Config) { c.TokenURL = "" }, "token address"},
		{func(c *oauth.Config) { c.AuthURL = "" }, "sign-in address"},
		{func(c *oauth.Config) { c.Provider, c.Flow, c.DeviceURL = "google", oauth.Device, "" }, "no known address for devices"},
	} {
		config := e.login(t, newClock())
		c.change(&config)
		if _, err := oauth.New(config); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("error %v, want %q", err, c.words)
		}
	}
}
