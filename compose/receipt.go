package compose

import (
	"fmt"
	"slices"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// Receipt tells a client what was understood of a mail in which they asked for
// something.
type Receipt struct {
	Project *threads.Project
	Message *threads.Message
	Items   []threads.Item // what was found in it
	By      string         // civil date by which an answer can be expected, "" for none
}

// Asks reports whether something in the mail waits for an answer. Who only says
// thank you needs no receipt, and no date for an answer that will not come.
func (r *Receipt) Asks() bool {
	return slices.ContainsFunc(r.Items, func(it threads.Item) bool { return it.State == threads.Open })
}

// Notice is the mail. It has the client's own words, in their order, with their numbers, and no
// promise but the date. Praise is not told back to who gave it, nor what the
// manager has said is no item.
func (r *Receipt) Notice() threads.Notice {
	language := r.language()
	w := wordsOf(language, r.Message.Received.Year())
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", Escaped(w.say("receipt.title")), Escaped(w.say("receipt.understood")))
	for _, it := range slices.SortedFunc(slices.Values(r.Items), func(a, b threads.Item) int { return a.Number - b.Number }) {
		if it.Kind == threads.Praise || it.State == threads.Dismissed {
			continue
		}
		fmt.Fprintf(&b, "- **%s** %s\n", it.Label(), Escaped(w.say("said", w.say("yours."+string(it.Kind)), clipWords(it.Text, 300))))
	}
	b.WriteString("\n")
	if r.By != "" {
		fmt.Fprintf(&b, "%s\n\n", Escaped(w.say("receipt.by", w.day(r.By))))
	}
	return threads.Notice{Kind: threads.NoticeReceipt, Answers: r.Message.ID, Subject: replySubject(r.Message.Subject, r.Project.Key),
		Body: b.String(), Language: language}
}

// language is, of those that the project's reports are written in, that of the
// client's words: the people of one client may each write in their own. Chinese
// has names and terms in Latin letters in it.
func (r *Receipt) language() string {
	chinese, others := 0, 0
	for _, it := range r.Items {
		c, o := scripts(it.Text)
		chinese, others = chinese+c, others+o
	}
	inChinese := chinese > 0 && 4*chinese >= others
	for _, l := range r.Project.Languages {
		if (primary(l) == "zh") == inChinese {
			return l
		}
	}
	return r.Project.Language
}

// replySubject is the subject of an answer, in the client's conversation.
func replySubject(subject, key string) string {
	s := mail.BaseSubject(subject)
	if tag := "[" + key + "]"; !strings.Contains(s, tag) {
		s = strings.TrimSpace(tag + " " + s)
	}
	return clipWords("Re: "+s, 200)
}
