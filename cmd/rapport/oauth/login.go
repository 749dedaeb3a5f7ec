package oauth

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// Terminal is where a login talks to the person who signs in.
type Terminal struct {
	In   io.Reader // an address that was pasted; nil if nobody can
	Out  io.Writer
	Port int // on which the browser's answer is awaited; 0 means any
}

// patience is how long a person may take to sign in.
const patience = 15 * time.Minute

// Login lets somebody sign in, and keeps what comes of it. ClientCredentials
// need nobody: it only tries whether the provider gives a token.
func (s *Source) Login(ctx context.Context, t Terminal) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("nobody signed in within %s", patience))
	defer cancel()
	var token *oauth2.Token
	var err error
	switch s.c.Flow {
	case ClientCredentials:
		_, err = s.askByCredentials(ctx)
		return err
	case Device:
		token, err = s.byDevice(ctx, t)
	default:
		token, err = s.byCode(ctx, t)
	}
	if err != nil {
		return err
	}
	return s.keep(ctx, token, t)
}

// keep stores a new login, in the place of the old one.
func (s *Source) keep(ctx context.Context, token *oauth2.Token, t Terminal) error {
	g := s.grantOf(token, grant{})
	if g.Refresh == "" && !g.Expires.IsZero() && g.Expires.Sub(s.c.Now()) < 24*time.Hour {
		return fmt.Errorf("log in for %s: the provider gave a token that ends at %s and none to renew it with; ask for offline access in oauth.scopes",
			s.c.Name, g.Expires.Format("15:04 MST"))
	}
	unlock, err := lock(ctx, s.c.TokenFile)
	if err != nil {
		return fmt.Errorf("log in for %s: %w", s.c.Name, err)
	}
	defer unlock()
	if err := s.save(g); err != nil {
		return err
	}
	if missing := s.withheld(token); len(missing) > 0 {
		fmt.Fprintf(t.Out, "The consent leaves out %s. If the mail server refuses the login, log in again and allow it.\n", strings.Join(missing, " "))
	}
	return nil
}

// withheld are the permissions that we asked for and did not get. A provider
// that does not list them has given them all (RFC 6749 section 5.1).
func (s *Source) withheld(token *oauth2.Token) []string {
	list, _ := token.Extra("scope").(string)
	got := strings.Fields(strings.ToLower(list))
	var missing []string
	for _, scope := range s.provider.scopes {
		short := strings.ToLower(scope)
		if len(got) > 0 && strings.Contains(scope, "/") && !slices.Contains(got, short) {
			missing = append(missing, scope)
		}
	}
	return missing
}
