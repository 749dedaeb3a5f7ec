package archive

import "hash/maphash"

// name stands for a text in names.
type name uint32

// names keeps each text once. It has no pointers in it, so that the garbage
// collector has nothing to follow through the ids of a hundred thousand mails.
type names struct {
	seed  maphash.Seed
	bytes []byte // the texts, one behind the other
	ends  []int  // where each ends in bytes
	slots []name // by hash, with linear probing; 1 + the name, 0 if free
}

func newNames() *names { return &names{seed: maphash.MakeSeed(), slots: make([]name, 1<<10)} }

// text is what a name stands for.
func (s *names) text(n name) string { return string(s.at(n)) }

func (s *names) at(n name) []byte {
	from := 0
	if n > 0 {
		from = s.ends[n-1]
	}
	return s.bytes[from:s.ends[n]]
}

// is compares without making a string.
func (s *names) is(n name, text string) bool { return string(s.at(n)) == text }

// find returns the name of a text that was added.
func (s *names) find(text string) (name, bool) {
	n := s.slots[s.slot(text)]
	return n - 1, n > 0
}

// add returns the name of a text.
func (s *names) add(text string) name {
	if n, ok := s.find(text); ok {
		return n
	}
	s.bytes = append(s.bytes, text...)
	s.ends = append(s.ends, len(s.bytes))
	if 4*len(s.ends) > 3*len(s.slots) {
		s.slots = make([]name, 2*len(s.slots))
		for n := range s.ends {
			s.slots[s.slot(s.text(name(n)))] = name(n) + 1
		}
	}
	n := name(len(s.ends) - 1)
	s.slots[s.slot(text)] = n + 1
	return n
}

// slot is where the text stands, or where it would be put.
func (s *names) slot(text string) int {
	mask := len(s.slots) - 1
	at := int(maphash.String(s.seed, text)) & mask
	for s.slots[at] > 0 && !s.is(s.slots[at]-1, text) {
		at = (at + 1) & mask
	}
	return at
}
