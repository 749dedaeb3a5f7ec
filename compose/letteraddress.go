package compose

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"rapport/threads"
)

// cleanAddress returns an address that may stand in a header and in an SMTP
// command, or says what is wrong with it.
func cleanAddress(a threads.Address) (threads.Address, error) {
	name, err := headerWords("name", a.Name)
	if err != nil {
		return a, err
	}
	at := strings.LastIndexByte(a.Address, '@')
	if at <= 0 || at == len(a.Address)-1 {
		return a, fmt.Errorf("%q is no mail address", a.Address)
	}
	local, domain := a.Address[:at], a.Address[at+1:]
	if err := checkAtom(local); err != nil {
		return a, fmt.Errorf("address %q: %w", a.Address, err)
	}
	domain, err = idna.Lookup.ToASCII(domain)
	if err != nil {
		return a, fmt.Errorf("address %q: its domain is not valid: %w", a.Address, err)
	}
	clean := local + "@" + domain
	return threads.Address{Name: name, Address: clean}, checkLocalPart(clean)
}

// checkAtom refuses a local part that needs quoting (RFC 5321 section 4.1.2).
// Such addresses are legal, hardly anybody has one, and each program on the way
// would have to quote them right.
func checkAtom(local string) error {
	for i := range len(local) {
		c := local[i]
		switch {
		case c >= utf8.RuneSelf:
			return errors.New("the part before the @ is not ASCII, which few servers take (SMTPUTF8)")
		case c <= ' ' || c == 0x7f || strings.IndexByte(`"(),:;<>@[\]`, c) >= 0:
			return fmt.Errorf("%q may not stand before the @", c)
		}
	}
	if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return errors.New("its dots are misplaced")
	}
	return nil
}

// checkLocalPart holds an address to the lengths of RFC 5321 section 4.5.3.1.
func checkLocalPart(address string) error {
	at := strings.LastIndexByte(address, '@')
	if at > 64 {
		return fmt.Errorf("the part before the @ of %q has %d characters; servers take 64", address, at)
	}
	if len(address) > 254 {
		return fmt.Errorf("the address %q has %d characters; servers take 254", address, len(address))
	}
	return nil
}
