package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Bounds of a password: long enough that nobody guesses it (NIST SP 800-63B
// section 3.1.1.2), short enough to hash.
const (
	MinPassword = 12   // characters
	maxPassword = 1000 // bytes
)

// Cost is what hashing one password takes.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// Usual is the second recommended choice of RFC 9106 section 4.
var Usual = Cost{Memory: 64 << 10, Time: 3, Threads: 4}

// Lengths of salt and hash in bytes: RFC 9106 section 4.
const (
	saltLength = 16
	hashLength = 32
)

// CheckPassword tells what a new password lacks.
func CheckPassword(password string) error {
	switch {
	case !utf8.ValidString(password) || strings.ContainsAny(password, "\x00\r\n"):
		return errors.New("the password has characters that cannot be typed; choose another one")
	case utf8.RuneCountInString(password) < MinPassword:
		return fmt.Errorf("the password is too short; it needs at least %d characters, such as four words", MinPassword)
	case len(password) > maxPassword:
		return fmt.Errorf("the password is too long; it may have %d bytes", maxPassword)
	}
	return nil
}

// Hash makes the hash of a password, with its parameters, in the usual form:
// $argon2id$v=19$m=65536,t=3,p=4$salt$hash.
func Hash(password string, c Cost) string {
	salt := make([]byte, saltLength)
	rand.Read(salt) // never fails
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(c.sum(password, salt)))
}

// sum hashes a password. Its accents may be typed in more than one way (RFC
// 8265 section 4.2).
func (c Cost) sum(password string, salt []byte) []byte {
	return argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, c.Time, c.Memory, c.Threads, hashLength)
}

// Matches reports whether a hash is that of a password.
func Matches(hash, password string) (bool, error) {
	c, salt, want, err := read(hash)
	if err != nil {
		return false, err
	}
	if len(password) > maxPassword {
		return false, nil
	}
	return subtle.ConstantTimeCompare(c.sum(password, salt), want) == 1, nil
}

var errHash = errors.New("the stored password cannot be read; give the person a new one")

// read takes a hash apart. It refuses costs that this machine could not bear.
func read(hash string) (c Cost, salt, sum []byte, err error) {
	f := strings.Split(hash, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errHash
	}
	if n, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); n != 3 || err != nil {
		return c, nil, nil, errHash
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(f[4])
	sum, err2 := base64.RawStdEncoding.DecodeString(f[5])
	if err := errors.Join(err1, err2); err != nil || len(salt) < 8 || len(sum) != hashLength ||
		c.Time < 1 || c.Time > 100 || c.Threads < 1 || c.Memory < 8 || c.Memory > 1<<20 {
		return c, nil, nil, errHash
	}
	return c, salt, sum, nil
}
