package extract

import (
	"sync"
	"unicode/utf8"
)

// simplified maps traditional characters to their simplified forms: rules,
// dates and the model know the latter only.
var simplified = sync.OnceValue(func() map[rune]rune {
	out := map[rune]rune{}
	for _, row := range rows("data/traditional.tsv") {
		pair := row[0]
		for pair != "" {
			a, n := utf8.DecodeRuneInString(pair)
			b, m := utf8.DecodeRuneInString(pair[n:])
			if a != b {
				out[a] = b
			}
			pair = pair[n+m:]
		}
	}
	return out
})

// hanForm is a Han character as the rules write it.
func hanForm(r rune) rune {
	if s, ok := simplified()[r]; ok {
		return s
	}
	return r
}
