package eval

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fold makes one blank of each run of white space.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// words counts the words of a text. A CJK character is a word; a run of
// letters and digits that begins with another one is a word to its end.
func words(s string) map[string]int {
	count := map[string]int{}
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case cjk(r):
		case wordRune(r):
			if n = strings.IndexFunc(s, func(r rune) bool { return !wordRune(r) }); n < 0 {
				n = len(s)
			}
		default:
			s = s[n:]
			continue
		}
		count[strings.ToLower(s[:n])]++
		s = s[n:]
	}
	return count
}

func cjk(r rune) bool {
	return r >= 0x3400 && r <= 0x9fff || r >= 0xf900 && r <= 0xfaff || r >= 0x3040 && r <= 0x30ff
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// shared is the number of words that two texts have in common.
func shared(a, b map[string]int) int {
	n := 0
	for w, k := range a {
		n += min(k, b[w])
	}
	return n
}

func total(a map[string]int) int {
	n := 0
	for _, k := range a {
		n += k
	}
	return n
}

// overlap is the share of the words of two texts that both have.
func overlap(a, b string) float64 {
	x, y := words(a), words(b)
	both := shared(x, y)
	union := total(x) + total(y) - both
	if union == 0 {
		return 1
	}
	return float64(both) / float64(union)
}

// match pairs expected and read items of the same kind, those with the largest
// overlap first.
func match(want, got []Item) (found [][2]int, missed, wrong []int) {
	type pair struct {
		overlap float64
		i, j    int
	}
	var pairs []pair
	for i := range want {
		for j := range got {
			if want[i].Kind == got[j].Kind {
				pairs = append(pairs, pair{overlap(want[i].Text, got[j].Text), i, j})
			}
		}
	}
	sort.Slice(pairs, func(a, b int) bool {
		x, y := pairs[a], pairs[b]
		if x.overlap != y.overlap {
			return x.overlap > y.overlap
		}
		return x.i > y.i || x.i == y.i && x.j > y.j
	})
	usedWant, usedGot := make([]bool, len(want)), make([]bool, len(got))
	for _, p := range pairs {
		if p.overlap >= 0.5 && !usedWant[p.i] && !usedGot[p.j] {
			usedWant[p.i], usedGot[p.j] = true, true
			found = append(found, [2]int{p.i, p.j})
		}
	}
	for i, used := range usedWant {
		if !used {
			missed = append(missed, i)
		}
	}
	for j, used := range usedGot {
		if !used {
			wrong = append(wrong, j)
		}
	}
	return found, missed, wrong
}
