package compose

import (
	"crypto"
	"crypto/rsa"
	"fmt"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// DKIM signs letters for a domain (RFC 6376), with RSA or Ed25519 (RFC 8463).
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// signedFields are what a signature covers. All of them are oversigned (RFC
// 6376 section 8.15): nobody can add a second Subject or a Reply-To of his own
// without breaking the signature.
var signedFields = []string{
	"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}

var dnsName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$`)

// NewDKIM takes the private key in PEM form, whose public half DNS has under
// selector._domainkey.domain.
func NewDKIM(domain, selector string, pem []byte) (*DKIM, error) {
	if !dnsName.MatchString(domain) || !dnsName.MatchString(selector) {
		return nil, fmt.Errorf("DKIM key: domain %q or selector %q is no DNS name", domain, selector)
	}
	key, err := gomail.PrivKeyFromPEM(pem)
	if err != nil {
		return nil, fmt.Errorf("DKIM key of %s: %w", domain, err)
	}
	if k, ok := key.(*rsa.PrivateKey); ok && k.N.BitLen() < 1024 {
		return nil, fmt.Errorf("DKIM key of %s: an RSA key under 1024 bits is worth nothing to verifiers (RFC 8301); make one of 2048", domain)
	}
	return &DKIM{strings.ToLower(domain), selector, key}, nil
}

// sign returns the DKIM-Signature field for a mail. Both algorithms give the
// same signature for the same bytes.
func (d *DKIM) sign(header, body []byte, at time.Time) (field, error) {
	s := gomail.NewDKIMSigner(d.domain, d.selector, d.key)
	s.NowFunc = func() time.Time { return at }
	s.SignHeaders(signedFields...)
	s.OversignHeaders(signedFields...)
	line, err := s.Sign(header, body)
	if err != nil {
		return "", fmt.Errorf("sign for %s with DKIM: %w", d.domain, err)
	}
	return refold(line), nil
}

// innerFold is a fold inside a word: one that does not follow a blank.
var innerFold = regexp.MustCompile(`([^ ])\r\n `)

// refold mends the folds of go-mail 0.8.1. It folds after 76 characters even
// inside h=, but signs the value without these folds; a verifier turns each
// into a blank, as relaxed canonicalization says, and finds the signature
// wrong. Here each tag has a line, and only b= is folded inside: its value is
// no part of what is signed.
func refold(line string) field {
	line = strings.TrimSuffix(line, "\r\n")
	line = innerFold.ReplaceAllString(line, "$1")
	line = strings.ReplaceAll(line, " \r\n ", " ")
	tags, signature, _ := strings.Cut(line, "; b=")
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(tags, "; ", ";\r\n ") + ";\r\n b=")
	for len(signature) > 72 {
		b.WriteString(signature[:72] + "\r\n ")
		signature = signature[72:]
	}
	b.WriteString(signature + "\r\n")
	return field(b.String())
}
