package compose

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// deepest is how many children a Thread-Index names. Outlook groups by the
// first 22 bytes; the header must fit on one line, since it has no blank to
// fold at.
const deepest = 20

// index is the Thread-Index of a letter (MS-OXOMSG section 2.2.1.3): 22 bytes
// that all letters of the series share, then 5 bytes for each letter down to
// this one.
func (s Series) index(messageID string, at time.Time) string {
	chain := append(s[:len(s):len(s)], Sent{messageID, at})
	root := chain[0]
	name := sha256.Sum256([]byte(root.MessageID))
	b := binary.BigEndian.AppendUint64(nil, filetime(root.At))[:6] // its first byte is 1 from 1829 to 2057
	b = append(b, name[:16]...)
	children := chain[1:]
	if len(children) > deepest {
		// A late letter hangs below the same ancestors, beside its predecessor.
		children = append(children[:deepest-1:deepest-1], chain[len(chain)-1])
	}
	for _, c := range children {
		b = append(b, childBlock(root, c)...)
	}
	return base64.StdEncoding.EncodeToString(b)
}

// childBlock is how long after the root a letter was written: one bit for the
// scale, 31 bits of time, then 4 random bits and a count that is always 0. The
// random bits are drawn from the letter's id, so that they are always the same.
func childBlock(root, c Sent) []byte {
	var passed uint64
	if start, end := filetime(root.At)&^0xffff, filetime(c.At); end > start {
		passed = end - start
	}
	var block uint32
	if passed < 1<<49 { // 1.7 years
		block = uint32(passed >> 18)
	} else {
		block = 1<<31 | uint32(passed>>23)&(1<<31-1)
	}
	id := sha256.Sum256([]byte(c.MessageID))
	return append(binary.BigEndian.AppendUint32(nil, block), id[0]&0xf0)
}

// filetime counts 100 nanoseconds since 1601.
func filetime(t time.Time) uint64 {
	const from1601to1970 = 11644473600
	return uint64(t.Unix()+from1601to1970)*1e7 + uint64(t.Nanosecond()/100)
}
