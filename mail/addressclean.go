package mail

import (
	"strings"
	"unicode"
)

// bareAddress takes the address out of text without brackets: "a@b.example",
// "Jane a@b.example". A single word without "@" is a local address.
func bareAddress(s string) (address, name string) {
	words := strings.Fields(s)
	for i := len(words) - 1; i >= 0; i-- {
		if strings.Contains(words[i], "@") {
			return cleanAddress(words[i]), strings.Join(append(words[:i:i], words[i+1:]...), " ")
		}
	}
	if len(words) == 1 && isASCII([]byte(s)) && !strings.Contains(s, "=?") {
		return cleanAddress(s), ""
	}
	return "", s
}

// cleanAddress brings an address to the form that is compared: no white space,
// no source route, the domain in lower case. It is "" for what cannot be one.
func cleanAddress(s string) string {
	s = strings.Map(seen, s)
	if i := strings.LastIndex(s, `"@`); i > 0 && strings.HasPrefix(strings.TrimSpace(s), `"`) && strings.Contains(s[:i], " ") {
		if domain := cleanAddress("x" + s[i+1:]); domain != "" { // a quoted local part keeps its blanks
			return cutText(clean(strings.TrimSpace(s[:i+1])), 320) + domain[1:]
		}
	}
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || unicode.IsControl(r) || r == 0xfffd || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Trim(s, `"'<>()[],;:`)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if strings.HasPrefix(s, "@") { // RFC 5322 section 4.4: obs-route
		_, s, _ = strings.Cut(s, ":")
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return cutText(s, 320)
	}
	local, domain := strings.Trim(s[:at], `"`), strings.ToLower(strings.TrimRight(s[at+1:], "."))
	if local == "" || domain == "" || len(s) > 998 {
		return ""
	}
	return local + "@" + domain
}

// seen leaves out what nobody sees in an address, though it may turn the
// direction of what is written beside it. Joiners have a place in the domains of
// some scripts (RFC 5892 appendix A).
func seen(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d' {
		return -1
	}
	return r
}
