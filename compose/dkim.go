package compose

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"rapport/threads"
)

// DKIM signs letters for a domain (RFC 6376), with RSA or Ed25519 (RFC 8463).
type DKIM struct {
	domain, selector string
	key              crypto.Signer
}

// signedFields are what a signature covers. All of them are named once more
// than they occur (RFC 6376 section 8.15), so nobody can add a second Subject or a Reply-To of his own
// without breaking the signature.
var signedFields = []string{
	"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", threads.CheckpointHeader,
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

// Signed is a whole mail with a signature of each of these keys.
func Signed(raw []byte, keys []*DKIM, at time.Time) ([]byte, error) {
	h, body, err := splitHead(raw)
	if err != nil {
		return nil, err
	}
	if h, err = h.signed(body, keys, at); err != nil {
		return nil, err
	}
	return append(append(h.bytes(), "\r\n"...), body...), nil
}

// signed is the head of a mail with this body, the signatures above it.
func (h head) signed(body []byte, keys []*DKIM, at time.Time) (head, error) {
	if len(keys) == 0 {
		return h, nil
	}
	var signatures head
	hash := bodyHash(body)
	for _, key := range keys {
		field, err := key.sign(h, hash, at)
		if err != nil {
			return nil, err
		}
		signatures = append(signatures, field)
	}
	return append(signatures, h...), nil
}

// sign returns the DKIM-Signature field for a mail with this header and a body
// of this hash. It is done here and not by go-mail 0.8.1, whose folds inside h=
// break the signature, nor by go-msgauth, which reads the clock; and both hash
// the body again for each letter, though all letters of a report share it. Both
// algorithms give the same signature for the same bytes.
func (d *DKIM) sign(h head, bodyHash []byte, at time.Time) (field, error) {
	names := append(signedFields[:len(signedFields):len(signedFields)], signedFields...)
	algorithm := "rsa-sha256"
	if _, ok := d.key.(ed25519.PrivateKey); ok {
		algorithm = "ed25519-sha256"
	}
	unsigned := field(fmt.Sprintf("DKIM-Signature: v=1; a=%s; c=relaxed/relaxed; d=%s; s=%s; t=%d;\r\n h=%s;\r\n bh=%s;\r\n b=",
		algorithm, d.domain, d.selector, at.Unix(), foldNames(names), base64.StdEncoding.EncodeToString(bodyHash)))
	hash := sha256.New()
	for _, f := range h.picked(names) {
		hash.Write(append(f.relaxed(), "\r\n"...))
	}
	hash.Write(unsigned.relaxed()) // without a line end, RFC 6376 section 3.7
	signature, err := d.signature(hash.Sum(nil))
	if err != nil {
		return "", fmt.Errorf("sign for %s with DKIM: %w", d.domain, err)
	}
	return unsigned + foldSignature(base64.StdEncoding.EncodeToString(signature)) + "\r\n", nil
}

func (d *DKIM) signature(digest []byte) ([]byte, error) {
	switch key := d.key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(key, digest), nil // of the hash, RFC 8463 section 3
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest)
	}
	return nil, fmt.Errorf("a key of type %T cannot sign", d.key)
}

// foldNames writes h=, folded between names where the grammar allows it.
func foldNames(names []string) string {
	var b strings.Builder
	width := 3
	for i, n := range names {
		if i > 0 {
			b.WriteByte(':')
			width++
		}
		if width+len(n) > 74 {
			b.WriteString("\r\n  ")
			width = 2
		}
		b.WriteString(n)
		width += len(n)
	}
	return b.String()
}

// foldSignature folds b=, whose white space counts for nothing.
func foldSignature(s string) field {
	var b strings.Builder
	for len(s) > 72 {
		b.WriteString(s[:72] + "\r\n ")
		s = s[72:]
	}
	return field(b.String() + s)
}
