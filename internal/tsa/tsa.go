// Package tsa is an authority for time-stamps (RFC 3161) for tests, with a root of
// its own. It lies when a test wants it to.
package tsa

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Server is the authority. At is the time that it stamps; Spoil changes what it
// stamps, Answers what it sends.
type Server struct {
	URL  string
	Cert *x509.Certificate
	Key  *ecdsa.PrivateKey
	At   time.Time

	Spoil   func(*timestamp.Timestamp)
	Answers func(out http.ResponseWriter, response []byte)

	root *x509.Certificate
}

// New starts one, which ends with the test. Its certificate is for an hour on
// both sides of now.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{At: time.Now().UTC().Truncate(time.Second)}
	s.Certify(t, true)
	site := httptest.NewServer(s)
	t.Cleanup(site.Close)
	s.URL = site.URL
	return s
}

// Roots is what one who trusts it has.
func (s *Server) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.root)
	return pool
}

// PEM is the root as files have it.
func (s *Server) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.root.Raw}))
}

// Certify makes its root and its certificate anew.
// Its key may only be used for time-stamps, which the certificate says as RFC
// 3161 section 2.3 wants it, if that is critical.
func (s *Server) Certify(t testing.TB, critical bool) {
	t.Helper()
	root, rootKey := issue(t, "Test Root", nil, nil, func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
		c.NotBefore, c.NotAfter = c.NotBefore.AddDate(-2, 0, 0), c.NotAfter.AddDate(2, 0, 0)
	})
	s.root = root
	s.Cert, s.Key = issue(t, "Test TSA", root, rootKey, func(c *x509.Certificate) {
		purpose, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}})
		if err != nil {
			t.Fatal(err)
		}
		c.KeyUsage = x509.KeyUsageDigitalSignature
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: critical, Value: purpose}}
	})
}

func issue(t testing.TB, name string, parent *x509.Certificate, by *ecdsa.PrivateKey, edit func(*x509.Certificate)) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c := &x509.Certificate{SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	edit(c)
	if parent == nil {
		parent, by = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), by)
	if err == nil {
		c, err = x509.ParseCertificate(der)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// ServeHTTP answers a question.
func (s *Server) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	q, err := timestamp.ParseRequest(body)
	if err != nil {
		http.Error(out, err.Error(), http.StatusBadRequest)
		return
	}
	ts := &timestamp.Timestamp{HashAlgorithm: q.HashAlgorithm, HashedMessage: q.HashedMessage, Time: s.At, Nonce: q.Nonce,
		Policy: asn1.ObjectIdentifier{1, 2, 3}, AddTSACertificate: q.Certificates}
	if s.Spoil != nil {
		s.Spoil(ts)
	}
	response, err := ts.CreateResponseWithOpts(s.Cert, s.Key, crypto.SHA256)
	if err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	if s.Answers != nil {
		s.Answers(out, response)
		return
	}
	_, _ = out.Write(response)
}
