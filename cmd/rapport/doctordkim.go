package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"rapport/mail"
)

// dkim looks whether DNS has the key with which we sign. Where the mail server
// signs, only a mail that went through it shows the key's name.
func (v *domainVisit) dkim(ctx context.Context) error {
	k := v.d.config().SMTP.DKIM
	if k.KeyFile == "" {
		v.note("dns.dkim", `"rapport doctor --round-trip" looks at the signature of a mail that went out`, "we do not sign ourselves; whether the mail server does is not known")
		return nil
	}
	if !mail.SameOrganisation(k.Domain, v.domain) {
		v.warn("dns.dkim.domain", "set smtp.dkim.domain to "+v.domain, "we sign for %s, which says nothing about mail from %s", k.Domain, v.domain)
	}
	name := k.Selector + "._domainkey." + k.Domain
	found, err := v.texts(ctx, name, "")
	if err != nil {
		return err
	}
	key, err := privateKey(k.KeyFile)
	if err != nil {
		v.wrong("dns.dkim.key", "mend smtp.dkim.key_file", "the key to sign with cannot be used: %v", err)
		return nil
	}
	record := fmt.Sprintf("add a TXT record at %s: %q", name, dkimRecord(key))
	switch tags := dkimTags(found); {
	case len(found) == 0:
		v.wrong("dns.dkim", record, "DNS has no key at %s, so our signatures are worth nothing", name)
	case len(found) > 1:
		v.wrong("dns.dkim", "leave one of them", "%s has %d records, so it is left to chance which one counts", name, len(found))
	case tags["p"] == "":
		v.wrong("dns.dkim", "make a new key under another selector", "the key at %s is revoked", name)
	case !samePublic(tags["p"], key):
		v.wrong("dns.dkim", record, "the key at %s is not the one with which we sign", name)
	case weak(key):
		v.warn("dns.dkim", "make a key of 2048 bits under another selector", "the key at %s is shorter than 2048 bits", name)
	case strings.Contains(tags["t"], "y"):
		v.warn("dns.dkim", "take t=y out of the record", "the key at %s says that it is only being tested", name)
	default:
		v.ok("dns.dkim", "DNS has our key at %s", name)
	}
	return nil
}

func privateKey(path string) (crypto.Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return gomail.PrivKeyFromPEM(text)
}

// publicBytes is the public key as DNS has it (RFC 6376 section 3.6.1, RFC 8463
// section 4).
func publicBytes(key crypto.Signer) []byte {
	if k, ok := key.Public().(ed25519.PublicKey); ok {
		return k
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil
	}
	return der
}

func samePublic(p string, key crypto.Signer) bool {
	got, err := base64.StdEncoding.DecodeString(p)
	if err != nil {
		return false
	}
	if bytes.Equal(got, publicBytes(key)) {
		return true
	}
	ours, isRSA := key.Public().(*rsa.PublicKey)
	theirs, err := x509.ParsePKCS1PublicKey(got) // some write it so, and verifiers take it
	return isRSA && err == nil && ours.Equal(theirs)
}

func weak(key crypto.Signer) bool {
	k, ok := key.Public().(*rsa.PublicKey)
	return ok && k.N.BitLen() < 2048
}

func dkimRecord(key crypto.Signer) string {
	kind := "rsa"
	if _, ok := key.Public().(ed25519.PublicKey); ok {
		kind = "ed25519"
	}
	return "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(publicBytes(key))
}

// dkimTags are the tags of the first record, blanks inside values aside.
func dkimTags(records []string) map[string]string {
	tags := map[string]string{}
	if len(records) == 0 {
		return tags
	}
	for _, tag := range strings.Split(records[0], ";") {
		name, value, _ := strings.Cut(tag, "=")
		tags[strings.ToLower(strings.TrimSpace(name))] = strings.Join(strings.Fields(value), "")
	}
	return tags
}
