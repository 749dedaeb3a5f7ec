// Package smtp submits letters to a mail server.
//
// A letter with its envelope comes in; what the server said about it goes out.
// One session is kept open between letters. The package promises that a letter
// which a server may have taken is never called anything but accepted or
// unknown, and that a letter called deferred or refused was not taken: trouble
// after the server's 250 changes nothing, and a connection that ends between
// the final dot and the server's answer is unknown (RFC 1047). Nothing is sent
// twice here except what is known not to have been taken.
package smtp

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"rapport/compose"
	"rapport/threads"
)

// TLS says how a connection is secured.
type TLS string

// The ways to secure a connection. Plain must be asked for in so many words.
const (
	Implicit TLS = "tls"      // from the first byte, port 465 (RFC 8314)
	StartTLS TLS = "starttls" // port 587; a server without it is refused
	Plain    TLS = "plain"    // loopback and tests
)

// Config is a mail server and our login there.
type Config struct {
	Address  string // host:port
	TLS      TLS    // "" means Implicit on port 465, else StartTLS
	RootCAs  *x509.CertPool
	Username string                                                      // "" for no login
	Password func() (string, error)                                      // read for each session, so that a changed file counts
	Token    func(ctx context.Context) (string, error)                   // if set, XOAUTH2 with this access token instead of a password
	Hello    string                                                      // our name in EHLO; "" means "localhost"
	Timeout  time.Duration                                               // for each step; 2 minutes
	Final    time.Duration                                               // for the answer to the final dot; 10 minutes (RFC 5321 section 4.5.3.2.6)
	Dial     func(ctx context.Context, address string) (net.Conn, error) // nil means TCP
}

// Sender submits letters over one session at a time.
type Sender struct {
	cfg  Config
	host string

	mu      sync.Mutex
	session *session // nil: none is open
}

// New checks the configuration. It connects to nothing.
func New(cfg Config) (*Sender, error) {
	host, port, err := net.SplitHostPort(cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("mail server %q: write it as host:port", cfg.Address)
	}
	if cfg.TLS == "" {
		cfg.TLS = StartTLS
		if port == "465" {
			cfg.TLS = Implicit
		}
	}
	switch cfg.TLS {
	case Implicit, StartTLS, Plain:
	default:
		return nil, fmt.Errorf("mail server %s: %q is no way to secure a connection; use tls, starttls or plain", cfg.Address, cfg.TLS)
	}
	if cfg.Username != "" && cfg.Password == nil && cfg.Token == nil {
		return nil, fmt.Errorf("mail server %s: a username without a password or a token", cfg.Address)
	}
	if cfg.Hello == "" {
		cfg.Hello = "localhost"
	}
	if strings.ContainsAny(cfg.Hello, " \t\r\n\x00") {
		return nil, fmt.Errorf("mail server %s: %q is no name for EHLO", cfg.Address, cfg.Hello)
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = 2 * time.Minute
	}
	if cfg.Final <= 0 {
		cfg.Final = 10 * time.Minute
	}
	if cfg.Dial == nil {
		cfg.Dial = func(ctx context.Context, address string) (net.Conn, error) {
			d := net.Dialer{Timeout: cfg.Timeout}
			return d.DialContext(ctx, "tcp", address)
		}
	}
	return &Sender{cfg: cfg, host: host}, nil
}

// Submit hands over one letter. If the session that was left open turns out to
// be gone, or the server wants no more letters over it, a new one is tried
// once: up to then nothing of the letter was given.
func (s *Sender) Submit(ctx context.Context, sub compose.Submission) compose.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := checkSubmission(sub); err != nil {
		return compose.Outcome{State: threads.Refused, Words: err.Error()}
	}
	reused := s.session != nil
	if !reused {
		if out, ok := s.open(ctx); !ok {
			return out
		}
	}
	out, stale := s.session.submit(ctx, sub)
	if s.session.broken {
		s.drop()
	}
	if reused && stale {
		s.drop()
		if failed, ok := s.open(ctx); !ok {
			return failed
		}
		out, _ = s.session.submit(ctx, sub)
		if s.session.broken {
			s.drop()
		}
	}
	return out
}

// open starts a session.
func (s *Sender) open(ctx context.Context) (compose.Outcome, bool) {
	session, err := s.connect(ctx)
	if err != nil {
		words := wordsOf(err)
		if ctx.Err() != nil {
			words = brokenOff
		}
		return compose.Outcome{State: threads.Deferring, Words: words, Down: true}, false
	}
	s.session = session
	return compose.Outcome{}, true
}

// drop ends a session without ceremony.
func (s *Sender) drop() {
	if s.session != nil {
		s.session.conn.Close()
		s.session = nil
	}
}

// Close says goodbye and ends the session. Whatever the server answers, what it
// accepted stays accepted.
func (s *Sender) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session != nil {
		s.session.step(goodbye)
		s.session.client.Quit()
		s.drop()
	}
	return nil
}

// goodbye is how long a server may take over QUIT.
const goodbye = 5 * time.Second

// Check opens a session, logs in and says goodbye: for `rapport doctor`.
func (s *Sender) Check(ctx context.Context) error {
	session, err := s.connect(ctx)
	if err != nil {
		return fmt.Errorf("mail server %s: %s", s.cfg.Address, wordsOf(err))
	}
	session.step(goodbye)
	session.client.Quit()
	session.conn.Close()
	return nil
}

// checkSubmission refuses addresses that would be commands of their own, and a
// letter that is none.
func checkSubmission(sub compose.Submission) error {
	for _, a := range []string{sub.From, sub.To, sub.Copy} {
		for i := range len(a) {
			if c := a[i]; c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
				return fmt.Errorf("%q cannot stand in an envelope", a)
			}
		}
	}
	if sub.To == "" {
		return errors.New("the letter has no recipient")
	}
	if len(sub.Raw) == 0 {
		return errors.New("the letter is empty")
	}
	return nil
}
