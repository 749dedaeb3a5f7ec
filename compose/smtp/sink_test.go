package smtp_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"rapport/compose"
)

// sink is a whole mail server that keeps what it is given.
type sink struct {
	addr  string
	roots *x509.CertPool

	// chaos, if set, is asked before ("before") and after ("after") a letter is
	// kept; it may end the connection or refuse the letter.
	chaos func(when string, conn net.Conn) error

	mu       sync.Mutex
	active   int        // sessions
	ended    *sync.Cond // one of them
	received []received
	logins   []string // mechanism and user
}

type received struct {
	from string
	to   []string
	raw  string
}

// sinkOptions say how the sink is reached.
type sinkOptions struct {
	implicit, starttls bool
	mechanisms         []string
}

func newSink(t testing.TB, o sinkOptions) *sink {
	t.Helper()
	s := &sink{roots: x509.NewCertPool()}
	s.ended = sync.NewCond(&s.mu)
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		s.mu.Lock()
		s.active++
		s.mu.Unlock()
		return &sinkSession{sink: s, conn: c.Conn(), mechanisms: o.mechanisms}, nil
	}))
	server.Domain, server.ErrorLog = "mx.example", log.New(io.Discard, "", 0)
	server.AllowInsecureAuth = !o.starttls
	certificate := selfSigned(t, s.roots)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	if o.starttls {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	if o.implicit {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}})
	}
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(l) })
	t.Cleanup(func() {
		server.Close()
		serving.Wait()
	})
	return s
}

// quiet waits until every session has ended: what was sent has arrived then.
func (s *sink) quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.active > 0 {
		s.ended.Wait()
	}
}

// letters are all that the sink has kept so far.
func (s *sink) letters() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.received)
}

type sinkSession struct {
	sink       *sink
	conn       net.Conn
	mechanisms []string
	user       string
	letter     received
}

func (s *sinkSession) AuthMechanisms() []string { return s.mechanisms }

func (s *sinkSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, secret string) error {
		if user != "pm" || secret != "secret" {
			return gosmtp.ErrAuthFailed
		}
		s.user = user
		s.sink.mu.Lock()
		defer s.sink.mu.Unlock()
		s.sink.logins = append(s.sink.logins, mechanism+" "+user)
		return nil
	}
	switch mechanism {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, secret string) error { return check(user, secret) }), nil
	case sasl.Login:
		return &login{check: check}, nil
	case "XOAUTH2":
		return xoauth2{check}, nil
	}
	return nil, errors.New("no such mechanism")
}

// login asks for the user, then for the password.
type login struct {
	check func(user, secret string) error
	user  string
	step  int
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	switch l.step++; l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

// xoauth2 takes one message: "user=pm\x01auth=Bearer secret\x01\x01". A token that it
// does not like gets a challenge first, as Google and Microsoft do.
type xoauth2 struct {
	check func(user, secret string) error
}

func (x xoauth2) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte{}, false, nil
	case len(response) == 0:
		return nil, true, gosmtp.ErrAuthFailed
	case string(response) == "user=pm\x01auth=Bearer secret\x01\x01":
		return nil, true, x.check("pm", "secret")
	}
	return []byte(`{"status":"401"}`), false, nil
}

func (s *sinkSession) Mail(from string, _ *gosmtp.MailOptions) error {
	if len(s.mechanisms) > 0 && s.user == "" {
		return gosmtp.ErrAuthRequired
	}
	s.letter = received{from: from}
	return nil
}

func (s *sinkSession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.letter.to = append(s.letter.to, to)
	return nil
}

func (s *sinkSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.letter.raw = string(raw)
	if err := s.chaos("before"); err != nil {
		return err
	}
	s.sink.mu.Lock()
	s.sink.received = append(s.sink.received, s.letter)
	s.sink.mu.Unlock()
	return s.chaos("after")
}

func (s *sinkSession) chaos(when string) error {
	if s.sink.chaos == nil {
		return nil
	}
	return s.sink.chaos(when, s.conn)
}

func (s *sinkSession) Reset() {}
func (s *sinkSession) Logout() error {
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.active--
	s.sink.ended.Broadcast()
	return nil
}

func selfSigned(t testing.TB, roots *x509.CertPool) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mx.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func password(word string) func() (string, error) {
	return func() (string, error) { return word, nil }
}

// dialTo connects to the sink whatever the address is.
func dialTo(addr string) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "tcp", addr)
	}
}

// deaf is a connection that ends instead of bringing the answer to a final dot,
// once it is told to. What goes out still goes out.
type deaf struct {
	net.Conn
	cut  *atomic.Bool
	over bool // the final dot has gone out
}

func (c *deaf) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.over = c.cut.Load() && bytes.HasSuffix(p, []byte("\r\n.\r\n"))
	return n, err
}

func (c *deaf) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if c.over {
		c.Conn.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// sending tells before each letter that it begins.
type sending struct {
	compose.Sender
	begin func(compose.Submission)
}

func (s sending) Submit(ctx context.Context, sub compose.Submission) compose.Outcome {
	s.begin(sub)
	return s.Sender.Submit(ctx, sub)
}
