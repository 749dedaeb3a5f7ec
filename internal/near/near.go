// Package near finds the known word that a mistyped one was meant to be.
package near

import "slices"

// Word is the known word that differs from name by at most two letters, ""
// if there is none.
func Word[V any](name string, known map[string]V) string {
	words := make([]string, 0, len(known))
	for w := range known {
		words = append(words, w)
	}
	slices.Sort(words)
	best, least := "", 3
	for _, w := range words {
		if d := distance(name, w); d < least && d < len(w) {
			best, least = w, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two short words.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return 40
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
