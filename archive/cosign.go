package archive

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// algCosignature is the type of a key that cosigns with a time (C2SP
// tlog-cosignature, Ed25519).
const algCosignature = 4

// WitnessKey cosigns checkpoints of logs that its owner watches.
type WitnessKey struct {
	name    string
	private ed25519.PrivateKey
}

// NewWitnessKey makes a key. By its name, best an address without scheme such
// as witness.example, others tell one witness from another.
func NewWitnessKey(name string, random io.Reader) (*WitnessKey, error) {
	if !keyName(name) {
		return nil, fmt.Errorf("%q cannot name a witness: it must be a word without blanks and without +", name)
	}
	_, private, err := ed25519.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	return &WitnessKey{name, private}, nil
}

// keyName reports whether signed notes take it as the name of a key.
func keyName(name string) bool {
	return name != "" && strings.ToValidUTF8(name, "") == name && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == '+' || r == 0x7f })
}

// ReadWitnessKey reads a key as Secret writes it.
func ReadWitnessKey(text string) (*WitnessKey, error) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "PRIVATE+KEY+")
	name, id, seed, err := splitKey(rest)
	if !ok || err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("this is no key of a witness; make one with: rapport witness new FILE NAME")
	}
	k := &WitnessKey{name, ed25519.NewKeyFromSeed(seed)}
	if k.id() != id {
		return nil, errors.New("the key of the witness was damaged: its parts do not belong together")
	}
	return k, nil
}

// splitKey reads name+id+key, where the key is one that cosigns.
func splitKey(text string) (name string, id uint32, key []byte, err error) {
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 || !keyName(parts[0]) || len(parts[1]) != 8 {
		return "", 0, nil, errors.New("it is not of the form name+id+key")
	}
	if _, err := fmt.Sscanf(parts[1], "%08x", &id); err != nil {
		return "", 0, nil, errors.New("its id is no number")
	}
	key, err = base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != algCosignature {
		return "", 0, nil, errors.New("it is no Ed25519 key that cosigns")
	}
	return parts[0], id, key[1:], nil
}

// keyID is what a signature names its key by.
func keyID(name string, public ed25519.PublicKey) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n\x04"), public...))
	return binary.BigEndian.Uint32(sum[:])
}

func (k *WitnessKey) id() uint32 { return keyID(k.name, k.private.Public().(ed25519.PublicKey)) }

func (k *WitnessKey) write(key []byte) string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.id(), base64.StdEncoding.EncodeToString(append([]byte{algCosignature}, key...)))
}

// Secret is the line to keep in a file that only its owner reads.
func (k *WitnessKey) Secret() string { return "PRIVATE+KEY+" + k.write(k.private.Seed()) }

// Public is what to give to everyone who wants to check.
func (k *WitnessKey) Public() string { return k.write(k.private.Public().(ed25519.PublicKey)) }

// cosign makes the signature line for the text of a checkpoint: "at this time
// I had seen no longer one of this log, and all that I saw fit together".
func (k *WitnessKey) cosign(text string, at time.Time) []byte {
	sig := binary.BigEndian.AppendUint32(nil, k.id())
	sig = binary.BigEndian.AppendUint64(sig, uint64(at.Unix()))
	sig = append(sig, ed25519.Sign(k.private, cosigned(text, uint64(at.Unix())))...)
	return fmt.Appendf(nil, "— %s %s\n", k.name, base64.StdEncoding.EncodeToString(sig))
}

// cosigned is what a cosignature signs.
func cosigned(text string, at uint64) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, text)
}

// cosigner verifies cosignatures.
type cosigner struct {
	name   string
	id     uint32
	public ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }

func (c cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	return at <= 1<<63-1 && ed25519.Verify(c.public, cosigned(string(text), at), sig[8:])
}

// ReadWitness reads the public key of a witness.
func ReadWitness(text string) (Verifier, error) {
	name, id, public, err := splitKey(strings.TrimSpace(text))
	if err == nil && keyID(name, public) != id {
		err = errors.New("its parts do not belong together")
	}
	if err != nil {
		return nil, fmt.Errorf("this is no public key of a witness: %w", err)
	}
	return cosigner{name, id, public}, nil
}

// CosignedBy returns when a witness has cosigned a checkpoint.
func CosignedBy(signed []byte, witness Verifier) (time.Time, error) {
	n, err := note.Open(signed, note.VerifierList(witness))
	if err != nil {
		return time.Time{}, fmt.Errorf("the witness %s has not cosigned it", witness.Name())
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return time.Time{}, errUnsigned
	}
	return time.Unix(int64(binary.BigEndian.Uint64(sig[4:])), 0).UTC(), nil
}
