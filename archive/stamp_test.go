package archive

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"rapport/internal/tsa"
)

// stampedBy is an authority as its clients see it.
func stampedBy(s *tsa.Server) *Authority {
	return &Authority{URL: s.URL, Client: http.DefaultClient, Roots: s.Roots(), Random: rand.Reader}
}

var stamped = Checkpoint{Origin: "a.example/log", Size: 1234}

func TestACheckpointIsStamped(t *testing.T) {
	a := tsa.New(t)
	token, err := stampedBy(a).Stamp(t.Context(), stamped)
	if err != nil {
		t.Fatal(err)
	}
	s, err := CheckStamp(token, stamped, a.Roots())
	if err != nil || !s.Trusted || s.By != "CN=Test TSA" || !s.At.Equal(a.At) || s.Size != 1234 {
		t.Errorf("it is read as %+v, %v", s, err)
	}
	if s, err := CheckStamp(token, stamped, nil); err != nil || s.Trusted || !strings.Contains(s.String(), "not checked") {
		t.Errorf("without roots it is read as %+v, %v", s, err)
	}
	for name, check := range map[string]func() error{
		"another root":       func() error { _, err := CheckStamp(token, stamped, tsa.New(t).Roots()); return err },
		"another size":       func() error { c := stamped; c.Size++; _, err := CheckStamp(token, c, a.Roots()); return err },
		"another log":        func() error { c := stamped; c.Origin += "/access"; _, err := CheckStamp(token, c, nil); return err },
		"another tree":       func() error { c := stamped; c.Root[0]++; _, err := CheckStamp(token, c, nil); return err },
		"nothing":            func() error { _, err := CheckStamp(nil, stamped, nil); return err },
		"a cut-off token":    func() error { _, err := CheckStamp(token[:len(token)-9], stamped, nil); return err },
		"a huge token":       func() error { _, err := CheckStamp(make([]byte, maxStamp+1), stamped, nil); return err },
		"another time in it": func() error { _, err := CheckStamp(redated(token, a.At), stamped, nil); return err },
	} {
		if check() == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

// redated is a token with another year in it.
func redated(token []byte, at time.Time) []byte {
	return bytes.Replace(token, []byte(at.Format("20060102150405")), []byte("1999"+at.Format("0102150405")), 1)
}

func TestAnAuthorityThatIsOfNoUse(t *testing.T) {
	for _, c := range []struct {
		name, want string
		lie        func(a *tsa.Server, c *Authority)
	}{
		{"is down", "reach the authority", func(a *tsa.Server, c *Authority) { c.URL = "http://127.0.0.1:1/" }},
		{"answers an error", "answers 503", func(a *tsa.Server, c *Authority) {
			a.Answers = func(out http.ResponseWriter, _ []byte) { http.Error(out, "busy", http.StatusServiceUnavailable) }
		}},
		{"answers a page", "gives no time-stamp", func(a *tsa.Server, c *Authority) {
			a.Answers = func(out http.ResponseWriter, _ []byte) { io.WriteString(out, "<html>Sign in</html>") }
		}},
		{"breaks off", "gives no time-stamp", func(a *tsa.Server, c *Authority) {
			a.Answers = func(out http.ResponseWriter, r []byte) { out.Write(r[:len(r)/2]) }
		}},
		{"refuses", "rejected", func(a *tsa.Server, c *Authority) {
			a.Answers = func(out http.ResponseWriter, _ []byte) {
				r, _ := timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.BadRequest)
				out.Write(r)
			}
		}},
		{"never ends", "gives no time-stamp", func(a *tsa.Server, c *Authority) {
			a.Answers = func(out http.ResponseWriter, r []byte) { out.Write(append(r, make([]byte, 10*maxStamp)...)) }
		}},
		{"has another nonce", "another nonce", func(a *tsa.Server, c *Authority) { a.Spoil = func(s *timestamp.Timestamp) { s.Nonce = big.NewInt(1) } }},
		{"has no nonce", "another nonce", func(a *tsa.Server, c *Authority) { a.Spoil = func(s *timestamp.Timestamp) { s.Nonce = nil } }},
		{"stamps something else", "something else", func(a *tsa.Server, c *Authority) { a.Spoil = func(s *timestamp.Timestamp) { s.HashedMessage[0]++ } }},
		{"gives no certificate", "certificate is not with it", func(a *tsa.Server, c *Authority) {
			a.Spoil = func(s *timestamp.Timestamp) { s.AddTSACertificate = false }
		}},
		{"has a certificate that is over", "not valid at that time", func(a *tsa.Server, c *Authority) { a.At = time.Now().Add(2 * time.Hour) }},
		{"dates back before its certificate", "not valid at that time", func(a *tsa.Server, c *Authority) { a.At = time.Now().AddDate(-1, 0, 0) }},
		{"is somebody else", "leads to none that is trusted", func(a *tsa.Server, c *Authority) { c.Roots = x509.NewCertPool() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := tsa.New(t)
			client := stampedBy(a)
			c.lie(a, client)
			if _, err := client.Stamp(t.Context(), stamped); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the stamp was asked for with %v, want %q", err, c.want)
			}
		})
	}
	a := tsa.New(t)
	a.Certify(t, false)
	if _, err := stampedBy(a).Stamp(t.Context(), stamped); err == nil || !strings.Contains(err.Error(), "not one for time-stamps") {
		t.Errorf("a certificate for other purposes too stamped: %v", err)
	}
	// One that never answers costs no more than the client's patience.
	slow := tsa.New(t)
	slow.Answers = func(_ http.ResponseWriter, _ []byte) { <-t.Context().Done() }
	client := stampedBy(slow)
	client.Client = &http.Client{Timeout: 50 * time.Millisecond}
	if _, err := client.Stamp(t.Context(), stamped); err == nil || !strings.Contains(err.Error(), "reach the authority") {
		t.Errorf("a slow authority: %v", err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := stampedBy(tsa.New(t)).Stamp(over, stamped); err == nil {
		t.Error("a time-stamp was given after the end")
	}
}

// What the authority has signed for another purpose is no time-stamp.
func TestASignatureOfAnotherKindIsNoTimeStamp(t *testing.T) {
	a := tsa.New(t)
	token, err := stampedBy(a).Stamp(t.Context(), stamped)
	if err != nil {
		t.Fatal(err)
	}
	p7, err := pkcs7.Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	d, err := pkcs7.NewSignedData(p7.Content)
	if err != nil {
		t.Fatal(err)
	}
	d.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := d.AddSigner(a.Cert, a.Key, pkcs7.SignerInfoConfig{}); err != nil {
		t.Fatal(err)
	}
	other, err := d.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CheckStamp(other, stamped, a.Roots()); err == nil || !strings.Contains(err.Error(), "something else than a time-stamp") {
		t.Errorf("it was taken: %v", err)
	}
}

// A token names its certificate in what is signed; one that names another, or
// none, could have any put beside it.
func TestATimeStampNamesItsCertificate(t *testing.T) {
	a, other := tsa.New(t), tsa.New(t)
	token, err := stampedBy(a).Stamp(t.Context(), stamped)
	if err != nil {
		t.Fatal(err)
	}
	p7, err := pkcs7.Parse(token)
	if err != nil {
		t.Fatal(err)
	}
	sha1Of, sha512Of := sha1.Sum(a.Cert.Raw), sha512.Sum512(a.Cert.Raw)
	sha256Of, sha256Other := sha256.Sum256(a.Cert.Raw), sha256.Sum256(other.Cert.Raw)
	type list1 struct{ Certs []certID }
	type list2 struct{ Certs []certIDv2 }
	first := func(sum []byte) pkcs7.Attribute {
		return pkcs7.Attribute{Type: oidSigner, Value: list1{[]certID{{Hash: sum}}}}
	}
	second := func(of asn1.ObjectIdentifier, sums ...[]byte) pkcs7.Attribute {
		l := list2{}
		for _, sum := range sums {
			l.Certs = append(l.Certs, certIDv2{Algorithm: pkix.AlgorithmIdentifier{Algorithm: of}, Hash: sum})
		}
		return pkcs7.Attribute{Type: oidSignerV2, Value: l}
	}
	for _, c := range []struct {
		name, want string
		says       []pkcs7.Attribute
	}{
		{"by SHA-1", "", []pkcs7.Attribute{first(sha1Of[:])}},
		{"by SHA-256", "", []pkcs7.Attribute{second(pkcs7.OIDDigestAlgorithmSHA256, sha256Of[:])}},
		{"by SHA-512", "", []pkcs7.Attribute{second(pkcs7.OIDDigestAlgorithmSHA512, sha512Of[:])}},
		{"in both forms", "", []pkcs7.Attribute{first(sha1Of[:]), second(pkcs7.OIDDigestAlgorithmSHA256, sha256Of[:], sha256Other[:])}},
		{"not at all", "does not say by which certificate", nil},
		{"another", "by another certificate", []pkcs7.Attribute{second(pkcs7.OIDDigestAlgorithmSHA256, sha256Other[:])}},
		{"another first", "by another certificate", []pkcs7.Attribute{second(pkcs7.OIDDigestAlgorithmSHA256, sha256Other[:], sha256Of[:])}},
		{"another in one form", "by another certificate", []pkcs7.Attribute{first(sha1Of[:]), second(pkcs7.OIDDigestAlgorithmSHA256, sha256Other[:])}},
		{"none of them", "lists none", []pkcs7.Attribute{second(nil)}},
		{"by a hash of no use", "unknown hash", []pkcs7.Attribute{second(asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 5}, sha256Of[:16])}},
		{"by no list", "cannot be read", []pkcs7.Attribute{{Type: oidSignerV2, Value: 7}}},
	} {
		d, err := pkcs7.NewSignedData(p7.Content)
		if err != nil {
			t.Fatal(err)
		}
		d.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
		d.SetContentType(oidTimeStamp)
		if err := d.AddSigner(a.Cert, a.Key, pkcs7.SignerInfoConfig{ExtraSignedAttributes: c.says}); err != nil {
			t.Fatal(err)
		}
		made, err := d.Finish()
		if err != nil {
			t.Fatal(err)
		}
		_, err = CheckStamp(made, stamped, a.Roots())
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("it names its certificate %s: %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzStamp(f *testing.F) {
	a := tsa.New(f)
	token, err := stampedBy(a).Stamp(f.Context(), stamped)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add([]byte{0x30, 0x80}) // the library panics
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = readResponse(text)
		if s, err := CheckStamp(text, stamped, a.Roots()); err == nil && (s.By != "CN=Test TSA" || !s.At.Equal(a.At)) {
			t.Errorf("a token was made up: %+v", s)
		}
	})
}
