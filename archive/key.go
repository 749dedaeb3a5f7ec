package archive

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs for one installation. Its name is the origin of the log.
type Key struct {
	signer note.Signer
	secret string // as written in the key's file
	public string // as verifiers take it
}

// NewKey makes a key for the log with this origin; without one it draws it, so
// that no two installations have the same.
func NewKey(origin string, random io.Reader) (*Key, error) {
	if IsAccess(origin) {
		return nil, fmt.Errorf("the ending %s is that of logs of accesses", accessEnding)
	}
	if origin == "" {
		b := make([]byte, 8)
		if _, err := io.ReadFull(random, b); err != nil {
			return nil, fmt.Errorf("draw an origin: %w", err)
		}
		origin = "rapport/" + hex.EncodeToString(b)
	}
	secret, _, err := note.GenerateKey(random, origin)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return ReadKey(secret)
}

// ReadKey reads a key as its file has it: one line.
func ReadKey(text string) (*Key, error) {
	secret := strings.TrimSpace(text)
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, errors.New("this is no key of a log; make one with: rapport key new FILE")
	}
	parts := strings.SplitN(secret, "+", 5) // PRIVATE+KEY+name+hash+data
	data, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(data) != 1+ed25519.SeedSize {
		return nil, errors.New("the key is no Ed25519 key")
	}
	public := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	if err != nil {
		return nil, fmt.Errorf("derive the public key: %w", err)
	}
	return &Key{signer, secret, verifier}, nil
}

// Origin is the name of the log that the key signs.
func (k *Key) Origin() string { return k.signer.Name() }

// Secret is the line to keep in a file that only its owner reads.
func (k *Key) Secret() string { return k.secret }

// Public is what to give to everyone who wants to check.
func (k *Key) Public() string { return k.public }

// Verifier is a public key.
type Verifier = note.Verifier

// PublicKey is the public key of a log.
type PublicKey struct {
	Verifier
	text string
	key  ed25519.PublicKey
}

// ReadPublic reads a public key as Public writes it.
func ReadPublic(text string) (*PublicKey, error) {
	text = strings.TrimSpace(text)
	v, err := note.NewVerifier(text)
	if err == nil {
		parts := strings.SplitN(text, "+", 3) // name+hash+key
		var key []byte
		if key, err = base64.StdEncoding.DecodeString(parts[len(parts)-1]); err == nil && len(key) == 1+ed25519.PublicKeySize {
			return &PublicKey{v, text, key[1:]}, nil
		}
	}
	return nil, errors.New("this is no public key of a log; it looks like: name+0a1b2c3d+AbC…=")
}

// String is the key as others read it.
func (p *PublicKey) String() string { return p.text }
