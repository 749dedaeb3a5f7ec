package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// folded is a text with its white space folded, and where each byte came from.
// Models return one blank where a mail has a line end.
type folded struct {
	text string
	at   []int // of each byte of text, its offset in the source
}

// fold makes each run of white space one blank.
func fold(s string) folded {
	var b strings.Builder
	f := folded{at: make([]int, 0, len(s))}
	blank := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) {
			if !blank {
				b.WriteByte(' ')
				f.at = append(f.at, i)
			}
			blank = true
			i += size
			continue
		}
		blank = false
		b.WriteString(s[i : i+size])
		for range size {
			f.at = append(f.at, i)
			i++
		}
	}
	f.text = b.String()
	return f
}

// find is where the words stand in the source, the first time at or behind from
// (an offset in the folded text) if they do, else the first time at all; end is
// 0 if they do not. next is where the next search begins.
func (f folded) find(words string, from int) (start, end, next int) {
	words = strings.Join(strings.Fields(words), " ")
	if words == "" {
		return 0, 0, from
	}
	i := strings.Index(f.text[from:], words)
	if i >= 0 {
		i += from
	} else if i = strings.Index(f.text, words); i < 0 {
		return 0, 0, from
	}
	next = i + len(words)
	return f.at[i], f.at[next-1] + 1, next
}
