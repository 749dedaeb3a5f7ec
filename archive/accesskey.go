package archive

import (
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// IsAccess reports whether an origin is that of a log of accesses.
func IsAccess(origin string) bool { return strings.HasSuffix(origin, accessEnding) }

// accessEnding makes the origin of a log that of its log of accesses.
const accessEnding = "/access"

// Access is the key of the log of accesses that belongs to a log: the same key,
// under an origin of its own.
func (p *PublicKey) Access() (*PublicKey, error) {
	text, err := note.NewEd25519VerifierKey(p.Name()+accessEnding, p.key)
	if err != nil {
		return nil, fmt.Errorf("derive the key of the log of accesses: %w", err)
	}
	return ReadPublic(text)
}

// Access signs the log of accesses that belongs to this key's log.
func (k *Key) Access() (*Key, error) {
	p, err := ReadPublic(k.public)
	if err == nil {
		p, err = p.Access()
	}
	if err != nil {
		return nil, err
	}
	parts := strings.SplitN(k.secret, "+", 5) // PRIVATE+KEY+name+hash+data
	return ReadKey(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", p.Name(), p.KeyHash(), parts[4]))
}
