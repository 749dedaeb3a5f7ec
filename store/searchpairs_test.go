package store

import (
	"fmt"
	"testing"
)

// A pair that is there is never left out; most of those that are not there are.
func TestPairsOfWords(t *testing.T) {
	for _, n := range []int{2, 9, 100, 1000, 8000} {
		var words []string
		for i := range n {
			words = append(words, fmt.Sprintf("w%d", i*i%(n+1)))
			if i%20 == 19 {
				words = append(words, ":")
			}
		}
		bits := pairsOf(words)
		has := func(one, next string) bool {
			for _, h := range pairHashes(one, next) {
				if at := h % int64(8*len(bits)); bits[at/8]>>(at%8)&1 == 0 {
					return false
				}
			}
			return true
		}
		wrong := 0
		for i := 1; i < len(words); i++ {
			if words[i-1] != ":" && words[i] != ":" && !has(words[i-1], words[i]) {
				t.Errorf("of %d words, %s %s is not there", n, words[i-1], words[i])
			}
			if has("not"+words[i-1], words[i]) {
				wrong++
			}
		}
		if n <= mostPairBytes && wrong > len(words)/20+1 {
			t.Errorf("of %d pairs that are not there %d seem to be", len(words), wrong)
		}
	}
}
