package threads

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"io"
	"time"
)

// crockford is Crockford's base 32 in lower case: no i, l, o, u, so an id can
// be read aloud, and its order as text is its order in time.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// The letter an id begins with says what it names.
const (
	MessagePrefix = 'm'
	ThreadPrefix  = 't'
	ItemPrefix    = 'i'
	ReportPrefix  = 'r'
	LetterPrefix  = 'l'
)

// IDs makes ids that sort by the time they were made: the prefix, 48 bits of
// milliseconds and 32 random bits, as 17 characters. Ids are made here and not
// by the database, so that both databases and several machines agree on them.
type IDs struct {
	Now  func() time.Time // nil means time.Now
	Rand io.Reader        // nil means crypto/rand
}

// New returns a fresh id for the kind of thing that prefix names.
func (g IDs) New(prefix byte) string {
	now, random := g.Now, g.Rand
	if now == nil {
		now = time.Now
	}
	if random == nil {
		random = rand.Reader
	}
	var b [12]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now().UnixMilli())<<16)
	if _, err := io.ReadFull(random, b[6:10]); err != nil {
		panic("threads: no randomness for an id: " + err.Error()) // crypto/rand never fails
	}
	return string(prefix) + crockford.EncodeToString(b[:10])
}
