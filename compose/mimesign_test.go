package compose

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/servers"
	"rapport/mail"
)

// office makes a root and a certificate under it for an address, as PEM.
func office(t *testing.T, key crypto.Signer, address string) (chain, private, root []byte) {
	t.Helper()
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	issue := func(form, parent *x509.Certificate, public crypto.PublicKey) []byte {
		form.SerialNumber = big.NewInt(time.Now().UnixNano())
		form.NotBefore, form.NotAfter = friday.AddDate(-1, 0, 0), friday.AddDate(1, 0, 0)
		der, err := x509.CreateCertificate(rand.Reader, form, parent, public, rootKey)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	ca := &x509.Certificate{Subject: pkix.Name{CommonName: "A root"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	rootDER := issue(ca, ca, rootKey.Public())
	leaf := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Projects"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection},
	}
	if address != "" {
		leaf.EmailAddresses = []string{address}
	}
	leafDER := issue(leaf, ca, key.Public())
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	root = write("CERTIFICATE", rootDER)
	return append(write("CERTIFICATE", leafDER), root...), write("PRIVATE KEY", der), root
}

func smimeKeys(t *testing.T) map[string]crypto.Signer {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"rsa": r, "ecdsa": e}
}

func TestOpenSSLVerifiesSignedLetters(t *testing.T) {
	openssl := servers.Program(t, "openssl", "openssl")
	for kind, key := range smimeKeys(t) {
		chain, private, root := office(t, key, "projects@agency.example")
		s, err := NewSMIME(chain, private)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		roots := filepath.Join(dir, "root.pem")
		if err := os.WriteFile(roots, root, 0o600); err != nil {
			t.Fatal(err)
		}
		check := func(raw []byte) ([]byte, error) {
			path := filepath.Join(dir, "letter.eml")
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			return exec.Command(openssl, "smime", "-verify", "-in", path, "-CAfile", roots, "-purpose", "smimesign",
				"-attime", "1795788000").CombinedOutput()
		}
		for name, r := range parsed(t) {
			in := inSeries(t, 2)
			in.SMIME, in.Sign = s, signers().keys
			raw := mustLetters(t, r, in)[0].Raw
			if !bytes.Equal(raw, mustLetters(t, r, in)[0].Raw) {
				t.Errorf("%s, %s: two runs differ", kind, name)
			}
			if out, err := check(raw); err != nil {
				t.Errorf("%s, %s: %v\n%.2000s", kind, name, err, out)
			}
			for i, err := range verify(t, raw) {
				if err != nil {
					t.Errorf("%s, %s: DKIM signature %d: %v", kind, name, i, err)
				}
			}
			if m := mail.Parse(raw, mail.Limits{}); len(m.Faults) > 0 || m.Subject != r.Subject || m.Text == "" {
				t.Errorf("%s, %s: read back with faults %v", kind, name, m.Faults)
			}
		}
		in := input(t)
		in.SMIME = s
		forged := bytes.Replace(mustLetters(t, weekly(), in)[0].Raw, []byte("All is well."), []byte("All is lost."), 1)
		if _, err := check(forged); err == nil {
			t.Errorf("%s: a changed letter verifies", kind)
		}
	}
}

func TestPartsOfASignedLetterAreFiledUnderTheirNumbers(t *testing.T) {
	chain, private, _ := office(t, smimeKeys(t)["ecdsa"], "projects@agency.example")
	s, err := NewSMIME(chain, private)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.cfg.SMIME = []*SMIME{s}
	if _, err := d.Approve(t.Context(), weeklyOrder(), ""); err != nil {
		t.Fatal(err)
	}
	f := d.archive.approved[0].Filing
	found := map[string]string{}
	for _, p := range mail.Parse(f.Raw, mail.Limits{}).Parts {
		found[p.Path] = p.SHA256
	}
	for _, a := range f.Message.Attachments {
		if found[a.Part] != a.SHA256 {
			t.Errorf("part %s of the mail is not %s: parts %v", a.Part, a.Name, found)
		}
	}
}

func TestCertificatesThatCannotSignALetter(t *testing.T) {
	keys := smimeKeys(t)
	chain, private, _ := office(t, keys["ecdsa"], "projects@agency.example")
	other, _, _ := office(t, keys["rsa"], "projects@agency.example")
	nameless, nKey, _ := office(t, keys["ecdsa"], "")
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edChain, edKey, _ := office(t, ed, "projects@agency.example")
	for name, c := range map[string]struct{ chain, key []byte }{
		"no PEM": {[]byte("x"), private}, "another key": {other, private}, "no address": {nameless, nKey}, "Ed25519": {edChain, edKey},
	} {
		if _, err := NewSMIME(c.chain, c.key); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	s, err := NewSMIME(chain, private)
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*LetterInput){
		"certificate is for": func(in *LetterInput) { in.From.Address = "mara@agency.example" },
		"valid from":         func(in *LetterInput) { in.At = friday.AddDate(2, 0, 0) },
	} {
		in := input(t)
		in.SMIME = s
		change(&in)
		if _, err := Letters(weekly(), in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}
