package store

import (
	"strings"

	"rapport/threads"
)

// A filter is a word of a query with a colon: from:anna, kind:bounce. Mail is
// found by it because the index has the same word: the name of the filter, a
// colon, and a word of the field. No text has such words, and the bounds of a
// scope are words too, so a filter costs what any other word costs.
const (
	filterFrom = "from" // who wrote it, or passed it on
	filterWith = "with" // anybody who wrote or got it
	filterFile = "file" // the name of an attachment
)

// filters are the names as people write them.
var filters = map[string]string{
	"from": filterFrom, "发件人": filterFrom, "寄件人": filterFrom,
	"with": filterWith, "人员": filterWith, "人員": filterWith,
	"file": filterFile, "文件": filterFile, "檔案": filterFile,
	"kind": threads.FilterKind, "类型": threads.FilterKind, "類型": threads.FilterKind,
	"has": threads.FilterHas, "含": threads.FilterHas,
}

// filterOf reads a filter: its name in the index, and its value as written.
func filterOf(piece string) (name, value string, ok bool) {
	at := strings.IndexAny(piece, ":：")
	if at <= 0 {
		return "", "", false
	}
	if name, ok = filters[strings.ToLower(piece[:at])]; !ok {
		return "", "", false
	}
	value = strings.TrimPrefix(strings.TrimPrefix(piece[at:], ":"), "：")
	return name, value, strings.TrimSpace(value) != ""
}

// filter is the clause of a filter, whose value was read as words.
func (c clause) filter(name, value, written string) (clause, error) {
	if threads.Filters[name] != nil {
		chosen, ok := threads.Chosen(name, strings.TrimSpace(value))
		if !ok {
			return c, &threads.UnknownChoice{Filter: name, Written: written}
		}
		return clause{words: []string{name + ":" + letters(chosen)}}, nil
	}
	words := make([]string, len(c.words))
	for i, w := range c.words {
		words[i] = name + ":" + w
	}
	return clause{words: words, prefix: c.prefix}, nil // a single character begins words of a field like any other
}

// letters are the letters and digits of a fixed word, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			return r
		}
		return -1
	}, s)
}

// appendFilters adds the words by which filters find a mail.
func appendFilters(b []byte, m *threads.Message) []byte {
	class := string(m.Class)
	if m.Direction == threads.Out {
		class = threads.KindOurs
	}
	b = append(append(b, ": "+threads.FilterKind+":"...), letters(class)...)
	b = append(b, ' ')
	field := func(name, text string) {
		b = append(b, ": "...)
		split(text, func(word []byte, _ kind, _, _ int) {
			b = append(append(append(append(b, name...), ':'), word...), ' ')
		})
	}
	people := []threads.Address{m.From}
	if m.Sender != nil {
		people = append(people, *m.Sender)
	}
	for _, p := range people {
		field(filterFrom, p.Name+" "+p.Address)
	}
	for _, list := range [][]threads.Address{people, m.To, m.Cc} {
		for _, p := range list {
			field(filterWith, p.Name+" "+p.Address)
		}
	}
	attached := false
	for _, a := range m.Attachments {
		if a.ContentID == "" {
			attached = true
		}
		field(filterFile, a.Name)
	}
	if attached {
		b = append(b, ": "+threads.FilterHas+":attachment "...)
	}
	return b
}
