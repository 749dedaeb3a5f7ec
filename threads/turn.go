package threads

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Turn is a mail with which a conversation turns to something else: whoever
// wrote it took an old mail to answer, and another subject. It is likely to be
// a new conversation.
type Turn struct {
	Message string   // id of the mail
	Follow  []string // ids of what would go into a thread of its own: the mail, and later ones under its subject
	Quiet   int      // days that the thread had been quiet before; 0 if the subject itself says that it has changed
}

// oldThread is how long a thread must have been quiet for another subject to
// mean another matter: longer than the rhythm of most reports.
const oldThread = 14 * 24 * time.Hour

// Turns finds the turns in a thread's mails, the oldest first. base takes the
// marks of answers and forwards off a subject.
func Turns(mails []Message, base func(string) string) []Turn {
	var turns []Turn
	var told []string // the subjects so far, as far as they are compared
	var last time.Time
	gone := map[string]bool{}
	for i := range mails {
		m := &mails[i]
		topic, said := topicOf(base(m.Subject))
		quiet := m.Received.Sub(last)
		if i > 0 && !gone[m.ID] && m.Direction == In && m.Class == ClassPerson && (said || quiet >= oldThread) && isNew(topic, told) {
			t := Turn{Message: m.ID, Follow: []string{m.ID}}
			if !said {
				t.Quiet = int(quiet.Hours() / 24)
			}
			for _, later := range mails[i+1:] {
				if other, _ := topicOf(base(later.Subject)); other == topic {
					t.Follow, gone[later.ID] = append(t.Follow, later.ID), true
				}
			}
			turns = append(turns, t)
		}
		told, last = append(told, topic), m.Received
	}
	return turns
}

var (
	tagged  = regexp.MustCompile(`^(?:\s*[\[【［][^\]】］]{0,80}[\]】］])+`)
	changed = regexp.MustCompile(`(?i)[(（\[]\s*(?:was|war|vorher|früher|anciennement|antes|原|原主题|原為|旧)\s*[:：].*$`)
	// An answer to a point of a report, or a rating: a button of the letter wrote
	// the subject.
	pointAnswer = regexp.MustCompile(`^\s*(?:\p{Lu}{1,3}-?\d+\b|[\p{L} ]{2,20}[:：]\s*[1-5]\s*$)`)
)

// topicOf is what a subject is about, as far as subjects are compared: without
// tags, case, numbers and punctuation, so that "Report 12" and "report 13" are
// the same. said is true if it says that it was another, as in "Prices (was:
// Logo)". It is "" for what a button of a letter wrote.
func topicOf(subject string) (topic string, said bool) {
	subject = tagged.ReplaceAllString(subject, "")
	if pointAnswer.MatchString(subject) {
		return "", false
	}
	if at := changed.FindStringIndex(subject); at != nil && strings.TrimSpace(subject[:at[0]]) != "" {
		subject, said = subject[:at[0]], true
	}
	keep := func(numbers bool) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || numbers && unicode.IsNumber(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, subject)
	}
	if topic = keep(false); topic == "" {
		topic = keep(true)
	}
	return topic, said
}

// isNew reports whether a topic is none of those before, and no more or less of
// one.
func isNew(topic string, before []string) bool {
	return topic != "" && !slices.ContainsFunc(before, func(old string) bool {
		return old != "" && (strings.Contains(old, topic) || strings.Contains(topic, old))
	})
}
