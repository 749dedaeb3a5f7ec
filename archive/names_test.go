package archive

import (
	"strconv"
	"testing"
)

// Every text has one name, also after the table has grown, and also "".
func TestNames(t *testing.T) {
	s, given := newNames(), map[string]name{}
	for i := range 10_000 {
		text := strconv.Itoa(i / 2 * i % 7919)
		if i%100 == 0 {
			text = ""
		}
		n, known := given[text]
		if found, ok := s.find(text); ok != known || ok && found != n {
			t.Fatalf("%q is found as %d, %v; it was given %d, %v", text, found, ok, n, known)
		}
		if given[text] = s.add(text); known && given[text] != n {
			t.Fatalf("%q was %d and is %d", text, n, given[text])
		}
	}
	for text, n := range given {
		if s.text(n) != text || s.add(text) != n {
			t.Errorf("%d stands for %q; it was given to %q", n, s.text(n), text)
		}
	}
	if len(s.ends) != len(given) {
		t.Errorf("%d texts have %d names", len(given), len(s.ends))
	}
}
