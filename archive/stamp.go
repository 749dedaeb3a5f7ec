package archive

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"
)

// Stamp is what an authority for time-stamps says of a checkpoint (RFC 3161):
// that it was there at that time.
type Stamp struct {
	Origin  string    `json:"origin"`
	Size    int64     `json:"lines"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`      // the subject of the authority's certificate
	Trusted bool      `json:"trusted"` // it leads to a root that the caller trusts
}

// String tells it in words.
func (s Stamp) String() string {
	words := fmt.Sprintf("time-stamp: %d lines of the log %s were there on %s, says %s", s.Size, s.Origin, s.At.Format("2006-01-02 15:04:05 UTC"), s.By)
	if !s.Trusted {
		words += " (whose certificate was not checked; give --tsa)"
	}
	return words
}

// maxStamp bounds a token: those of authorities with a long chain have 8 KB.
const maxStamp = 64 << 10

var (
	oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidContentType = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidTimeStamp   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4} // id-ct-TSTInfo, RFC 3161 section 2.4.2
)

// imprint is what is stamped: the text of the checkpoint, which stays the same
// whoever signs it.
func (c Checkpoint) imprint() []byte {
	sum := sha256.Sum256([]byte(c.text()))
	return sum[:]
}

// stampRequest asks for a time-stamp.
func stampRequest(c Checkpoint, nonce *big.Int) ([]byte, error) {
	r := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: c.imprint(), Certificates: true, Nonce: nonce}
	return r.Marshal()
}

// CheckStamp checks that a token is a time-stamp of a checkpoint, by a
// certificate that may do so and was valid at that time. Without roots nothing
// is known of who that is. Whether it was revoked is not looked at.
func CheckStamp(token []byte, c Checkpoint, roots *x509.CertPool) (s *Stamp, err error) {
	defer damaged(&err)
	t, by, err := readStamp(token, roots)
	if err != nil {
		return nil, err
	}
	if t.HashAlgorithm != crypto.SHA256 || !bytes.Equal(t.HashedMessage, c.imprint()) {
		return nil, errors.New("it is about something else than this checkpoint")
	}
	return &Stamp{Origin: c.Origin, Size: c.Size, At: t.Time.UTC(), By: by.Subject.String(), Trusted: roots != nil}, nil
}

// onlyStamps reports whether a certificate is for time-stamps and for nothing
// else, and says so as it must: RFC 3161 section 2.3.
func onlyStamps(c *x509.Certificate) bool {
	return len(c.ExtKeyUsage) == 1 && c.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(c.UnknownExtKeyUsage) == 0 &&
		slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidExtKeyUsage) && e.Critical })
}

// checkDER checks that bytes are one value in DER, all the way down: the library
// rewrites BER before it reads, which is work for an attacker to choose.
func checkDER(der []byte, depth int) error {
	var v asn1.RawValue
	rest, err := asn1.Unmarshal(der, &v)
	switch {
	case err != nil:
		return fmt.Errorf("it is no time-stamp: %w", err)
	case len(rest) > 0:
		return errors.New("it is no time-stamp: something follows its end")
	case v.IsCompound && depth == 0:
		return errors.New("it is no time-stamp: it is nested too deep")
	case !v.IsCompound:
		return nil
	}
	for inner := v.Bytes; len(inner) > 0; inner = rest {
		if rest, err = asn1.Unmarshal(inner, &v); err == nil {
			err = checkDER(v.FullBytes, depth-1)
		}
		if err != nil {
			return fmt.Errorf("it is no time-stamp: %w", err)
		}
	}
	return nil
}

// mostNested is how deep a token may be nested; certificates reach 10.
const mostNested = 24

// damaged makes an error of the panics with which the library answers bytes that
// it did not expect.
func damaged(err *error) {
	if wrong := recover(); wrong != nil {
		*err = fmt.Errorf("it is no time-stamp: %v", wrong)
	}
}

// readStamp checks the signature of a token. What the library leaves open is
// closed here: a token without certificates, one with several signers, a
// signature made for another purpose.
func readStamp(token []byte, roots *x509.CertPool) (*timestamp.Timestamp, *x509.Certificate, error) {
	if len(token) > maxStamp {
		return nil, nil, errors.New("it is too big for a time-stamp")
	}
	if err := checkDER(token, mostNested); err != nil {
		return nil, nil, err
	}
	p7, err := pkcs7.Parse(token)
	if err != nil {
		return nil, nil, fmt.Errorf("it is no time-stamp: %w", err)
	}
	by := p7.GetOnlySigner()
	if by == nil {
		return nil, nil, errors.New("its signer's certificate is not with it")
	}
	var kind asn1.ObjectIdentifier
	if err := p7.UnmarshalSignedAttribute(oidContentType, &kind); err != nil || !kind.Equal(oidTimeStamp) {
		return nil, nil, errors.New("it was signed as something else than a time-stamp")
	}
	t, err := timestamp.Parse(token)
	if err != nil {
		return nil, nil, fmt.Errorf("its signature is wrong, or it was damaged: %w", err)
	}
	if err := checkSigner(p7, by); err != nil {
		return nil, nil, err
	}
	if !onlyStamps(by) {
		return nil, nil, fmt.Errorf("the certificate of %s is not one for time-stamps", by.Subject)
	}
	if t.Time.Before(by.NotBefore) || t.Time.After(by.NotAfter) {
		return nil, nil, fmt.Errorf("the certificate of %s was not valid at that time: it is from %s to %s", by.Subject,
			by.NotBefore.Format(time.DateOnly), by.NotAfter.Format(time.DateOnly))
	}
	if roots == nil {
		return t, by, nil
	}
	between := x509.NewCertPool()
	for _, c := range p7.Certificates {
		between.AddCert(c)
	}
	_, err = by.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: t.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping}})
	if err != nil {
		return nil, nil, fmt.Errorf("the certificate of %s leads to none that is trusted: %w", by.Subject, err)
	}
	return t, by, nil
}

// Stamp checks the time-stamp in a bundle that was verified; nil if it has none.
func (b *Bundle) Stamp(roots *x509.CertPool) (*Stamp, error) {
	if b.stamp == nil {
		return nil, nil
	}
	c, err := ReadCheckpoint(b.checkpoint)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", checkpointFile, err)
	}
	s, err := CheckStamp(b.stamp, c, roots)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", stampFile, err)
	}
	return s, nil
}
