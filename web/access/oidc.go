package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"rapport/threads"
)

// ProviderConfig is another organisation's sign-in (OpenID Connect).
type ProviderConfig struct {
	Name     string // what people call it
	Issuer   string
	ClientID string
	Secret   func() (string, error) // read at each use; "" for none
	Back     string                 // the address of ours that people come back to
}

// Provider leads people to sign in elsewhere, and takes their word from there.
type Provider struct {
	ProviderConfig
	client *http.Client

	asking singleflight.Group
	known  atomic.Pointer[oidc.Provider] // nil before it was asked
}

// providerTime is how long a provider may take over one answer.
const providerTime = 10 * time.Second

// NewProvider asks nothing yet: the server starts also while the provider is down.
func NewProvider(c ProviderConfig) *Provider {
	return &Provider{ProviderConfig: c, client: &http.Client{Timeout: providerTime, Transport: short{http.DefaultTransport}}}
}

// short bounds the answers that come over a transport: the libraries read each
// to its end.
type short struct{ http.RoundTripper }

// mostAnswered is far more than a provider's keys take.
const mostAnswered = 1 << 20

func (t short) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, mostAnswered)
	}
	return answer, err
}

// provider asks the provider what it is, until it has said so. All who wait have
// the one answer: while it is down nobody waits for the others' turns.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	answer := p.asking.DoChan("", func() (any, error) {
		known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
		if err != nil {
			return nil, fmt.Errorf("ask the sign-in provider %s: %w", p.Issuer, err)
		}
		p.known.Store(known)
		return known, nil
	})
	select {
	case a := <-answer:
		known, _ := a.Val.(*oidc.Provider)
		return known, a.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *Provider) oauth(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	known, err := p.provider(ctx)
	if err != nil {
		return nil, nil, err
	}
	secret, err := p.Secret()
	if err != nil {
		return nil, nil, err
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: secret, Endpoint: known.Endpoint(), RedirectURL: p.Back, Scopes: []string{oidc.ScopeOpenID, "email"}}, known, nil
}

// Leave sends a browser from a network address to the provider, if there were
// not too many from there.
func (d *Door) Leave(ctx context.Context, p *Provider, address string) (to, keep string, err error) {
	if err := d.mayKnock(address, threads.ByProvider); err != nil {
		return "", "", err
	}
	return p.leave(ctx)
}

// leave is where to send a browser, and what it has to keep until it comes back:
// state, nonce and the verifier of PKCE (RFC 7636), which are drawn for this one
// sign-in.
func (p *Provider) leave(ctx context.Context) (to, keep string, err error) {
	c, _, err := p.oauth(ctx)
	if err != nil {
		return "", "", err
	}
	state, nonce, verifier := NewToken(), NewToken(), oauth2.GenerateVerifier()
	to = c.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier))
	return to, strings.Join([]string{state, nonce, verifier}, "."), nil
}

// errProvider is what a provider's answer may lack.
var errProvider = errors.New("the sign-in elsewhere did not come to an end")

// back takes the answer of a browser that comes back, and returns the verified
// mail address for which the provider answers.
func (p *Provider) back(ctx context.Context, answer url.Values, kept string) (mail string, err error) {
	drawn := strings.Split(kept, ".")
	if len(drawn) != 3 || subtle.ConstantTimeCompare([]byte(drawn[0]), []byte(answer.Get("state"))) != 1 || answer.Get("code") == "" {
		return "", errProvider
	}
	c, known, err := p.oauth(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := c.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(drawn[2]))
	if err != nil {
		return "", fmt.Errorf("%w: %w", errProvider, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := known.Verifier(&oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errProvider, err)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if subtle.ConstantTimeCompare([]byte(drawn[1]), []byte(id.Nonce)) != 1 {
		return "", fmt.Errorf("%w: another nonce", errProvider)
	}
	if err := id.Claims(&claims); err != nil || claims.Email == "" || !claims.Verified {
		return "", fmt.Errorf("%w: no verified address", errProvider)
	}
	return claims.Email, nil
}

// ComeBack lets somebody in who has signed in at the provider. Only a person
// whose mail address is known already comes in.
func (d *Door) ComeBack(ctx context.Context, p *Provider, answer url.Values, kept string, k Knock) (string, error) {
	if err := d.mayKnock(k.Address, threads.ByProvider); err != nil {
		return "", err
	}
	mail, err := p.back(ctx, answer, kept)
	if errors.Is(err, errProvider) {
		d.Log.Warn("sign-in.provider", "error", err)
		return d.begin(ctx, "", threads.ByProvider, "no answer of the provider that counts", k)
	}
	if err != nil {
		return "", err
	}
	person := d.Directory().PersonAt(mail)
	if person == nil {
		return d.begin(ctx, "", threads.ByProvider, "", k)
	}
	return d.begin(ctx, strings.ToLower(person.Login), threads.ByProvider, "", k)
}
