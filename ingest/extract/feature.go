package extract

import (
	"slices"
	"unicode"

	"rapport/threads"
)

// features are the hashes of a sentence's n-grams, rule flags and shape, each
// once. The lowest bit tells pairs of words from the rest.
type features struct {
	list []uint32
	toks []token
}

const (
	usualFeatures = 128 // of a sentence of thirty words

	pairBit   = 1  // two words
	keyBits   = 25 // of a feature's hash: a strange one is taken for one of 40,000 known ones once in a thousand times
	hashSeed  = 14695981039346656037
	hashPrime = 1099511628211
)

func spread(h uint64) uint32 {
	h ^= h >> 29
	h *= 0x9e3779b97f4a7c15
	return uint32(h>>(64-keyBits)) &^ pairBit
}

func (f *features) one(h uint64)  { f.list = append(f.list, spread(h)) }
func (f *features) pair(h uint64) { f.list = append(f.list, spread(h)|pairBit) }

// only keeps each feature once.
func (f *features) only() {
	slices.Sort(f.list)
	f.list = slices.Compact(f.list)
}

func hashString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h
}

func hashRune(h uint64, r rune) uint64 { return (h ^ uint64(r)) * hashPrime }

// of fills f with the features of a sentence: its words, their beginnings,
// pairs of them, how it begins and ends, its length, language and
// the rule flags it raises.
func (f *features) of(s, language string, flags []string) {
	f.list = f.list[:0]
	f.toks = tokens(s, f.toks)
	f.one(hashString(hashSeed, "l:"+language))
	for _, flag := range flags {
		f.one(hashString(hashSeed, "r:"+flag))
	}
	var h1, h2 uint64 // the token before, and the one before that
	for i, t := range f.toks {
		f.one(t.hash + 1)
		if !t.han && t.stem != 0 {
			f.one(t.stem + 2)
		}
		switch i {
		case 0:
			f.one(t.hash + 5)
		case 1:
			f.pair(h1*31 + t.hash + 6)
		}
		if i > 0 {
			f.pair(h1*31 + t.hash + 3)
		}
		if i > 1 && !t.han { // two words with any other between them
			f.pair(h2*17 + t.hash + 4)
		}
		h2, h1 = h1, t.hash
	}
	if len(f.toks) > 0 {
		f.one(h1 + 7)
		f.pair(h2*31 + h1 + 8)
	}
	f.one(hashString(hashSeed, "n:"+lengthClass(len(f.toks))))
	f.only()
}

// kinded adds what kind of item the sentence is: facets depend on it.
func (f *features) kinded(k threads.Kind) {
	f.one(hashString(hashSeed, "k:"+string(k)))
}

func lengthClass(n int) string {
	switch {
	case n <= 2:
		return "2"
	case n <= 4:
		return "4"
	case n <= 8:
		return "8"
	case n <= 16:
		return "16"
	case n <= 32:
		return "32"
	}
	return "more"
}

// token is one word of a Latin script or one character of another.
type token struct {
	hash uint64
	han  bool
	stem uint64 // of the first letters, for inflected forms
}

const stemLetters = 5

// tokens reads a sentence's words in lower case and its marks that matter; all
// numbers are one word.
func tokens(s string, out []token) []token {
	out = out[:0]
	word := false
	h, stem, n := uint64(0), uint64(0), 0
	flush := func() {
		if word {
			out = append(out, token{h, false, stem})
			word = false
		}
	}
	for _, r := range s {
		switch {
		case han(r):
			flush()
			out = append(out, token{hash: hashRune(hashSeed, hanForm(r)), han: true})
		case unicode.IsLetter(r) || unicode.IsDigit(r) || word && (r == '\'' || r == '’'):
			if !word {
				word, h, stem, n = true, hashSeed, hashSeed, 0
			}
			if unicode.IsDigit(r) {
				r = '0'
				if n > 0 {
					continue
				}
			}
			h = hashRune(h, lower(r))
			if n < stemLetters {
				stem = h
			}
			n++
		default:
			flush()
			if m := mark(r); m != 0 {
				out = append(out, token{hash: hashRune(hashSeed+1, m)})
			}
		}
	}
	flush()
	return out
}

func lower(r rune) rune {
	if r == '’' {
		return '\''
	}
	return unicode.ToLower(r)
}

// mark is the ASCII form of a mark that tells something, 0 for others.
func mark(r rune) rune {
	switch r {
	case '?', '？':
		return '?'
	case '!', '！':
		return '!'
	case ',', '，':
		return ','
	case ':', '：':
		return ':'
	case ';', '"':
		return r
	case '“':
		return '"'
	}
	return 0
}
