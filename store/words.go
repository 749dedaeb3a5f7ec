package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWord bounds a word in bytes: longer ones are encoded data, and are cut the
// same way in texts and in queries.
const maxWord = 64

// kind says what a word of the index is.
type kind byte

const (
	plain kind = iota // a run of letters and digits
	pair              // two characters of a run that is written without blanks
	tail              // the last character of such a run, alone
)

// splitter cuts text into the words of the index, the same for both databases
// and for queries. Text is normalised (NFKC without accents) and in lower case.
// A run of characters that are written without blanks, as in Chinese, becomes
// overlapping pairs and then its last character alone, so that each character
// begins exactly one word: one character is found by prefix, two are a word,
// and more are a phrase.
type splitter struct {
	emit func(word []byte, k kind, from, to int)

	word     []byte // the plain word being read
	from, to int    // where it lies in the text

	last             []byte // the last character of the run being read
	lastFrom, lastTo int
	joined           []byte // space for a pair
}

// split calls emit for each word of text, with its place in text. The word is
// valid only during the call.
func split(text string, emit func(word []byte, k kind, from, to int)) {
	s := splitter{emit: emit}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			s.ascii(c, i)
			i++
			continue
		}
		i += s.segment(text[i:], i)
	}
	s.closeWord()
	s.closeRun()
}

// ascii is the fast way for most text.
func (s *splitter) ascii(c byte, at int) {
	switch {
	case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
	case 'A' <= c && c <= 'Z':
		c += 'a' - 'A'
	default:
		s.closeWord()
		s.closeRun()
		return
	}
	s.closeRun()
	if len(s.word) == 0 {
		s.from = at
	}
	if len(s.word) < maxWord {
		s.word = append(s.word, c)
	}
	s.to = at + 1
}

// segment reads one character with all that combines with it.
func (s *splitter) segment(text string, at int) int {
	r, n := utf8.DecodeRuneInString(text)
	if '一' <= r && r <= '鿿' { // as it is in every form
		s.wide(text[:n], at, at+n)
		return n
	}
	size := norm.NFKC.NextBoundaryInString(text, true)
	switch {
	case size > n:
	case '！' <= r && r <= '～': // ASCII in full width
		s.char(r-'！'+'!', at, at+n)
		return n
	case norm.NFKD.PropertiesString(text).Decomposition() == nil:
		s.char(r, at, at+n)
		return n
	}
	for _, r := range fold(text[:size]) {
		s.char(r, at, at+size)
	}
	return size
}

// char adds a normalised character to what is being read, or ends it.
func (s *splitter) char(r rune, from, to int) {
	switch {
	case unspaced(r):
		s.wide(string(r), from, to)
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		s.letter(unicode.ToLower(r), from, to)
	default:
		s.closeWord()
		s.closeRun()
	}
}

// fold is a character in its plainest form: without width, ligature or accent.
func fold(segment string) string {
	plain := strings.Map(func(r rune) rune {
		if 0x300 <= r && r <= 0x36F { // combining accents
			return -1
		}
		return r
	}, norm.NFKD.String(segment))
	return norm.NFC.String(plain)
}

// unspaced reports whether r is of a script that is written without blanks
// between its words.
func unspaced(r rune) bool {
	return r >= 0x0E00 && (0x3040 <= r && r <= 0x30FF || unicode.In(r, unicode.Han, unicode.Hiragana,
		unicode.Katakana, unicode.Hangul, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar))
}

func (s *splitter) letter(r rune, from, to int) {
	s.closeRun()
	if len(s.word) == 0 {
		if unicode.Is(unicode.M, r) { // a mark with nothing below it
			return
		}
		s.from = from
	}
	if len(s.word)+utf8.RuneLen(r) <= maxWord {
		s.word = utf8.AppendRune(s.word, r)
	}
	s.to = to
}

func (s *splitter) wide(char string, from, to int) {
	s.closeWord()
	if len(s.last) > 0 {
		s.joined = append(append(s.joined[:0], s.last...), char...)
		s.emit(s.joined, pair, s.lastFrom, to)
	}
	s.last = append(s.last[:0], char...)
	s.lastFrom, s.lastTo = from, to
}

func (s *splitter) closeWord() {
	if len(s.word) > 0 {
		s.emit(s.word, plain, s.from, s.to)
		s.word = s.word[:0]
	}
}

func (s *splitter) closeRun() {
	if len(s.last) > 0 {
		s.emit(s.last, tail, s.lastFrom, s.lastTo)
		s.last = s.last[:0]
	}
}
