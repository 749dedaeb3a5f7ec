package threads

import (
	"encoding/binary"
	"time"
)

// Born is the moment in which an id was made, to the millisecond. It is false
// for text that IDs did not make.
func Born(id string) (time.Time, bool) {
	if len(id) != 17 {
		return time.Time{}, false
	}
	b, err := crockford.DecodeString(id[1:])
	if err != nil {
		return time.Time{}, false
	}
	ms := binary.BigEndian.Uint64(b[:8]) >> 16
	return time.UnixMilli(int64(ms)).UTC(), true
}
