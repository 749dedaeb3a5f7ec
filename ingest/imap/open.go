package imap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"rapport/ingest"
)

// openTime bounds everything from the first packet to the open folder.
const openTime = 2 * time.Minute

// Open connects, logs in and opens the folder.
func (m *Mailbox) Open(ctx context.Context, write bool) (ingest.Session, error) {
	if err := m.c.Gate.enter(ctx); err != nil {
		return nil, fmt.Errorf("wait for a connection to %s: %w", m.c.Address, err)
	}
	s, err := m.open(ctx, write)
	if err != nil {
		m.c.Gate.leave()
		return nil, err
	}
	return s, nil
}

func (m *Mailbox) open(ctx context.Context, write bool) (*session, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, openTime, fmt.Errorf("no answer within %s", openTime))
	defer cancel()
	raw, err := m.c.Dial(ctx, "tcp", m.c.Address)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", m.c.Address, err)
	}
	s := &session{m: m, conn: newConn(raw, m.c.Timeout), news: make(chan struct{}, 1)}
	// From here on the watchdog: whatever hangs ends when the raw connection does.
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	err = s.start(ctx, write)
	if !stop() && err == nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		raw.Close()
		if cause := context.Cause(ctx); cause != nil {
			err = fmt.Errorf("%w (%v)", cause, err)
		}
		return nil, err
	}
	s.conn.rest()
	return s, nil
}

// start goes through the states of RFC 9051 section 3.
func (s *session) start(ctx context.Context, write bool) error {
	s.conn.expect(unasked)
	if err := s.greet(ctx); err != nil {
		return fmt.Errorf("connect to %s: %w", s.m.c.Address, err)
	}
	if err := s.login(ctx); err != nil {
		return fmt.Errorf("log in to %s: %w", s.m.c.Address, err)
	}
	// Asked by ourselves: right after the login go-imap may still tell what was
	// true before it.
	caps, err := s.client.Capability().Wait()
	if err != nil {
		return fmt.Errorf("ask %s what it can: %w", s.m.c.Address, err)
	}
	s.caps = caps
	s.sayWhoWeAre()
	if s.folder, err = s.choose(s.m.c.Folder, write); err != nil {
		return fmt.Errorf("open the folder %s at %s: %w", s.m.c.Folder, s.m.c.Address, err)
	}
	if s.folder.UIDValidity == 0 {
		return fmt.Errorf("open the folder %s at %s: the server gives no UIDVALIDITY, so its mail cannot be told apart", s.m.c.Folder, s.m.c.Address)
	}
	return nil
}

// choose opens a folder, in place of the one that was open.
func (s *session) choose(folder string, write bool) (ingest.Folder, error) {
	data, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: !write}).Wait()
	if err != nil {
		return ingest.Folder{}, err
	}
	return ingest.Folder{UIDValidity: data.UIDValidity, UIDNext: uint32(data.UIDNext), Messages: data.NumMessages}, nil
}

// greet secures the connection and waits for the server's greeting.
func (s *session) greet(ctx context.Context) error {
	options := &imapclient.Options{
		TLSConfig: s.m.tls,
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(d *imapclient.UnilateralDataMailbox) {
				if d.NumMessages != nil {
					s.tell()
				}
			},
		},
	}
	var err error
	switch s.m.c.TLS {
	case TLS:
		var secure net.Conn
		if secure, err = s.secure(ctx); err != nil {
			return err
		}
		s.client = imapclient.New(secure, options)
	case STARTTLS:
		s.client, err = imapclient.NewStartTLS(s.conn, options)
	default:
		s.client = imapclient.New(s.conn, options)
	}
	if err != nil {
		return err
	}
	return s.client.WaitGreeting()
}

func (s *session) secure(ctx context.Context) (net.Conn, error) {
	secure := tls.Client(s.conn, s.m.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("secure the connection: %w", err)
	}
	return secure, nil
}

// login uses AUTHENTICATE PLAIN where the server announces it, since LOGIN has
// no charset for a password, and LOGIN elsewhere.
func (s *session) login(ctx context.Context) error {
	if s.client.State() == imap.ConnStateAuthenticated {
		return nil // PREAUTH
	}
	mechanism, password, err := s.m.credentials(ctx)
	if err != nil {
		return err
	}
	caps := s.client.Caps()
	switch {
	case caps == nil:
		return errors.New("the server does not say what it can")
	case mechanism != nil:
		err = s.client.Authenticate(mechanism)
	case caps.Has(imap.AuthCap(sasl.Plain)):
		err = s.client.Authenticate(sasl.NewPlainClient("", s.m.c.Username, password))
	case caps.Has(imap.CapLoginDisabled):
		return errors.New("the server takes no password on this connection; use TLS, or another way to log in")
	default:
		err = s.client.Login(s.m.c.Username, password).Wait()
	}
	var refused *imap.Error
	if errors.As(err, &refused) && refused.Code != imap.ResponseCodeUnavailable && refused.Code != imap.ResponseCodeInUse {
		err = fmt.Errorf("%w: %s", ingest.ErrLogin, refused.Text)
		if mechanism == nil {
			err = fmt.Errorf("%w; check the user name and the password in the configuration", err)
		}
	}
	return err
}

func (m *Mailbox) credentials(ctx context.Context) (sasl.Client, string, error) {
	if m.c.SASL != nil {
		mechanism, err := m.c.SASL(ctx)
		return mechanism, "", err
	}
	password, err := m.c.Password(ctx)
	return nil, password, err
}

// sayWhoWeAre sends ID where the server announces it: NetEase (163, 126, yeah,
// 188) refuses SELECT as an "Unsafe Login" without it. go-imap drops the
// connection over some answers, so the next connection then goes without.
func (s *session) sayWhoWeAre() {
	if s.m.noID || !s.caps.Has(imap.CapID) {
		return
	}
	s.client.ID(&imap.IDData{Name: s.m.c.Program, Version: s.m.c.Version}).Wait()
	select {
	case <-s.client.Closed():
		s.m.noID = true
	default:
	}
}
