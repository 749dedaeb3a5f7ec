package extract

import (
	"fmt"
	"strings"

	"rapport/threads"
)

// Example is one labelled sentence.
type Example struct {
	Kind     threads.Kind // or "none"
	Facet    threads.Facet
	Urgent   bool
	Language string
	Text     string
}

// ReadExamples reads a table of labelled sentences: kind, facet, urgent (0 or
// 1), language and sentence, separated by tabs, with a header line or comments
// that begin with #.
func ReadExamples(name string, data []byte) ([]Example, error) {
	var out []Example
	n := 0
	for l := range strings.Lines(string(data)) {
		n++
		l = strings.TrimRight(l, "\r\n")
		if l == "" || l[0] == '#' || n == 1 && strings.HasPrefix(l, "kind\t") {
			continue
		}
		f := strings.SplitN(l, "\t", 5)
		if len(f) != 5 {
			return nil, fmt.Errorf("%s:%d: a labelled sentence has five columns (kind, facet, urgent, language, sentence), this one has %d", name, n, len(f))
		}
		e := Example{threads.Kind(f[0]), threads.Facet(f[1]), f[2] == "1", f[3], f[4]}
		if classOf(e.Kind) < 0 || facetOf(e.Facet) < 0 {
			return nil, fmt.Errorf("%s:%d: %q or %q is no kind or facet; see the first line of the table for the words", name, n, f[0], f[1])
		}
		out = append(out, e)
	}
	return out, nil
}

func classOf(k threads.Kind) int {
	for i, c := range classes {
		if c == k {
			return i
		}
	}
	return -1
}

func facetOf(f threads.Facet) int {
	for i, c := range facets {
		if c == f {
			return i
		}
	}
	return -1
}
