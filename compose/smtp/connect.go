package smtp

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"

	gosmtp "github.com/wneessen/go-mail/smtp"
)

// connect opens a session: TCP, TLS, greeting, EHLO, login. Each step has its
// deadline, and the context ends any of them.
func (s *Sender) connect(ctx context.Context) (*session, error) {
	raw, err := s.cfg.Dial(ctx, s.cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", s.cfg.Address, err)
	}
	conn := &limited{Conn: raw}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	ses := &session{cfg: &s.cfg, conn: conn}
	err = s.secure(ses)
	if err == nil {
		err = s.login(ctx, ses)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		raw.Close()
		return nil, err
	}
	return ses, nil
}

// secure reads the greeting and brings TLS up.
func (s *Sender) secure(ses *session) (err error) {
	ses.step(s.cfg.Timeout)
	settings := &tls.Config{ServerName: s.host, RootCAs: s.cfg.RootCAs, MinVersion: tls.VersionTLS12}
	var conn net.Conn = ses.conn
	if s.cfg.TLS == Implicit {
		secured := tls.Client(conn, settings)
		if err := secured.Handshake(); err != nil {
			return fmt.Errorf("secure the connection to %s: %w", s.cfg.Address, err)
		}
		conn = secured
	}
	if ses.client, err = gosmtp.NewClient(conn, s.host); err != nil {
		return fmt.Errorf("greeting of %s: %w", s.cfg.Address, err)
	}
	ses.client.SkipSMTPUTF8(true) // our addresses are ASCII; asking for it narrows where the letter can go on to
	ses.step(s.cfg.Timeout)
	if err := ses.client.Hello(s.cfg.Hello); err != nil {
		return fmt.Errorf("greet %s: %w", s.cfg.Address, err)
	}
	if s.cfg.TLS == StartTLS {
		if ok, _ := ses.client.Extension("STARTTLS"); !ok {
			return fmt.Errorf("%s offers no STARTTLS; nothing was sent over the open connection", s.cfg.Address)
		}
		ses.step(s.cfg.Timeout)
		if err := ses.client.StartTLS(settings); err != nil {
			return fmt.Errorf("secure the connection to %s: %w", s.cfg.Address, err)
		}
	}
	return nil
}

// login proves who we are, by the best way that the server offers.
func (s *Sender) login(ctx context.Context, ses *session) error {
	if s.cfg.Username == "" {
		return nil
	}
	_, offered := ses.client.Extension("AUTH")
	auth, err := s.auth(ctx, strings.Fields(strings.ToUpper(offered)))
	if err != nil {
		return err
	}
	ses.step(s.cfg.Timeout)
	if err := ses.client.Auth(auth); err != nil {
		return fmt.Errorf("log in to %s: %w", s.cfg.Address, err)
	}
	return nil
}

func (s *Sender) auth(ctx context.Context, offered []string) (gosmtp.Auth, error) {
	if s.cfg.Token != nil {
		token, err := s.cfg.Token(ctx)
		if err != nil {
			return nil, fmt.Errorf("get a token for %s: %w", s.cfg.Address, err)
		}
		if !slices.Contains(offered, "XOAUTH2") {
			return nil, fmt.Errorf("%s takes no XOAUTH2; it offers %s", s.cfg.Address, strings.Join(offered, " "))
		}
		return gosmtp.XOAuth2Auth(s.cfg.Username, token), nil
	}
	password, err := s.cfg.Password()
	if err != nil {
		return nil, fmt.Errorf("read the password for %s: %w", s.cfg.Address, err)
	}
	plain := s.cfg.TLS == Plain
	switch {
	case slices.Contains(offered, "PLAIN"):
		return gosmtp.PlainAuth("", s.cfg.Username, password, s.host, plain), nil
	case slices.Contains(offered, "LOGIN"):
		return gosmtp.LoginAuth(s.cfg.Username, password, s.host, plain), nil
	}
	return nil, fmt.Errorf("%s takes neither PLAIN nor LOGIN; it offers %q", s.cfg.Address, strings.Join(offered, " "))
}
