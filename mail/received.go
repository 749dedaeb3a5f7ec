package mail

import (
	"net/netip"
	"regexp"
	"strings"
)

// Trace fields (RFC 5321 section 4.4) are added on top by each server. Those of
// our own servers are the only ones that can be believed, and they end at the
// border: the server that took the mail from outside.

// hop is what a Received field says of one step.
type hop struct {
	from, by string // names, in lower case, "" if not told
	given    string // the rest of what stands between from and by: the other side as it was seen
}

var (
	hopBy    = regexp.MustCompile(`(?i)(?:^|[\s)])by\s+([^\s;()]+)`)
	hopFrom  = regexp.MustCompile(`(?i)^from\s+([^\s;()]+)`)
	hopIP    = regexp.MustCompile(`(?i)(?:^|[\s(\[:])(?:ipv6:)?([0-9a-f]*[.:][0-9a-f.:]+)`)
	seenName = regexp.MustCompile(`\(([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\.? \[`) // looked up by the server itself
)

// mostTrace bounds what is looked at of one trace field.
const mostTrace = 4 << 10

func readHop(value string) hop {
	value = strings.TrimSpace(cutText(clean(value), mostTrace))
	h := hop{}
	by := hopBy.FindStringSubmatchIndex(value)
	before := value
	if by != nil {
		h.by = hostName(value[by[2]:by[3]])
		before = value[:by[0]]
	}
	if from := hopFrom.FindStringSubmatch(before); from != nil {
		h.from = hostName(from[1])
		h.given = before[len(from[0]):]
	}
	return h
}

func hostName(s string) string {
	return strings.ToLower(strings.Trim(s, "[]."))
}

// inside reports whether the step was one between our own servers. In doubt it
// is not: what stands below the border then counts for nothing.
func (h hop) inside(ours []string) bool {
	if strings.HasSuffix(h.by, microsoftBorder) || h.by == googleBorder {
		return false
	}
	if h.from == "" {
		return true // "by" alone: handed on inside one program, as Google and qmail write it
	}
	switch h.distance() {
	case here:
		return true
	case far:
		if isMicrosoft(h.by) {
			return isMicrosoft(h.from) // between its own servers it names no host that was looked up
		}
		seen := seenName.FindStringSubmatch(h.given)
		return seen != nil && isOneOf(h.from, ours) && isOneOf(seen[1], ours)
	}
	return !strings.Contains(h.from, ".") || SameOrganisation(h.from, h.by) || isOneOf(h.from, ours)
}

// Where the other side of a step was, by its IP address.
const (
	unknown = iota
	here    // this machine
	near    // a private network
	far
)

func (h hop) distance() int {
	most := unknown
	for _, found := range hopIP.FindAllStringSubmatch(h.from+" "+h.given, 20) {
		ip, err := netip.ParseAddr(strings.TrimRight(found[1], ".:"))
		switch {
		case err != nil:
		case ip.IsLoopback():
			most = max(most, here)
		case ip.IsPrivate() || ip.IsLinkLocalUnicast():
			most = max(most, near)
		default:
			most = far
		}
	}
	return most
}

// isOneOf reports whether a host belongs to those who run one of the servers.
func isOneOf(host string, servers []string) bool {
	for _, s := range servers {
		if SameOrganisation(host, s) {
			return true
		}
	}
	return false
}

// The servers that take mail from outside at Google and Microsoft (2026).
// Google writes its results below its own Received, Microsoft above it, and
// without an authserv-id.
const (
	googleBorder    = "mx.google.com"
	microsoftBorder = ".mail.protection.outlook.com"
)

// MicrosoftAuthserv stands for Microsoft 365, which does not name itself in
// Authentication-Results.
const MicrosoftAuthserv = "protection.outlook.com"

func isMicrosoft(host string) bool {
	for _, end := range []string{".outlook.com", ".office365.com", ".exchangelabs.com"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// ownTrace are the fields that our own servers have put on top of a mail, the
// names of some of which are given, and whether Microsoft has. Servers put
// results above or below the Received of the border, so it goes to the Received
// after that; RFC 8601 section 5 has the border take forged results away. A
// mail that no server has stamped has no trace.
func ownTrace(h Header, ours []string) (trace Header, microsoft bool) {
	border, last := false, 0
	for i := range h {
		if !strings.EqualFold(h[i].Name, "Received") {
			continue
		}
		if border {
			return h[:i], false
		}
		step := readHop(h[i].Value)
		if strings.HasSuffix(step.by, microsoftBorder) {
			return h[:i], true
		}
		border, last = !step.inside(ours), i
	}
	if border {
		return h[:endOfTrace(h, last)], false
	}
	return h[:last], false
}

// endOfTrace is where the border's fields end when no other server has stamped
// the mail before: at the first field that a writer puts there.
func endOfTrace(h Header, border int) int {
	for i := border + 1; i < len(h); i++ {
		switch strings.ToLower(h[i].Name) {
		case "from", "to", "cc", "subject", "date", "message-id", "dkim-signature", "mime-version", "content-type":
			return i
		}
	}
	return len(h)
}
