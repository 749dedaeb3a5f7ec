package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/cmd/rapport/oauth"
	"rapport/compose"
	"rapport/compose/smtp"
	"rapport/ingest"
	"rapport/ingest/imap"
)

// tokens is a login by token; name is what `rapport login` calls it.
func (h *house) tokens(name, username string, o config.OAuth) (*oauth.Source, error) {
	c := oauth.Config{
		Name: name, Username: username, Provider: o.Provider, Tenant: o.Tenant, Flow: oauth.Flow(o.Flow), ClientID: o.ClientID,
		SecretInBody: o.ClientSecretIn == "body", AuthURL: o.AuthURL, TokenURL: o.TokenURL, DeviceURL: o.DeviceURL,
		TokenFile: o.TokenFile, Now: time.Now, Log: h.log,
	}
	if o.HasSecret() {
		c.Secret = o.ClientSecret
	}
	if o.Scopes != "" {
		c.Scopes = strings.Fields(o.Scopes)
	}
	return oauth.New(c)
}

// tokenMailbox is a mailbox that is opened by token.
type tokenMailbox struct {
	*imap.Mailbox
	tokens *oauth.Source
}

// Open opens the folder. A token that the server refuses is not tried again.
func (m tokenMailbox) Open(ctx context.Context, write bool) (ingest.Session, error) {
	s, err := m.Mailbox.Open(ctx, write)
	switch {
	case errors.Is(err, oauth.ErrRefused):
		err = fmt.Errorf("%w: %w", ingest.ErrLogin, err)
	case !errors.Is(err, ingest.ErrLogin):
		return s, err
	}
	m.tokens.Refused()
	return nil, fmt.Errorf("%w; the token may be another account's, or the account may not use IMAP", err)
}

// submitter is what sends letters, and can try its login.
type submitter interface {
	compose.Sender
	Check(ctx context.Context) error
}

// tokenSender submits after a login by token.
type tokenSender struct {
	*smtp.Sender
	tokens *oauth.Source
	asked  atomic.Bool // whether a session was begun with a token
}

func newTokenSender(c smtp.Config, tokens *oauth.Source) (*tokenSender, error) {
	s := &tokenSender{tokens: tokens}
	c.Token = func(ctx context.Context) (string, error) {
		s.asked.Store(true)
		return tokens.Token(ctx)
	}
	var err error
	s.Sender, err = smtp.New(c)
	return s, err
}

// Submit hands over a letter. If no session came about, the token may be to
// blame, and is not tried again.
func (s *tokenSender) Submit(ctx context.Context, sub compose.Submission) compose.Outcome {
	s.asked.Store(false)
	out := s.Sender.Submit(ctx, sub)
	if out.Down && s.asked.Load() {
		s.tokens.Refused()
	}
	return out
}

// Check tries the login.
func (s *tokenSender) Check(ctx context.Context) error {
	err := s.Sender.Check(ctx)
	if err != nil {
		s.tokens.Refused()
	}
	return err
}
