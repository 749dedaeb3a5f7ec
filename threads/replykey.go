package threads

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"
)

// MinReplyKey is the least length of the secret behind reply addresses, in bytes.
const MinReplyKey = 32

// macLength is how many characters of the signature a token carries: 80 bits,
// beyond guessing over SMTP, and short enough for a local part of 64 octets
// (RFC 5321 section 4.5.3.1.1).
const macLength = 16

// ReplyKey signs the reply address of a letter, so that an answer names the
// letter and the recipient that it was written for. A token proves where an
// answer belongs, never who wrote it: clients forward letters.
type ReplyKey struct{ secret []byte }

// NewReplyKey takes the secret; it must have at least MinReplyKey bytes.
func NewReplyKey(secret []byte) (ReplyKey, error) {
	if len(secret) < MinReplyKey {
		return ReplyKey{}, fmt.Errorf("the reply key has %d bytes; it needs at least %d", len(secret), MinReplyKey)
	}
	return ReplyKey{secret: append([]byte(nil), secret...)}, nil
}

// Token is the plus part for a letter's reply address: the letter's id without
// its prefix, then the signature. It is in lower case, since mail programs may
// change the case of an address.
func (k ReplyKey) Token(letter string) string {
	id := strings.TrimPrefix(letter, string(LetterPrefix))
	return id + k.mac(id)
}

// Letter returns the id of the letter that a token was made for. It is false
// for a token that this key has not signed.
func (k ReplyKey) Letter(token string) (id string, ok bool) {
	token = strings.ToLower(token)
	if len(k.secret) == 0 || len(token) <= macLength {
		return "", false
	}
	id, mac := token[:len(token)-macLength], token[len(token)-macLength:]
	if subtle.ConstantTimeCompare([]byte(mac), []byte(k.mac(id))) != 1 {
		return "", false
	}
	return string(LetterPrefix) + id, true
}

func (k ReplyKey) mac(id string) string {
	h := hmac.New(sha256.New, k.secret)
	h.Write([]byte("rapport reply v1\n" + id))
	return crockford.EncodeToString(h.Sum(nil))[:macLength]
}

// Address puts a token into one of our addresses (RFC 5233 subaddress).
func (k ReplyKey) Address(ours, letter string) string {
	local, domain, ok := strings.Cut(WithoutTag(ours), "@")
	if !ok {
		return ours
	}
	return local + "+" + k.Token(letter) + "@" + domain
}

// Tag is the plus part of an address, "" if it has none.
func Tag(address string) string {
	at := strings.LastIndexByte(address, '@')
	if plus := strings.IndexByte(address, '+'); plus > 0 && plus < at {
		return address[plus+1 : at]
	}
	return ""
}
