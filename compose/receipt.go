package compose

import (
	"fmt"
	"strings"

	"rapport/threads"
)

// Receipt tells a client what was understood of a mail.
type Receipt struct {
	Project *threads.Project
	Message *threads.Message
	Items   []threads.Item // what was found in it
	By      string         // civil date by which an answer can be expected, "" for none
}

// Notice is the mail. It has the client's own words and their numbers, and no
// promise but the date.
func (r *Receipt) Notice() threads.Notice {
	w := wordsOf(r.Project.Language, r.Message.Received.Year())
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", Escaped(w.say("receipt.title")), Escaped(w.say("receipt.understood")))
	for _, it := range r.Items {
		fmt.Fprintf(&b, "- **%s** %s\n", it.Label(), Escaped(w.say("said", w.say("kind."+string(it.Kind)), clipWords(it.Text, 300))))
	}
	b.WriteString("\n")
	if r.By != "" {
		fmt.Fprintf(&b, "%s\n\n", Escaped(w.say("receipt.by", w.day(r.By))))
	}
	return threads.Notice{Kind: threads.NoticeReceipt, Answers: r.Message.ID, Subject: replySubject(r.Message.Subject, r.Project.Key),
		Body: b.String(), Language: r.Project.Language}
}

// replySubject is the subject of an answer, in the client's conversation.
func replySubject(subject, key string) string {
	s := strings.Join(strings.Fields(subject), " ")
	if tag := "[" + key + "]"; !strings.Contains(s, tag) {
		s = strings.TrimSpace(tag + " " + s)
	}
	if len(s) < 3 || !strings.EqualFold(s[:3], "re:") {
		s = "Re: " + s
	}
	return clipWords(s, 200)
}
