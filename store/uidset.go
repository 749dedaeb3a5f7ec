package store

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// uidSet is a set of UIDs in ascending ranges, written as IMAP does: "1:50,52"
// (RFC 9051 section 9, sequence-set); an empty set is "".
type uidSet [][2]uint32

// uidSetOf makes a set of UIDs in ascending order.
func uidSetOf(uids []uint32) (s uidSet) {
	for _, uid := range uids {
		if n := len(s); n > 0 && s[n-1][1]+1 == uid {
			s[n-1][1] = uid
			continue
		}
		s = append(s, [2]uint32{uid, uid})
	}
	return s
}

func (s uidSet) String() string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(uint64(r[0]), 10))
		if r[1] != r[0] {
			b.WriteString(":" + strconv.FormatUint(uint64(r[1]), 10))
		}
	}
	return b.String()
}

// parseUIDSet reads what String wrote, and nothing else.
func parseUIDSet(text string) (s uidSet, err error) {
	if text == "" {
		return nil, nil
	}
	for one := range strings.SplitSeq(text, ",") {
		first, last, many := strings.Cut(one, ":")
		if !many {
			last = first
		}
		a, errA := strconv.ParseUint(first, 10, 32)
		b, errB := strconv.ParseUint(last, 10, 32)
		if errA != nil || errB != nil || a > b {
			return nil, fmt.Errorf("%q is no set of UIDs", one)
		}
		s = append(s, [2]uint32{uint32(a), uint32(b)})
	}
	if s.String() != text {
		return nil, fmt.Errorf("the set of UIDs is not written in its one form")
	}
	return s, nil
}

// size is how many UIDs are in the set.
func (s uidSet) size() (n int) {
	for _, r := range s {
		n += int(r[1]-r[0]) + 1
	}
	return n
}

// within reports whether all of the set is among UIDs in ascending order.
func (s uidSet) within(uids []uint32) bool {
	for _, r := range s {
		i, ok := slices.BinarySearch(uids, r[0])
		last := i + int(r[1]-r[0])
		if !ok || last >= len(uids) || uids[last] != r[1] {
			return false
		}
	}
	return true
}
