// Package authentic finds out whether a mail comes from the domain that its
// From names.
//
// In comes a mail as it lies in our mailbox, and the names of our own mail
// servers; out goes a verdict with all that it rests on. What our own server
// wrote on top of the mail counts first: it knew the sender's address. Where it
// says nothing, DKIM signatures (RFC 6376) are held against the keys in DNS, and
// their domains against From, as DMARC wants it (RFC 7489). Promised: time and
// memory are bounded whatever the mail says and however DNS answers, and no
// answer of DNS, or none, keeps a mail from being filed.
package authentic

import (
	"context"
	"strings"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// Config is what a Checker needs.
type Config struct {
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	Now       func() time.Time
}

// Checker finds out who mails come from. It may be used at once by many.
type Checker struct {
	dns *cache
	now func() time.Time
}

// New makes a Checker.
func New(c Config) *Checker {
	return &Checker{newCache(c.LookupTXT, c.Now), c.Now}
}

// Input is a mail to be looked at.
type Input struct {
	Raw      []byte
	Mail     *mail.Message
	Mailbox  string    // where it came in; "" for an imported mail
	Servers  []string  // the authserv-ids of the servers that stamp mail for this mailbox
	Received time.Time // when it came in
	DNS      bool      // whether DNS may be asked
}

// fresh is how long after its arrival a mail's signatures are checked: later,
// keys may have gone out of DNS, and a signature that fails says nothing.
const fresh = 14 * 24 * time.Hour

// Check looks at a mail. It returns nil if there was nothing to look at: no
// server of ours has said anything, and DNS was not asked.
func (c *Checker) Check(ctx context.Context, in Input) *threads.Authentication {
	a := &threads.Authentication{Mailbox: in.Mailbox, At: c.now().UTC().Truncate(time.Millisecond)}
	a.Domain = fromDomain(in.Mail)
	lines := mail.AuthResults(in.Mail.Header, in.Servers)
	for _, line := range lines {
		byServer(a, line)
	}
	asked := len(lines) > 0
	if a.Verdict == "" && a.Domain != "" && in.DNS && c.now().Sub(in.Received) < fresh {
		asked = true
		c.bySignature(ctx, a, in)
	}
	switch {
	case !asked:
		return nil
	case a.Verdict != "":
	case a.Domain == "":
		a.Verdict, a.Why = threads.Unauthenticated, threads.WhyOtherAuthors
	default:
		a.Verdict, a.Why = threads.Unauthenticated, threads.WhyNoProof
	}
	return a
}

// fromDomain is the domain of all addresses in From, "" if there are several
// or none: then nobody can answer for the mail.
func fromDomain(m *mail.Message) string {
	domain := ""
	for _, value := range m.Header.All("From") {
		list, _ := mail.AddressList(value)
		for _, a := range list {
			d := threads.Domain(a.Address)
			if d == "" || domain != "" && d != domain {
				return ""
			}
			domain = d
		}
	}
	return domain
}

// domainIn is the domain in a property such as "user@acme.example", "@acme.example"
// or "acme.example".
func domainIn(value string) string {
	return strings.ToLower(strings.Trim(value[strings.LastIndexByte(value, '@')+1:], "<>. "))
}
