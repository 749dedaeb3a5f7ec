package extract

import (
	"embed"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The rules are phrases, one file for each language and flag: rules/en/request.txt.
// In a phrase " … " stands for up to 40 bytes, "*" at the end of a word for its
// inflections; "^" binds the phrase to the beginning of the sentence.
//
//go:embed rules
var ruleFiles embed.FS

// phrase is one rule.
type phrase struct {
	flag   int
	start  bool
	prefix bool     // the last word goes on
	parts  []string // in order, with gaps between them
}

// ruleBook holds the phrases of one language by their first word or character.
type ruleBook struct {
	flags []raisedFlag
	first map[string][]phrase
}

// raisedFlag is a flag as it is raised: once, more than once, and in a question.
type raisedFlag struct{ once, more, asked string }

// maxFlags bounds the flags of one language, so that counting them needs no memory.
const maxFlags = 32

var ruleBooks = sync.OnceValue(func() map[string]*ruleBook {
	books := map[string]*ruleBook{}
	err := fs.WalkDir(ruleFiles, "rules", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := ruleFiles.ReadFile(name)
		if err != nil {
			return err
		}
		lang := path.Base(path.Dir(name))
		if books[lang] == nil {
			books[lang] = &ruleBook{first: map[string][]phrase{}}
		}
		books[lang].read(strings.TrimSuffix(path.Base(name), ".txt"), string(data))
		return nil
	})
	if err != nil {
		panic("extract: embedded rules: " + err.Error()) // cannot happen: the build embeds them
	}
	return books
})

func (b *ruleBook) read(flag, text string) {
	n := len(b.flags)
	b.flags = append(b.flags, raisedFlag{flag, flag + "+", flag + "?"})
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l == "" || l[0] == '#' {
			continue
		}
		p := phrase{flag: n}
		l, p.start = strings.CutPrefix(l, "^")
		l, p.prefix = strings.CutSuffix(l, "*")
		p.parts = strings.Split(plain(l), " … ")
		key := firstKey(p.parts[0], p.prefix && len(p.parts) == 1)
		b.first[key] = append(b.first[key], p)
	}
}

// plain is the form in which phrases and sentences are compared: lower case,
// marks as blanks of their own, one blank between words and at both ends taken
// away. Apostrophes are straight.
func plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’' || r == '…' || r == '-' || r == '€' || r == '$' || r == '£' || unicode.IsMark(r):
			if blank && b.Len() > 0 {
				b.WriteByte(' ')
			}
			blank = false
			if r == '’' {
				r = '\''
			}
			b.WriteRune(ruleForm(r))
		default:
			blank = true
		}
	}
	return b.String()
}

// ruleForm is a letter as rules have it: in lower case, simplified.
func ruleForm(r rune) rune {
	if han(r) {
		return hanForm(r)
	}
	return unicode.ToLower(r)
}

// firstKey is the word or character by which a phrase is found; an inflected
// single word by its first four letters.
func firstKey(s string, prefix bool) string {
	r, size := utf8.DecodeRuneInString(s)
	if han(r) {
		return s[:size]
	}
	word, _, _ := strings.Cut(s, " ")
	if prefix && len(word) >= 4 {
		return word[:4] + "*"
	}
	return word
}

// ruleFlags are the flags that a sentence raises, each once, with "+" behind
// it when two or more of its phrases are there.
func ruleFlags(s, language string) []string {
	b := ruleBooks()[language]
	if b == nil {
		b = ruleBooks()["en"]
	}
	text := plain(s)
	var counts [maxFlags]int
	hits := counts[:len(b.flags)]
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if han(r) {
			b.match(text, i, text[i:i+size], hits)
			i += size
			continue
		}
		end := i
		for end < len(text) && text[end] != ' ' {
			r, size := utf8.DecodeRuneInString(text[end:])
			if han(r) {
				break
			}
			end += size
		}
		if end > i {
			b.match(text, i, text[i:end], hits)
			if end-i >= 4 {
				b.match(text, i, text[i:i+4]+"*", hits)
			}
		}
		i = end
		if i < len(text) && text[i] == ' ' {
			i++
		}
	}
	return b.raised(hits, s)
}

func (b *ruleBook) match(text string, at int, key string, hits []int) {
	list := b.first[key]
	for i := range list {
		p := &list[i]
		if !(p.start && at > 0) && p.matches(text[at:]) {
			hits[p.flag]++
		}
	}
}

func (p *phrase) matches(s string) bool {
	for k, part := range p.parts {
		i := 0
		if k > 0 {
			i = strings.Index(s[:min(len(s), 40+len(part))], part)
		}
		if i < 0 || !strings.HasPrefix(s[i:], part) {
			return false
		}
		rest := s[i+len(part):]
		if r := first(rest); rest != "" && r != ' ' && !han(r) && !han(lastRune(part)) && !(p.prefix && k == len(p.parts)-1) {
			return false
		}
		s = rest
	}
	return true
}

func (b *ruleBook) raised(hits []int, s string) []string {
	out := make([]string, 0, 8)
	asked := asks(strings.TrimRight(s, " \"”'’)）~～"))
	for i, n := range hits {
		if n == 0 {
			continue
		}
		out = append(out, b.flags[i].once)
		if n > 1 {
			out = append(out, b.flags[i].more)
		}
		if asked {
			out = append(out, b.flags[i].asked)
		}
	}
	if asked {
		out = append(out, "asks")
	}
	return out
}
