package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/cmd/rapport/oauth"
)

type loginCmd struct {
	Mailbox string `arg:"" help:"The mailbox to log in to, or \"smtp\"."`
	Port    int    `placeholder:"N" help:"Await the browser on this port of 127.0.0.1; any, unless named."`
	NoTry   bool   `help:"Do not log in to the mail server with the new token."`
}

// tryTime is how long a mail server may take over the first login.
const tryTime = time.Minute

// Run lets somebody sign in at the provider, keeps the token, and tries it.
func (c *loginCmd) Run(e *env) error {
	h, err := e.settings()
	if err != nil {
		return err
	}
	name, username, o, err := h.loginOf(c.Mailbox)
	if err != nil {
		return err
	}
	tokens, err := h.tokens(name, username, o)
	if err != nil {
		return err
	}
	if err := tokens.Login(e.ctx, oauth.Terminal{In: e.in, Out: e.out, Port: c.Port}); err != nil {
		return err
	}
	if o.Flow == string(oauth.ClientCredentials) {
		fmt.Fprintln(e.out, "The provider gives a token; nobody needs to sign in.")
	} else {
		fmt.Fprintf(e.out, "The login is kept in %s.\n", o.TokenFile)
	}
	if c.NoTry {
		return nil
	}
	ctx, cancel := context.WithTimeout(e.ctx, tryTime)
	defer cancel()
	if err := h.try(ctx, name); err != nil {
		return fmt.Errorf("the mail server does not take it: %w", err)
	}
	fmt.Fprintf(e.out, "The mail server lets %s in.\n", plain(username))
	return nil
}

// settings loads the configuration without opening the archive.
func (e *env) settings() (*house, error) {
	c, err := config.Load(e.config)
	if err != nil {
		return nil, err
	}
	h := newHouse(c, slog.New(slog.NewTextHandler(e.err, &slog.HandlerOptions{Level: slog.LevelWarn})))
	h.directory.Store(c.Directory())
	return h, nil
}

// loginOf finds a login by token.
func (h *house) loginOf(name string) (login, username string, o config.OAuth, err error) {
	var there []string
	for _, m := range h.config().Mailboxes {
		switch {
		case m.OAuth.Used() && m.Name == name:
			return m.Name, m.Username, m.OAuth, nil
		case m.OAuth.Used():
			there = append(there, m.Name)
		case m.Name == name:
			err = usagef("mailbox %s logs in with a password; only logins with an oauth block need this command", name)
		}
	}
	if s := h.config().SMTP; s.OAuth.Used() {
		if name == "smtp" {
			return "smtp", s.Username, s.OAuth, nil
		}
		there = append(there, "smtp")
	}
	switch {
	case err != nil:
	case len(there) == 0:
		err = usagef("the configuration has no login by token; see oauth in config.example.yaml")
	default:
		err = usagef("there is no login %q; there are: %s", name, strings.Join(there, ", "))
	}
	return "", "", config.OAuth{}, err
}

// try logs in to the mail server, and nothing more.
func (h *house) try(ctx context.Context, name string) error {
	i := slices.IndexFunc(h.config().Mailboxes, func(m config.Mailbox) bool { return m.Name == name })
	if i < 0 {
		sender, err := h.sender()
		if err != nil {
			return err
		}
		return sender.Check(ctx)
	}
	box, err := h.mailbox(h.config().Mailboxes[i], nil)
	if err != nil {
		return err
	}
	s, err := box.Open(ctx, false)
	if err != nil {
		return err
	}
	return s.Close()
}
