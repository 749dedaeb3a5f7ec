package mail

import (
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Organisation is the domain that somebody registered, of which domain is a
// part: "acme.co.uk" of "mail.acme.co.uk" (RFC 7489 section 3.2).
func Organisation(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}

// SameOrganisation reports whether two domains belong to one owner. In terms
// of DMARC they are aligned, in its relaxed mode.
func SameOrganisation(a, b string) bool {
	return a != "" && b != "" && Organisation(a) == Organisation(b)
}
