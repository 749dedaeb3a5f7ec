package authentic

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"

	"rapport/mail"
	"rapport/threads"
)

const (
	mostSignatures = 8               // of one mail
	patience       = 6 * time.Second // with DNS, for one mail
)

// bySignature checks the mail's signatures ourselves. The verdict is "fail"
// only where DNS has answered, and the domain's DMARC record asks for it.
func (c *Checker) bySignature(ctx context.Context, a *threads.Authentication, in Input) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	offline := c.signatures(ctx, a, in)
	strict, demanded, err := c.policy(ctx, a)
	for _, s := range a.Signatures {
		if s.Holds && (strings.EqualFold(s.Domain, a.Domain) || !strict && stands(a, s.Domain)) {
			a.Verdict, a.Why, a.Via = threads.Authentic, threads.WhySignature, ""
			return
		}
	}
	a.Verdict = threads.Unauthenticated
	switch {
	case offline || err != nil:
		a.Why = threads.WhyOffline
	case demanded:
		a.Verdict, a.Why = threads.Forged, threads.WhyPolicy
	default:
		a.Why = threads.WhyUnsigned
	}
}

// signatures notes what became of each signature, and reports whether one of
// From's domain could not be checked because DNS did not answer.
func (c *Checker) signatures(ctx context.Context, a *threads.Authentication, in Input) (offline bool) {
	keys := newRecords()
	checked := verify(in.Raw, func(name string) ([]string, error) {
		found, err := c.dns.lookup(ctx, name)
		keys.add(name, found)
		return found, err
	})
	for i, v := range checked {
		s := threads.Signature{Domain: written(strings.ToLower(v.Domain)), Selector: selector(in.Mail.Header, i), Holds: v.Err == nil}
		s.Key = written(keys.of(s.Selector + "._domainkey." + s.Domain))
		if v.Err != nil {
			s.Words = written(strings.TrimPrefix(v.Err.Error(), "dkim: "))
			offline = offline || dkim.IsTempFail(v.Err) && mail.SameOrganisation(s.Domain, a.Domain)
		}
		a.Signatures = append(a.Signatures, s)
	}
	return offline
}

// written is hostile text as it can be kept: the log commits to its JSON, which
// must come out of the archive as it went in.
func written(s string) string { return strings.ToValidUTF8(s[:min(len(s), 4<<10)], "\ufffd") }

// verify calls the library; whatever a hostile mail does to it, the mail is
// filed. A header without measure proves nothing.
func verify(raw []byte, lookup func(string) ([]string, error)) (out []*dkim.Verification) {
	if !modest(raw) {
		return nil
	}
	defer func() {
		if v := recover(); v != nil {
			out = nil
		}
	}()
	// That there are more signatures than are looked at, or no whole header, is
	// no more than that nothing further is proven.
	out, _ = dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: lookup, MaxVerifications: mostSignatures})
	return out
}

// policy asks for the DMARC record of From's domain, then of the organisation
// (RFC 7489 section 6.6.3): whether signatures must be of exactly that domain,
// and whether unproven mail is to be refused or put aside.
func (c *Checker) policy(ctx context.Context, a *threads.Authentication) (strict, demanded bool, err error) {
	org := mail.Organisation(a.Domain)
	for _, domain := range []string{a.Domain, org} {
		record, text, err := c.record(ctx, domain)
		if err != nil {
			return false, false, err
		}
		if record == nil {
			continue
		}
		a.PolicyAt, a.Policy = "_dmarc."+domain, written(text)
		p := record.Policy
		if domain != a.Domain && record.SubdomainPolicy != "" {
			p = record.SubdomainPolicy
		}
		return record.DKIMAlignment == dmarc.AlignmentStrict, p == dmarc.PolicyReject || p == dmarc.PolicyQuarantine, nil
	}
	return false, false, nil
}

// record is the domain's only DMARC record; several are none.
func (c *Checker) record(ctx context.Context, domain string) (*dmarc.Record, string, error) {
	texts, err := c.dns.lookup(ctx, "_dmarc."+domain)
	if absent(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("look up the DMARC record of %s: %w", domain, err)
	}
	var record *dmarc.Record
	text := ""
	for _, t := range texts {
		if r, err := dmarc.Parse(t); err == nil {
			if record != nil {
				return nil, "", nil
			}
			record, text = r, t
		}
	}
	return record, text, nil
}
