// Package oauth logs in to mail servers by tokens instead of passwords.
//
// A provider's addresses and our client's identity come in; an access token
// that is valid now, or a SASL mechanism that carries it, goes out. What a
// login leaves behind, above all the refresh token, lies in one file per login,
// readable for us alone.
//
// The package promises: a provider that replaces the refresh token at each use
// costs no login, because the new one is on disk before anything is done with
// it; two processes, or two mailboxes with one login, never use the same
// refresh token twice; when a login has ended, or is going to, the words say so
// and name the command that mends it; no token and no secret ever stands in an
// error or in the log.
package oauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// Flow says how a login comes about.
type Flow string

// The flows. Only the last needs nobody who signs in.
const (
	Code              Flow = "code"               // RFC 6749 section 4.1, in a browser on this machine
	Device            Flow = "device"             // RFC 8628, in a browser anywhere
	ClientCredentials Flow = "client_credentials" // RFC 6749 section 4.4, by the administrator's consent
)

// Config is one login.
type Config struct {
	Name     string // what `rapport login` calls it: the mailbox, or "smtp"
	Username string // the account
	Provider string // "google", "microsoft" or "custom"
	Tenant   string // of Microsoft; "" means any organisation
	Flow     Flow
	ClientID string
	Secret   func() (string, error) // asked at each use, so that a changed file counts; nil means that we have none
	// SecretInBody sends the secret in the question's body to a custom provider
	// that does not take it in the Authorization header.
	SecretInBody bool
	// AuthURL, TokenURL and DeviceURL replace those of the provider.
	AuthURL, TokenURL, DeviceURL string
	Scopes                       []string // nil means those of the provider for IMAP and SMTP
	TokenFile                    string   // where the login is kept; not for ClientCredentials

	HTTP http.RoundTripper // nil means the net's own
	Now  func() time.Time
	Log  *slog.Logger
}

// Source gives out access tokens of one login.
type Source struct {
	c        Config
	provider provider
	client   *http.Client

	mu      sync.Mutex
	memory  grant     // of ClientCredentials
	unsaved *grant    // new, and could not be written
	given   string    // the access token given out last
	refused string    // an access token that the mail server refuses
	warned  time.Time // when the coming end was last told
}

var (
	// ErrEnded: somebody has to sign in again, or for the first time.
	ErrEnded = errors.New("nobody is logged in")
	// errClient: the provider refuses our client, not the person.
	errClient = errors.New("the provider refuses our client")
)

const (
	slack       = time.Minute        // a token that ends within this is not given out
	requestTime = 30 * time.Second   // for one question to the provider
	warnBefore  = 7 * 24 * time.Hour // tell of a login's end so long before
)

// New checks the configuration. It asks nobody.
func New(c Config) (*Source, error) {
	p, err := providerOf(c)
	if err != nil {
		return nil, fmt.Errorf("login of %s: %w", c.Name, err)
	}
	switch {
	case c.ClientID == "":
		err = errors.New("a client id is required")
	case strings.ContainsAny(c.Username, "\x00\x01\r\n"):
		err = errors.New("the user name has control characters")
	case c.Flow != ClientCredentials && c.TokenFile == "":
		err = errors.New("a token file is required")
	}
	if err != nil {
		return nil, fmt.Errorf("login of %s: %w", c.Name, err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.HTTP == nil {
		c.HTTP = http.DefaultTransport
	}
	client := &http.Client{Transport: c.HTTP, Timeout: requestTime, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a redirect would carry our secrets to somewhere else
	}}
	return &Source{c: c, provider: p, client: client}, nil
}

// Token is an access token that is valid now. If the one at hand is not, it
// gets a new one, which may take a while.
func (s *Source) Token(ctx context.Context) (string, error) {
	g, err := s.current(ctx)
	if err != nil {
		return "", err
	}
	s.warn(g)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = g.Access
	return g.Access, nil
}

// Refused says that the mail server does not take the token given out last,
// though it is not old: the next Token is a new one, also that of another process.
func (s *Source) Refused() {
	s.mu.Lock()
	s.refused = s.given
	refused := s.given
	s.mu.Unlock()
	if s.c.Flow == ClientCredentials || refused == "" {
		return
	}
	if err := s.spoil(refused); err != nil {
		s.c.Log.Warn("login.not_noted", "login", s.c.Name, "error", err)
	}
}

// current is a login with an access token that can be used.
func (s *Source) current(ctx context.Context) (grant, error) {
	if s.c.Flow == ClientCredentials {
		return s.byCredentials(ctx)
	}
	if g, err := s.load(); err != nil || s.usable(g) {
		return g, err
	}
	unlock, err := lock(ctx, s.c.TokenFile)
	if err != nil {
		return grant{}, fmt.Errorf("login of %s: %w", s.c.Name, err)
	}
	defer unlock()
	g, err := s.load() // another process may have been quicker
	if err == nil {
		g, err = s.rescue(g)
	}
	if err != nil || s.usable(g) {
		return g, err
	}
	return s.refresh(ctx, g)
}

// usable reports whether the access token can be given out.
func (s *Source) usable(g grant) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unsaved != nil || g.Access == "" || g.Access == s.refused {
		return false
	}
	if g.Expires.IsZero() {
		return g.Refresh == "" // without an end, and there would be no way to get another
	}
	return s.c.Now().Add(slack).Before(g.Expires)
}

// byCredentials asks for a token in our own name. It is kept in memory only.
func (s *Source) byCredentials(ctx context.Context) (grant, error) {
	s.mu.Lock()
	g := s.memory
	s.mu.Unlock()
	if s.usable(g) {
		return g, nil
	}
	token, err := s.askByCredentials(ctx)
	if err != nil {
		return grant{}, err
	}
	g = s.grantOf(token, grant{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory = g
	return g, nil
}

// config is the login in the library's words, with the secret as it is now.
func (s *Source) config() (*oauth2.Config, error) {
	secret, err := s.secret()
	if err != nil {
		return nil, fmt.Errorf("login of %s: %w", s.c.Name, err)
	}
	p := s.provider
	return &oauth2.Config{ClientID: s.c.ClientID, ClientSecret: secret, Scopes: p.scopes, Endpoint: oauth2.Endpoint{
		AuthURL: p.auth, TokenURL: p.token, DeviceAuthURL: p.device, AuthStyle: p.style,
	}}, nil
}

func (s *Source) secret() (string, error) {
	if s.c.Secret == nil {
		return "", nil
	}
	return s.c.Secret()
}

// asking gives the library our HTTP client.
func (s *Source) asking(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, s.client)
}
