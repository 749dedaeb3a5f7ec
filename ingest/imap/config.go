package imap

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-sasl"

	"rapport/ingest"
)

// Mode says how a connection is secured.
type Mode string

// The modes. With None the password crosses the network in the clear, so it
// works only together with Config.AllowPlaintext.
const (
	TLS      Mode = "tls"
	STARTTLS Mode = "starttls"
	None     Mode = "none"
)

// Config is a folder on a server and how to get to it.
type Config struct {
	Address        string // "imap.example.com:993"
	TLS            Mode   // "" means TLS
	AllowPlaintext bool   // None is meant
	RootCAs        *x509.CertPool
	Username       string
	Password       func(ctx context.Context) (string, error)      // asked at each login
	SASL           func(ctx context.Context) (sasl.Client, error) // another way to log in; Password is then not needed
	Folder         string                                         // as people see it; "" means INBOX

	Timeout time.Duration // without a byte from the server while it owes an answer; 0 means one minute
	Idle    time.Duration // how long to leave the connection in IDLE; 0 means 8 minutes
	Gate    *Gate         // connections to this server at a time; nil means no limit
	Program string        // our name in ID
	Version string
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // nil means net.Dialer
}

// New checks the configuration.
func New(c Config) (*Mailbox, error) {
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, fmt.Errorf("IMAP server %q: %w; write it as imap.example.com:993", c.Address, err)
	}
	switch {
	case c.TLS == "":
		c.TLS = TLS
	case c.TLS == None && !c.AllowPlaintext:
		return nil, fmt.Errorf("IMAP server %s: without TLS the password crosses the network in the clear; allow that in so many words, or use TLS", c.Address)
	case c.TLS != TLS && c.TLS != STARTTLS && c.TLS != None:
		return nil, fmt.Errorf("IMAP server %s: %q is no way to secure a connection; use tls, starttls or none", c.Address, c.TLS)
	}
	if c.Username == "" && c.SASL == nil || c.Password == nil && c.SASL == nil {
		return nil, errors.New("IMAP: a user name and a password are required")
	}
	if c.Folder == "" {
		c.Folder = "INBOX"
	}
	if c.Timeout == 0 {
		c.Timeout = time.Minute
	}
	if c.Idle == 0 {
		c.Idle = 8 * time.Minute
	}
	if c.Program == "" {
		c.Program = "Rapport"
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return &Mailbox{c: c, tls: &tls.Config{RootCAs: c.RootCAs, ServerName: host, NextProtos: []string{"imap"}, MinVersion: tls.VersionTLS12}}, nil
}

// Mailbox is a folder on a server that nobody is connected to yet.
type Mailbox struct {
	c   Config
	tls *tls.Config
	// noID is set when the server's answer to ID broke the connection: the next
	// one goes without.
	noID bool
}

var _ ingest.Mailbox = (*Mailbox)(nil)
