package store

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// Whether words stand in a row is in PostgreSQL's index nowhere: it unpacks the
// vector of each mail that has them all, 10 KB for a mail of 1,000 words. So each
// row says with a few bits which words stand side by side in it (a Bloom filter
// of the pairs, three bits for each): most mails without the phrase are left out
// by these. They lie in the row, where they are read in a tenth of the time that
// it takes to fetch what lies beside it; so they must be small.
const (
	fewestPairBytes = 8
	mostPairBytes   = 4096
	mostPairsAsked  = 4 // of one phrase
)

// pairsOf are the bits of a part, eight for a word: one pair in thirty that is not
// there seems to be.
func pairsOf(words []string) []byte {
	bits := make([]byte, min(max(len(words), fewestPairBytes), mostPairBytes))
	for i := 1; i < len(words); i++ {
		if words[i-1] == ":" || words[i] == ":" {
			continue
		}
		for _, h := range pairHashes(words[i-1], words[i]) {
			at := h % int64(8*len(bits))
			bits[at/8] |= 1 << (at % 8) // as get_bit counts them
		}
	}
	return bits
}

func pairHashes(one, next string) [3]int64 {
	h := fnv.New64a()
	h.Write([]byte(one))
	h.Write([]byte{0})
	h.Write([]byte(next))
	sum := h.Sum64()
	a, b := int64(sum>>32), int64(sum&0xFFFFFFFF)
	return [3]int64{a, b, a + b}
}

// noPairs is the condition that a row's bits leave out one of the phrases. A row
// without bits, of an older form, leaves out none.
func noPairs(clauses []clause, argument func(any) string) string {
	var missing []string
	for _, c := range clauses {
		for _, pair := range c.pairs() {
			for _, h := range pairHashes(pair[0], pair[1]) {
				missing = append(missing, fmt.Sprintf(`get_bit(pairs, (%s::bigint %% nullif(8 * length(pairs), 0))::int) = 0`, argument(h)))
			}
		}
	}
	if missing == nil {
		return "false"
	}
	return strings.Join(missing, " or ")
}

// phrase reports whether the clause is words in a row.
func (c clause) phrase() bool { return len(c.words) > 1 }

// pairs are words of a phrase that stand side by side.
func (c clause) pairs() (all [][2]string) {
	n := len(c.words)
	if c.prefix && !c.single {
		n-- // the last one is only begun
	}
	for i := 1; i < n && len(all) < mostPairsAsked; i++ {
		all = append(all, [2]string{c.words[i-1], c.words[i]})
	}
	return all
}
