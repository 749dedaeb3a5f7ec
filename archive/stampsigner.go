package archive

import (
	"bytes"
	"crypto"
	_ "crypto/sha1"   // that of older authorities, see below
	_ "crypto/sha512" // as some authorities name their certificates
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"

	"github.com/digitorus/pkcs7"
)

// The two forms in which a time-stamp says by which certificate it is signed:
// ESSCertID (RFC 2634 section 5.4) and ESSCertIDv2 (RFC 5035 section 3).
var (
	oidSigner   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSignerV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

type certID struct {
	Hash   []byte        // SHA-1
	Issuer asn1.RawValue `asn1:"optional"`
}

type certIDv2 struct {
	Algorithm pkix.AlgorithmIdentifier `asn1:"optional"` // SHA-256 unless given
	Hash      []byte
	Issuer    asn1.RawValue `asn1:"optional"`
}

// checkSigner checks that a token names, in what is signed, the certificate it
// comes with, as RFC 3161 section 2.4.2 and RFC 5816 demand: else another one for
// the same key, with other dates or another name, could be put beside it. It must
// be the first that is listed, in both forms if both are there. The first form
// has SHA-1, whose weakness only helps who makes both certificates himself.
func checkSigner(p7 *pkcs7.PKCS7, by *x509.Certificate) error {
	named := false
	for _, form := range []asn1.ObjectIdentifier{oidSigner, oidSignerV2} {
		var attribute asn1.RawValue
		if p7.UnmarshalSignedAttribute(form, &attribute) != nil {
			continue // it is not there
		}
		named = true
		algorithm, sum, err := firstCertificate(form, attribute.FullBytes)
		if err != nil {
			return fmt.Errorf("by which certificate it is signed cannot be read: %w", err)
		}
		h := algorithm.New()
		h.Write(by.Raw)
		if !bytes.Equal(h.Sum(nil), sum) {
			return fmt.Errorf("it is signed by another certificate than the one of %s that is with it", by.Subject)
		}
	}
	if !named {
		return errors.New("it does not say by which certificate it is signed")
	}
	return nil
}

// firstCertificate is the hash of the first certificate that an attribute lists.
func firstCertificate(form asn1.ObjectIdentifier, der []byte) (crypto.Hash, []byte, error) {
	if form.Equal(oidSigner) {
		var list struct {
			Certs    []certID
			Policies asn1.RawValue `asn1:"optional"`
		}
		if err := whole(der, &list); err != nil || len(list.Certs) == 0 {
			return 0, nil, errors.Join(errors.New("it lists none"), err)
		}
		return crypto.SHA1, list.Certs[0].Hash, nil
	}
	var list struct {
		Certs    []certIDv2
		Policies asn1.RawValue `asn1:"optional"`
	}
	if err := whole(der, &list); err != nil || len(list.Certs) == 0 {
		return 0, nil, errors.Join(errors.New("it lists none"), err)
	}
	first := list.Certs[0]
	switch of := first.Algorithm.Algorithm; {
	case len(of) == 0, of.Equal(pkcs7.OIDDigestAlgorithmSHA256):
		return crypto.SHA256, first.Hash, nil
	case of.Equal(pkcs7.OIDDigestAlgorithmSHA384):
		return crypto.SHA384, first.Hash, nil
	case of.Equal(pkcs7.OIDDigestAlgorithmSHA512):
		return crypto.SHA512, first.Hash, nil
	}
	return 0, nil, fmt.Errorf("it is named by an unknown hash (%s)", first.Algorithm.Algorithm)
}

// whole reads one value and nothing behind it.
func whole(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err == nil && len(rest) > 0 {
		err = errors.New("something follows its end")
	}
	return err
}
