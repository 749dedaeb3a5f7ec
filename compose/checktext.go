package compose

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// placeholderWords are left by skeletons and by people who meant to come back.
var placeholderWords = regexp.MustCompile(`\[\[[^\]]*\]?\]?|\{\{[^}]*\}?\}?|\b(?:TBD|TODO|FIXME|XXX+|TK)\b|(?i:lorem ipsum)|待补充|待填写|此处填写|请填写|（略）`)

// placeholders: nothing shows less care than a gap that was to be filled.
func placeholders(c *checker) {
	look := func(line int, s string) {
		if m := placeholderWords.FindString(s); m != "" {
			c.find(Error, "placeholder", c.locate(line, m), fmt.Sprintf("a placeholder is left: %s", clip(m, 60)), "fill it in, or remove it")
		}
	}
	look(c.locate(1, "subject:"), c.draft.Front.Subject)
	for _, p := range c.passages {
		look(p.line, c.plain(p.text))
	}
}

// halfWidth is Latin punctuation right between two Chinese characters.
var halfWidth = regexp.MustCompile(`\p{Han}[,;:?!]\s?\p{Han}|\p{Han}\.\p{Han}|\p{Han}\([^()]*\p{Han}[^()]*\)`)

var fullWidth = strings.NewReplacer(",", "，", ";", "；", ":", "：", "?", "？", "!", "！", ".", "。", "(", "（", ")", "）")

// punctuation: Chinese text has full-width marks.
func punctuation(c *checker) {
	for _, p := range c.passages {
		for _, m := range halfWidth.FindAllString(c.plain(p.text), 3) {
			c.find(Warning, "punctuation", c.locate(p.line, m), fmt.Sprintf("half-width punctuation in Chinese text: %s", clip(m, 30)), "write "+clip(strings.ReplaceAll(fullWidth.Replace(m), " ", ""), 30))
		}
	}
}

// The longest sentence that is read at one go, by language.
const (
	longestEnglish = 32 // words
	longestChinese = 80 // characters
)

// longSentences: whoever must read a sentence twice stops reading.
func longSentences(c *checker) {
	for _, p := range c.passages {
		for _, s := range sentences(c.plain(p.text)) {
			words, characters := 0, 0
			inside := false
			for _, r := range s {
				letter := unicode.IsLetter(r) || unicode.IsDigit(r)
				switch {
				case han(r):
					characters++
					letter = false
				case letter && !inside:
					words++
				}
				inside = letter || inside && (r == '\'' || r == '’' || r == '-' || r == '.')
			}
			begin := clip(s, 40)
			switch {
			case words > longestEnglish:
				c.find(Warning, "long-sentence", c.locate(p.line, firstWords(s)), fmt.Sprintf("a sentence of %d words: %s", words, begin), fmt.Sprintf("make two of it; up to %d words read well", longestEnglish))
			case characters > longestChinese:
				c.find(Warning, "long-sentence", c.locate(p.line, firstWords(s)), fmt.Sprintf("a sentence of %d characters: %s", characters, begin), fmt.Sprintf("make two of it; up to %d characters read well", longestChinese))
			}
		}
	}
}

// sentences cuts text at marks that end a sentence. An abbreviation or a
// number goes on: the mark must be followed by a blank and a capital.
func sentences(s string) []string {
	var out []string
	from := 0
	for i, r := range s {
		end := false
		switch r {
		case '。', '！', '？', '；', '\n':
			end = true
		case '.', '!', '?', ':', ';':
			rest := s[i+1:]
			next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \"”’)"))
			end = rest == "" || rest[0] == ' ' && (unicode.IsUpper(next) || unicode.IsDigit(next) || r == ';' || r == ':')
		}
		if end {
			if t := strings.TrimSpace(s[from : i+utf8.RuneLen(r)]); t != "" {
				out = append(out, t)
			}
			from = i + utf8.RuneLen(r)
		}
	}
	if t := strings.TrimSpace(s[from:]); t != "" {
		out = append(out, t)
	}
	return out
}

// firstWords is what to look for to find a sentence in the source.
func firstWords(s string) string {
	words := strings.SplitN(s, " ", 4)
	if len(words) > 3 {
		words = words[:3]
	}
	return clipBytes(strings.Join(words, " "), 24)
}

func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
