package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"rapport/internal/durable"

	"github.com/rogpeppe/go-internal/lockedfile"
	"golang.org/x/oauth2"
)

// grant is what a login has left behind, as the token file keeps it.
type grant struct {
	ClientID string    `json:"client_id"` // to whom it was given, and by whom: nobody else gets to see it
	TokenURL string    `json:"token_url"`
	LoggedIn time.Time `json:"logged_in"`
	Renewed  time.Time `json:"renewed"`

	Access         string    `json:"access_token"`
	Expires        time.Time `json:"expires,omitzero"`
	Refresh        string    `json:"refresh_token,omitempty"`
	RefreshExpires time.Time `json:"refresh_expires,omitzero"` // where the provider tells

	Ended   string    `json:"ended,omitempty"` // the provider's words when it refused the refresh token
	EndedAt time.Time `json:"ended_at,omitzero"`
}

// load reads the login from its file.
func (s *Source) load() (grant, error) {
	text, err := os.ReadFile(s.c.TokenFile)
	if errors.Is(err, fs.ErrNotExist) {
		return grant{}, s.ended("")
	}
	if err != nil {
		return grant{}, fmt.Errorf("login of %s: read the token file: %w", s.c.Name, err)
	}
	var g grant
	if json.Unmarshal(text, &g) != nil { // its error would quote the text
		return grant{}, s.ended("the token file " + s.c.TokenFile + " cannot be understood")
	}
	if g.ClientID != s.c.ClientID || g.TokenURL != s.provider.token {
		return grant{}, s.ended("the token file is from another client or provider than the configuration names")
	}
	return g, nil
}

// rescue writes what could not be written before, and is what counts now. A
// login that was made since then counts more.
func (s *Source) rescue(g grant) (grant, error) {
	s.mu.Lock()
	unsaved := s.unsaved
	s.mu.Unlock()
	if unsaved == nil || !g.LoggedIn.Equal(unsaved.LoggedIn) {
		s.forget()
		return g, nil
	}
	return *unsaved, s.save(*unsaved)
}

// spoil ends the time of an access token in the file.
func (s *Source) spoil(access string) error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	unlock, err := lock(ctx, s.c.TokenFile)
	if err != nil {
		return err
	}
	defer unlock()
	g, err := s.load()
	if err != nil || g.Access != access || g.Refresh == "" {
		return err
	}
	g.Expires = s.c.Now()
	return write(s.c.TokenFile, g)
}

func (s *Source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsaved = nil
}

// save writes the login so that a crash leaves the old file or the new one. A
// grant that cannot be written is kept in memory and written the next time:
// the old refresh token may be worth nothing any more.
func (s *Source) save(g grant) error {
	err := write(s.c.TokenFile, g)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unsaved = nil
	if err != nil {
		s.unsaved = &g
		return fmt.Errorf("login of %s: the new token cannot be kept, and it must be before it is used: %w", s.c.Name, err)
	}
	return nil
}

func write(path string, g grant) error {
	text, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return err
	}
	return durable.Write(path, append(text, '\n'))
}

// lock waits until nobody else, in this process or another, renews the login.
func lock(ctx context.Context, tokenFile string) (unlock func(), err error) {
	type result struct {
		unlock func()
		err    error
	}
	got := make(chan result)
	go func() {
		unlock, err := lockedfile.MutexAt(tokenFile + ".lock").Lock()
		select {
		case got <- result{unlock, err}:
		case <-ctx.Done():
			if err == nil {
				unlock()
			}
		}
	}()
	select {
	case r := <-got:
		if r.err != nil {
			return nil, fmt.Errorf("lock the token file: %w", r.err)
		}
		return r.unlock, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for another process that renews the token: %w", context.Cause(ctx))
	}
}

// grantOf is the answer of a provider as a grant. What it does not say again
// stays as it was.
func (s *Source) grantOf(t *oauth2.Token, before grant) grant {
	now := s.c.Now().UTC().Truncate(time.Second)
	g := grant{ClientID: s.c.ClientID, TokenURL: s.provider.token, LoggedIn: before.LoggedIn, Renewed: now,
		Access: t.AccessToken, Expires: s.end(now, seconds(t, "expires_in")), Refresh: t.RefreshToken}
	if g.LoggedIn.IsZero() {
		g.LoggedIn = now
	}
	// Google and others tell how long a refresh token lasts in one name, Keycloak in another.
	g.RefreshExpires = s.end(now, max(seconds(t, "refresh_token_expires_in"), seconds(t, "refresh_expires_in")))
	if g.RefreshExpires.IsZero() && g.Refresh == before.Refresh {
		g.RefreshExpires = before.RefreshExpires
	}
	return g
}

func (s *Source) end(now time.Time, seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(min(seconds, 1<<31)) * time.Second)
}

// seconds is a number in the provider's answer, which some write as text.
func seconds(t *oauth2.Token, name string) int64 {
	switch n := t.Extra(name).(type) {
	case float64:
		return int64(max(0, min(n, 1<<31)))
	case int64:
		return n
	case string:
		var i int64
		if _, err := fmt.Sscan(n, &i); err == nil {
			return i
		}
	}
	return 0
}
