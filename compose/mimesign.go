package compose

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
)

// The part that has a letter's signature (RFC 8551, section 3.5.3).
const (
	signatureType = "application/pkcs7-signature"
	signatureName = "smime.p7s"
)

// SMIME signs letters with a person's or an office's certificate (RFC 8551),
// which mail programs show beside the sender's name.
type SMIME struct {
	certificates []*x509.Certificate // its own first, then those that lead to a root
	key          crypto.Signer
}

// NewSMIME takes certificates and private key in PEM form. The first
// certificate is the signer's.
func NewSMIME(certificates, key []byte) (*SMIME, error) {
	pair, err := tls.X509KeyPair(certificates, key) // it also checks that they belong together
	if err != nil {
		return nil, fmt.Errorf("S/MIME certificate: %w", err)
	}
	s := &SMIME{}
	for _, der := range pair.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("S/MIME certificate: %w", err)
		}
		s.certificates = append(s.certificates, c)
	}
	if len(s.certificates[0].EmailAddresses) == 0 {
		return nil, errors.New("S/MIME certificate: it names no mail address")
	}
	switch k := pair.PrivateKey.(type) {
	case *rsa.PrivateKey:
		s.key = k
	case *ecdsa.PrivateKey:
		s.key = k
	default:
		return nil, fmt.Errorf("S/MIME certificate: mail programs do not know signatures by %T", k)
	}
	return s, nil
}

// Fits reports whether the certificate is for that address.
func (s *SMIME) Fits(address string) bool {
	for _, a := range s.certificates[0].EmailAddresses {
		if strings.EqualFold(a, address) {
			return true
		}
	}
	return false
}

// check refuses to sign what a reader's program would call a bad signature.
func (s *SMIME) check(address string, at time.Time) error {
	own := s.certificates[0]
	if !s.Fits(address) {
		return fmt.Errorf("the S/MIME certificate is for %s, and the letter is from %s", strings.Join(own.EmailAddresses, ", "), address)
	}
	if at.Before(own.NotBefore) || at.After(own.NotAfter) {
		return fmt.Errorf("the S/MIME certificate is valid from %s to %s only", own.NotBefore.Format(time.DateOnly), own.NotAfter.Format(time.DateOnly))
	}
	return nil
}

// wrap puts a mail's content into a multipart/signed (RFC 1847) and the
// signature beside it. The content moves with its Content-Type and encoding.
func (s *SMIME) wrap(h head, body []byte, mark string, at time.Time) (head, []byte, error) {
	var outer, inner head
	for _, f := range h {
		if n := f.name(); n == "content-type" || n == "content-transfer-encoding" {
			inner = append(inner, f)
		} else {
			outer = append(outer, f)
		}
	}
	content := append(append(inner.bytes(), "\r\n"...), body...)
	signature, err := detachedSignature(content, s.certificates, s.key, at)
	if err != nil {
		return nil, nil, fmt.Errorf("sign with S/MIME: %w", err)
	}
	boundary := "=_" + mark
	outer = outer.with("Content-Type", "multipart/signed; protocol=\""+signatureType+"\";\r\n micalg=sha-256; boundary=\""+boundary+"\"")
	var b bytes.Buffer
	fmt.Fprintf(&b, "--%s\r\n%s\r\n--%s\r\n", boundary, content, boundary)
	b.WriteString("Content-Type: " + signatureType + "; name=\"" + signatureName + "\"\r\n" +
		"Content-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment; filename=\"" + signatureName + "\"\r\n\r\n")
	encoded := base64.StdEncoding.EncodeToString(signature)
	for len(encoded) > 76 {
		b.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	fmt.Fprintf(&b, "%s\r\n--%s--\r\n", encoded, boundary)
	return outer, b.Bytes(), nil
}
