package oauth

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// refresh gets a new access token and keeps what came with it before anybody
// uses it. It is called under the lock of the token file.
func (s *Source) refresh(ctx context.Context, g grant) (grant, error) {
	if g.Refresh == "" {
		return grant{}, s.ended("the access token is old, and the provider gave none to renew it with")
	}
	c, err := s.config()
	if err != nil {
		return grant{}, err
	}
	// Once the question is under way, the provider may have replaced the refresh
	// token: stopping now would throw the new one away.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTime)
	defer cancel()
	token, err := c.TokenSource(s.asking(asking), &oauth2.Token{RefreshToken: g.Refresh}).Token()
	if err != nil {
		err = s.told(err, "renew the token", c.ClientSecret, g.Refresh)
		s.note(g, err)
		return grant{}, err
	}
	next := s.grantOf(token, g)
	if err := s.save(next); err != nil {
		return grant{}, err
	}
	s.c.Log.Info("login.renewed", "login", s.c.Name, "replaced", next.Refresh != g.Refresh)
	return next, nil
}

// note keeps the end of a login in its file, so that others can tell of it.
// The refresh token stays: some providers take back a refusal.
func (s *Source) note(g grant, err error) {
	if words, ended := endOf(err); ended {
		g.Ended, g.EndedAt = words, s.c.Now().UTC().Truncate(time.Second)
		if err := write(s.c.TokenFile, g); err != nil {
			s.c.Log.Warn("login.not_noted", "login", s.c.Name, "error", err)
		}
	}
}

// askByCredentials asks for a token in our own name.
func (s *Source) askByCredentials(ctx context.Context) (*oauth2.Token, error) {
	c, err := s.config()
	if err != nil {
		return nil, err
	}
	own := clientcredentials.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, TokenURL: c.Endpoint.TokenURL,
		Scopes: c.Scopes, AuthStyle: c.Endpoint.AuthStyle}
	token, err := own.Token(s.asking(ctx))
	if err != nil {
		return nil, s.told(err, "get a token", c.ClientSecret)
	}
	return token, nil
}

// warn tells, once a day, that a login is going to end.
func (s *Source) warn(g grant) {
	now := s.c.Now()
	if g.RefreshExpires.IsZero() || g.RefreshExpires.Sub(now) > warnBefore {
		return
	}
	s.mu.Lock()
	due := now.Sub(s.warned) >= 24*time.Hour
	if due {
		s.warned = now
	}
	s.mu.Unlock()
	if due {
		s.c.Log.Warn("login.ends", "login", s.c.Name, "at", g.RefreshExpires, "command", "rapport login "+s.c.Name)
	}
}

// State is how a login stands, without asking anybody.
type State struct {
	LoggedIn time.Time `json:"logged_in,omitzero"` // zero if nobody is
	Renewed  time.Time `json:"renewed,omitzero"`
	Ends     time.Time `json:"ends,omitzero"` // where the provider tells
	Trouble  string    `json:"trouble,omitempty"`
	Warning  string    `json:"warning,omitempty"`
}

// State reads the token file. A login in our own name has none, and no end.
func (s *Source) State() State {
	if s.c.Flow == ClientCredentials {
		return State{}
	}
	g, err := s.load()
	if err != nil {
		return State{Trouble: err.Error()}
	}
	st := State{LoggedIn: g.LoggedIn, Renewed: g.Renewed, Ends: g.RefreshExpires}
	now := s.c.Now()
	switch {
	case g.Ended != "":
		st.Trouble = s.ended(g.Ended).Error()
	case !g.RefreshExpires.IsZero() && !now.Before(g.RefreshExpires):
		st.Trouble = s.ended("the time of the login is over").Error()
	case !g.RefreshExpires.IsZero() && g.RefreshExpires.Sub(now) <= warnBefore:
		st.Warning = fmt.Sprintf("the login of %s ends on %s; run \"rapport login %s\" before", s.c.Name, g.RefreshExpires.Format("2006-01-02 15:04 MST"), s.c.Name)
	}
	return st
}
