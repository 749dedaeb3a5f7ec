package threads

import "time"

// Verdict says whether a mail comes from the domain that its From names.
type Verdict string

// The verdicts. The zero value means that nobody has looked.
const (
	Authentic       Verdict = "pass"
	Forged          Verdict = "fail" // the domain's owner asks not to believe such mail
	Unauthenticated Verdict = "none" // nothing proves it, nothing speaks against it
)

// Authentication is what was found out about a mail's sender when it came, with
// what that rests on: servers' words are rewritten on the way, and keys go out
// of DNS, so it cannot be found out again later.
//
// The log commits to its JSON. A field that is added must have omitempty, so
// that the JSON of what is stored stays as it is.
type Authentication struct {
	Verdict Verdict `json:"verdict"`
	Why     string  `json:"why"`              // a fixed word, see Reason
	Domain  string  `json:"domain,omitempty"` // of From: what the verdict is about
	Via     string  `json:"via,omitempty"`    // another domain that stands for the mail: who passed it on

	Mailbox string `json:"mailbox,omitempty"` // where it came in; "" for an imported mail
	Server  string `json:"server,omitempty"`  // our server, by its authserv-id (RFC 8601 section 2.5)
	Line    string `json:"line,omitempty"`    // what it wrote into Authentication-Results

	Signatures []Signature `json:"signatures,omitempty"` // checked by ourselves
	PolicyAt   string      `json:"policy_at,omitempty"`  // where DNS had the domain's DMARC record
	Policy     string      `json:"policy,omitempty"`     // the record
	At         time.Time   `json:"at"`                   // UTC
}

// Signature is a DKIM signature (RFC 6376) as it was checked.
type Signature struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Holds    bool   `json:"holds"`
	Words    string `json:"words,omitempty"` // why not
	Key      string `json:"key,omitempty"`   // the record that DNS had on that day
}

// Why a verdict is what it is.
const (
	WhyDMARC        = "dmarc-pass"    // our server says that DMARC passed
	WhyAlignedDKIM  = "dkim-aligned"  // our server says that a signature of the domain holds
	WhyAlignedSPF   = "spf-aligned"   // our server says that the domain names the sending server
	WhySignature    = "signature"     // we have checked a signature of the domain
	WhyDMARCFailed  = "dmarc-fail"    // our server says that DMARC failed
	WhyPolicy       = "policy"        // no signature of the domain holds, which its DMARC record demands
	WhyUnsigned     = "unsigned"      // nothing proves it, and no policy demands that anything does
	WhyOffline      = "offline"       // DNS did not answer
	WhyNoProof      = "no-proof"      // our server found nothing, and we do not check ourselves
	WhyOtherAuthors = "other-authors" // From names several domains, or none
)

// SameAs reports whether two looks at a mail have found the same.
func (a *Authentication) SameAs(b *Authentication) bool {
	return a.Verdict == b.Verdict && a.Why == b.Why && a.Domain == b.Domain && a.Via == b.Via && a.Server == b.Server && a.Line == b.Line
}

// Reason is why the verdict is what it is, as a sentence.
func (a *Authentication) Reason() string {
	switch a.Why {
	case WhyDMARC:
		return "Our server " + a.Server + " has found that it comes from " + a.Domain + " (DMARC)."
	case WhyAlignedDKIM:
		return "Our server " + a.Server + " has found that a signature of " + a.Domain + " holds (DKIM)."
	case WhyAlignedSPF:
		return "Our server " + a.Server + " got it from a server that " + a.Domain + " sends from (SPF)."
	case WhySignature:
		return "A signature of " + a.Domain + " holds; Rapport has checked it (DKIM)."
	case WhyDMARCFailed:
		return "Our server " + a.Server + " has found that it does not come from " + a.Domain + " as it says (DMARC)."
	case WhyPolicy:
		return "No signature of " + a.Domain + " holds, and " + a.Domain + " asks not to believe such mail (DMARC)."
	case WhyUnsigned:
		return "Nothing proves that it comes from " + a.Domain + "."
	case WhyOffline:
		return "DNS did not answer, so the signatures could not be checked."
	case WhyNoProof:
		return "Our server has found nothing that proves where it comes from."
	}
	return "Its From names no single domain that could answer for it."
}

// MayBeForged reports whether the domain that a message says it comes from asks
// not to believe it.
func (m *Message) MayBeForged() bool {
	return m.Authentication != nil && m.Authentication.Verdict == Forged
}

// PassedOnBy is the domain that has proven to have sent a message which may be
// forged, as a mailing list does; "" if there is none.
func (m *Message) PassedOnBy() string {
	if !m.MayBeForged() {
		return ""
	}
	return m.Authentication.Via
}
