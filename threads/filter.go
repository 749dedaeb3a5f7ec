package threads

import (
	"fmt"
	"slices"
	"strings"
)

// The filters of a search whose values are few.
const (
	FilterKind = "kind" // a class of mail, or KindOurs
	FilterHas  = "has"  // "attachment"
)

// KindOurs is the kind of mail that we wrote; the other kinds are classes.
const KindOurs = "ours"

// Choice is one value of such a filter: as programs write it, and as people do
// in each language of the pages, the usual word first.
type Choice struct {
	Value string
	Words map[string][]string
}

func choice(value, en, zh string) Choice {
	return Choice{value, map[string][]string{"en": strings.Fields(en), "zh": strings.Fields(zh)}}
}

// Filters are all values of the filters that have few.
var Filters = map[string][]Choice{
	FilterKind: {
		choice(string(ClassPerson), "client", "本人撰写 客户"),
		choice(KindOurs, "report reports", "我方邮件 报告"),
		choice(string(ClassAutoReply), "automatic", "自动回复"),
		choice(string(ClassOutOfOffice), "absence", "外出自动回复"),
		choice(string(ClassBounce), "bounce", "退信"),
		choice(string(ClassDelay), "delay", "投递延迟"),
		choice(string(ClassReceipt), "receipt", "已读回执"),
		choice(string(ClassList), "newsletter", "群发邮件"),
	},
	FilterHas: {choice("attachment", "attachment attachments file", "附件")},
}

// Chosen is the value that a person means by a word, false if there is none.
func Chosen(filter, word string) (string, bool) {
	for _, c := range Filters[filter] {
		if strings.EqualFold(word, c.Value) {
			return c.Value, true
		}
		for _, words := range c.Words {
			if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(word, w) }) {
				return c.Value, true
			}
		}
	}
	return "", false
}

// UnknownChoice is the error of a query whose filter has a value that there is
// not.
type UnknownChoice struct {
	Filter  string // FilterKind or FilterHas
	Written string // as it stands in the query: "kind:bill", "类型：账单"
}

// Possible are the values that there are, in a language of the pages.
func (e *UnknownChoice) Possible(language string) (words []string) {
	for _, c := range Filters[e.Filter] {
		words = append(words, append(c.Words[language], c.Value)[0])
	}
	return words
}

func (e *UnknownChoice) Error() string {
	language := "en"
	if !strings.HasPrefix(strings.ToLower(e.Written), e.Filter) {
		language = "zh"
	}
	return fmt.Sprintf("there is no %q; after the colon can stand: %s", e.Written, strings.Join(e.Possible(language), ", "))
}
