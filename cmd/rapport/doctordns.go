package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/dmarc"

	"rapport/mail"
	"rapport/threads"
)

// examineDomain looks whether others can tell our letters from forgeries: SPF,
// DKIM and DMARC of the domain in From, and whether answers find their way.
func (d *doctor) examineDomain(ctx context.Context) []finding {
	domain := threads.Domain(d.config().SMTP.From)
	v := &domainVisit{chart: &chart{about: "domain " + domain}, d: d, domain: domain}
	for _, look := range []func(context.Context) error{v.mx, v.spf, v.dkim, v.dmarc} {
		if err := look(ctx); err != nil {
			v.note("dns.offline", "run the command again where names can be looked up",
				"DNS cannot be reached (%v), so the rest is not known: MX, SPF, DKIM, DMARC", err)
			break
		}
	}
	return v.findings
}

// names asks DNS, except for what it cannot know: names for examples and tests
// (RFC 6761 section 6).
type names struct{ resolver }

func (n names) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if err := reserved(name); err != nil {
		return nil, err
	}
	return n.resolver.LookupTXT(ctx, name)
}

func (n names) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	if err := reserved(name); err != nil {
		return nil, err
	}
	return n.resolver.LookupMX(ctx, name)
}

func reserved(name string) error {
	top := name[strings.LastIndexByte(name, '.')+1:]
	switch strings.ToLower(top) {
	case "example", "test", "invalid", "localhost":
		return &net.DNSError{Err: "reserved by RFC 6761", Name: name, IsNotFound: true}
	}
	return nil
}

type domainVisit struct {
	*chart
	d      *doctor
	domain string
}

// texts are the records of a name that begin with a word. That there are none
// is no error; that nobody answers is one.
func (v *domainVisit) texts(ctx context.Context, name, begin string) ([]string, error) {
	all, err := v.d.dns.LookupTXT(ctx, name)
	if absent(err) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, t := range all {
		word := t
		if end := strings.IndexAny(t, " ;"); end >= 0 {
			word = t[:end]
		}
		if begin == "" || strings.EqualFold(word, begin) {
			out = append(out, t)
		}
	}
	return out, nil
}

func absent(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func (v *domainVisit) mx(ctx context.Context) error {
	list, err := v.d.dns.LookupMX(ctx, v.domain)
	switch {
	case err != nil && !absent(err):
		return err
	case len(list) == 0:
		v.warn("dns.mx", "add an MX record that names the server which takes mail for "+v.domain, "it has no MX record, so answers and bounces may not find their way")
	case len(list) == 1 && (list[0].Host == "." || list[0].Host == ""):
		v.wrong("dns.mx", "use a domain that takes mail in smtp.from", "its MX record says that it takes no mail (RFC 7505), so nobody can answer")
	default:
		v.ok("dns.mx", "its mail goes to %s", strings.TrimSuffix(list[0].Host, "."))
	}
	return nil
}

// dmarc looks for the policy, of the domain itself or of the organisation's
// (RFC 7489 section 6.6.3).
func (v *domainVisit) dmarc(ctx context.Context) error {
	names := []string{v.domain}
	if org := mail.Organisation(v.domain); org != v.domain {
		names = append(names, org)
	}
	for _, name := range names {
		found, err := v.texts(ctx, "_dmarc."+name, "v=DMARC1")
		if err != nil {
			return err
		}
		switch {
		case len(found) > 1:
			v.wrong("dns.dmarc", "leave one of them", "_dmarc.%s has %d DMARC records, so none counts", name, len(found))
			return nil
		case len(found) == 1:
			v.policy(name, found[0])
			return nil
		}
	}
	v.warn("dns.dmarc", fmt.Sprintf(`add a TXT record at _dmarc.%s: "v=DMARC1; p=none; rua=mailto:postmaster@%s"; Google and Yahoo want one of whoever sends much`, v.domain, v.domain),
		"it has no DMARC record")
	return nil
}

func (v *domainVisit) policy(name, text string) {
	r, err := dmarc.Parse(text)
	switch {
	case err != nil:
		v.wrong("dns.dmarc", "mend the record", "the DMARC record at _dmarc.%s cannot be read: %v", name, err)
	case r.Policy == dmarc.PolicyNone:
		v.note("dns.dmarc", "once the reports show that all is well, set p=quarantine or p=reject: until then anybody can write in our name", "the DMARC policy of %s is none", name)
	default:
		v.ok("dns.dmarc", "the DMARC policy of %s is %s", name, r.Policy)
	}
}
