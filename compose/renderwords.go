package compose

import (
	"io/fs"
	"strings"
	"sync"
	"time"

	"rapport/templates"
)

// words are what a letter adds to the manager's own words, in one language.
type words struct {
	language string
	text     map[string]string
	year     int // dates of this year are written without it
}

// languages reads words.tsv once; it is part of the binary and never changes.
var languages = sync.OnceValue(func() map[string]*words {
	table, err := fs.ReadFile(templates.Letters(), "words.tsv")
	if err != nil {
		panic("compose: words of letters: " + err.Error()) // embedded
	}
	var tags []string
	all := map[string]*words{}
	for line := range strings.Lines(string(table) + string(templates.Troubles())) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		switch {
		case tags == nil:
			tags = cells[1:]
			for _, tag := range tags {
				all[tag] = &words{tag, map[string]string{}, 0}
			}
		case len(cells) == len(tags)+1:
			for i, tag := range tags {
				all[tag].text[cells[0]] = cells[i+1]
			}
		}
	}
	return all
})

// wordsOf are the words of a language, English where there are none, for a
// letter of that year.
func wordsOf(language string, year int) *words {
	w, ok := languages()[language]
	if !ok {
		w = languages()["en"]
	}
	own := *w
	own.year = year
	return &own
}

// say is the word for key, with {1} and {2} filled in.
func (w *words) say(key string, with ...string) string {
	s := w.text[key]
	if len(with) == 0 {
		return s
	}
	var b strings.Builder
	for { // one pass: a value may itself have braces
		open := strings.IndexByte(s, '{')
		if open < 0 || open+2 >= len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:open])
		if n := int(s[open+1] - '1'); n >= 0 && n < len(with) {
			b.WriteString(with[n])
		}
		s = s[open+3:]
	}
}

// day is a civil date for people: "1 December", "2026年12月1日".
func (w *words) day(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	switch {
	case w.language == "zh" && t.Year() == w.year:
		return t.Format("1月2日")
	case w.language == "zh":
		return t.Format("2006年1月2日")
	case t.Year() == w.year:
		return t.Format("2 January")
	}
	return t.Format("2 January 2006")
}
