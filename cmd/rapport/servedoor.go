package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"rapport/threads"
	"rapport/web"
	"rapport/web/access"
)

// frontDoor lets people in, to the pages and to the archive as folders. It is
// one for both, and outlives a change of the configuration: how often somebody
// has tried, and how much memory hashing takes, is counted in one place.
func (h *house) frontDoor() *access.Door {
	h.opening.Do(func() {
		h.entrance = access.NewDoor(access.Config{Accounts: h.store, Directory: h.projects, Now: time.Now, Log: h.log})
	})
	return h.entrance
}

// mailer sends links for signing in, nil where nothing can be sent.
func (s *server) mailer() func(ctx context.Context, m web.LinkMail) error {
	if s.config().SMTP.Server == "" || s.door == nil {
		return nil
	}
	return s.mailLink
}

// provider is the sign-in elsewhere that is configured, nil for none.
func (s *server) provider() *access.Provider {
	o := s.config().Web.OIDC
	if o.Issuer == "" || s.door == nil {
		return nil
	}
	return access.NewProvider(access.ProviderConfig{
		Name: o.Name, Issuer: o.Issuer, ClientID: o.ClientID, Secret: o.ClientSecret, Back: s.config().Web.Site().String() + "/sign-in/back",
	})
}

// within is the archive as somebody may read it.
func (h *house) within(scope threads.Scope) web.Archive { return h.store.Within(scope) }

// welcome tells where the pages are, and who can sign in if nobody can.
func (h *house) welcome(e *env, listening net.Addr) error {
	at := "http://" + listening.String()
	if site := h.config().Web.Site(); site != nil {
		at = site.String()
	}
	fmt.Fprintf(e.out, "Rapport is at %s\n", at)
	accounts, err := h.store.Accounts(e.ctx)
	if err != nil || slices.ContainsFunc(accounts, func(a threads.Account) bool { return a.Password != "" }) {
		return err
	}
	login := "LOGIN"
	if people := h.projects().People; len(people) > 0 {
		login = people[0].Login
	}
	fmt.Fprintf(e.out, "Nobody can sign in yet. Give somebody a password with: rapport user add %s\n", login)
	return nil
}

// sweep forgets sessions that have ended.
func (s *server) sweep(ctx context.Context) {
	if s.door == nil {
		return
	}
	if err := s.door.Sweep(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("sessions.kept", "error", err)
	}
}
