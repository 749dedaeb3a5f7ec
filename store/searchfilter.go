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
	filterKind = "kind" // a class, or "ours"
	filterHas  = "has"  // "attachment"
)

// filters are the names as people write them.
var filters = map[string]string{
	"from": filterFrom, "发件人": filterFrom, "寄件人": filterFrom,
	"with": filterWith, "人员": filterWith, "人員": filterWith,
	"file": filterFile, "文件": filterFile, "檔案": filterFile,
	"kind": filterKind, "类型": filterKind, "類型": filterKind,
	"has": filterHas, "含": filterHas,
}

// kindOurs is the kind of mail that we wrote.
const kindOurs = "ours"

// fixed are the values of filters that have few, as people write them beside the
// index's own; the Chinese ones are the words of the pages.
var fixed = map[string]map[string]string{
	filterHas: {"attachments": "attachment", "file": "attachment", "附件": "attachment"},
	filterKind: {
		"client": string(threads.ClassPerson), "客户": string(threads.ClassPerson), "本人撰写": string(threads.ClassPerson),
		"report": kindOurs, "reports": kindOurs, "报告": kindOurs, "我方邮件": kindOurs,
		"automatic": string(threads.ClassAutoReply), "自动回复": string(threads.ClassAutoReply),
		"absence": string(threads.ClassOutOfOffice), "外出自动回复": string(threads.ClassOutOfOffice),
		"退信": string(threads.ClassBounce), "投递延迟": string(threads.ClassDelay), "已读回执": string(threads.ClassReceipt),
		"newsletter": string(threads.ClassList), "群发邮件": string(threads.ClassList),
	},
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

// filter is the clause of a filter.
func (c clause) filter(name, value string) clause {
	if values := fixed[name]; values != nil {
		value = strings.ToLower(strings.TrimSpace(value))
		if known, ok := values[value]; ok {
			value = known
		}
		return clause{words: []string{name + ":" + letters(value)}}
	}
	words := make([]string, len(c.words))
	for i, w := range c.words {
		words[i] = name + ":" + w
	}
	return clause{words: words, prefix: c.prefix} // a single character begins words of a field like any other
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
		class = kindOurs
	}
	b = append(append(b, ": "+filterKind+":"...), letters(class)...)
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
		b = append(b, ": "+filterHas+":attachment "...)
	}
	return b
}
