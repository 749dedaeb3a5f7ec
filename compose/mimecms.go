package compose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

// The types of a detached signature, RFC 5652 section 5.
type (
	cmsContentInfo struct {
		Type    asn1.ObjectIdentifier
		Content cmsSignedData `asn1:"explicit,tag:0"`
	}
	cmsSignedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Content      cmsDetached
		Certificates asn1.RawValue
		Signers      []cmsSigner `asn1:"set"`
	}
	cmsDetached struct {
		Type asn1.ObjectIdentifier
	}
	cmsSigner struct {
		Version    int
		Issuer     cmsIssuer
		Digest     pkix.AlgorithmIdentifier
		Attributes asn1.RawValue
		Algorithm  pkix.AlgorithmIdentifier
		Signature  []byte
	}
	cmsIssuer struct {
		Name   asn1.RawValue
		Serial *big.Int
	}
	cmsAttribute struct {
		Type   asn1.ObjectIdentifier
		Values asn1.RawValue
	}
)

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECDSA         = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2} // with SHA-256
)

// detachedSignature is the CMS signature over content by the first of the
// certificates; the others lead to a root that the reader knows. The same input
// gives the same bytes: RSA by PKCS #1 v1.5, ECDSA with RFC 6979.
func detachedSignature(content []byte, certificates []*x509.Certificate, key crypto.Signer, at time.Time) ([]byte, error) {
	digest := sha256.Sum256(content)
	attributes, err := signedAttributes(digest[:], at)
	if err != nil {
		return nil, err
	}
	// What is signed has the tag of a SET, what is stored that of the field.
	toSign := sha256.Sum256(append([]byte{0x31}, attributes.FullBytes[1:]...))
	signature, algorithm, err := signDigest(key, toSign[:])
	if err != nil {
		return nil, err
	}
	var chain []byte
	for _, c := range certificates {
		chain = append(chain, c.Raw...)
	}
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	return asn1.Marshal(cmsContentInfo{oidSignedData, cmsSignedData{
		Version:      1,
		Digests:      []pkix.AlgorithmIdentifier{sha},
		Content:      cmsDetached{oidData},
		Certificates: asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: chain},
		Signers: []cmsSigner{{
			Version: 1,
			Issuer:  cmsIssuer{asn1.RawValue{FullBytes: certificates[0].RawIssuer}, certificates[0].SerialNumber},
			Digest:  sha, Attributes: attributes, Algorithm: algorithm, Signature: signature,
		}},
	}})
}

// signedAttributes are what was signed, its hash and the time, in DER order and
// with the tag [0] that they are stored under.
func signedAttributes(digest []byte, at time.Time) (asn1.RawValue, error) {
	var list []cmsAttribute
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidData}, {oidSigningTime, at.UTC()}, {oidMessageDigest, digest}} {
		value, err := asn1.Marshal(a.value)
		if err != nil {
			return asn1.RawValue{}, fmt.Errorf("encode the signature: %w", err)
		}
		list = append(list, cmsAttribute{a.oid, asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: value}})
	}
	set, err := asn1.MarshalWithParams(list, "set")
	if err != nil {
		return asn1.RawValue{}, fmt.Errorf("encode the signature: %w", err)
	}
	set[0] = 0xa0
	return asn1.RawValue{FullBytes: set}, nil
}

func signDigest(key crypto.Signer, digest []byte) ([]byte, pkix.AlgorithmIdentifier, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		signature, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, digest)
		return signature, pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}, err
	case *ecdsa.PrivateKey:
		signature, err := k.Sign(nil, digest, crypto.SHA256) // nil: deterministic
		return signature, pkix.AlgorithmIdentifier{Algorithm: oidECDSA}, err
	}
	return nil, pkix.AlgorithmIdentifier{}, fmt.Errorf("a key of type %T cannot sign S/MIME", key)
}
