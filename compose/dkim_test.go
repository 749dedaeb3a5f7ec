package compose

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// signers are an RSA and an Ed25519 key of agency.example with their DNS records.
var signers = sync.OnceValue(func() (s struct {
	keys []*DKIM
	dns  map[string]string
}) {
	s.dns = map[string]string{}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	add := func(selector, kind string, key crypto.Signer, public []byte) {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			panic(err)
		}
		d, err := NewDKIM("agency.example", selector, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
		if err != nil {
			panic(err)
		}
		s.keys = append(s.keys, d)
		s.dns[selector+"._domainkey.agency.example"] = fmt.Sprintf("v=DKIM1; k=%s; p=%s", kind, base64.StdEncoding.EncodeToString(public))
	}
	public, err := x509.MarshalPKIXPublicKey(rsaKey.Public())
	if err != nil {
		panic(err)
	}
	add("big", "rsa", rsaKey, public)
	add("small", "ed25519", edKey, edKey.Public().(ed25519.PublicKey))
	return s
})

// verify returns the errors of the signatures of a mail, nil for a good one.
func verify(t *testing.T, raw []byte) (errs []error) {
	t.Helper()
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		return []string{signers().dns[name]}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		errs = append(errs, v.Err)
	}
	return errs
}

func signedLetter(t *testing.T) []byte {
	in := inSeries(t, 12)
	in.Sign = signers().keys
	return mustLetters(t, weekly(), in)[1].Raw
}

func TestSignaturesOfAllKindsOfLetterVerify(t *testing.T) {
	for name, r := range parsed(t) {
		in := inSeries(t, 2)
		in.Sign = signers().keys
		for i, err := range verify(t, mustLetters(t, r, in)[0].Raw) {
			if err != nil {
				t.Errorf("%s: signature %d: %v", name, i, err)
			}
		}
	}
}

func TestSignaturesVerify(t *testing.T) {
	raw := signedLetter(t)
	errs := verify(t, raw)
	if len(errs) != 2 || errs[0] != nil || errs[1] != nil {
		t.Errorf("two signatures were to verify: %v\n%.3000s", errs, raw)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 100 && !strings.HasPrefix(line, "Thread-Index") {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
}

func TestAMailOfAnotherMakeIsSigned(t *testing.T) {
	raw := []byte("X-First: 1\r\nSubject: a trial\r\nFrom: <post@us.example>\r\nTo: <post@us.example>\r\nDate: Fri, 27 Nov 2026 08:00:00 +0000\r\n\r\nIt is one.\r\n")
	got, err := Signed(raw, signers().keys, time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if errs := verify(t, got); len(errs) != 2 || errs[0] != nil || errs[1] != nil || !bytes.HasSuffix(got, []byte("\r\n\r\nIt is one.\r\n")) {
		t.Errorf("%v\n%s", errs, got)
	}
	if _, err := Signed([]byte("Subject: without an end"), signers().keys, time.Now()); err == nil {
		t.Error("bytes without a body were signed")
	}
}

func TestASignatureBreaksWithEachSignedField(t *testing.T) {
	raw := signedLetter(t)
	at := bytes.Index(raw, []byte("\r\nFrom:")) + 2
	for _, name := range signedFields {
		forged := append(bytes.Clone(raw[:at]), (name + ": <forged@evil.example>\r\n")...)
		forged = append(forged, raw[at:]...)
		for i, err := range verify(t, forged) {
			if err == nil {
				t.Errorf("signature %d holds though there is a second %s", i, name)
			}
		}
	}
	changed := bytes.Replace(raw, []byte("All is well."), []byte("All is lost."), 1)
	for i, err := range verify(t, changed) {
		if err == nil {
			t.Errorf("signature %d holds though the text was changed", i)
		}
	}
}

func TestSignedLettersHaveTheSameBytesEachTime(t *testing.T) {
	if !bytes.Equal(signedLetter(t), signedLetter(t)) {
		t.Error("two runs differ")
	}
}

func TestKeysThatCannotSignAreRefused(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	block := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(weak)})
	if _, err := NewDKIM("agency.example", "a", block); err != nil {
		t.Errorf("a key of 1024 bits: %v", err)
	}
	for _, c := range []struct{ domain, selector, pem string }{
		{"agency.example", "a", "no key"}, {"agency.example; x=1", "a", string(block)}, {"agency.example", "", string(block)},
		{"agency.example", "a\r\nX: y", string(block)},
	} {
		if _, err := NewDKIM(c.domain, c.selector, []byte(c.pem)); err == nil {
			t.Errorf("taken: %q, %q", c.domain, c.selector)
		}
	}
}
