package ingest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rapport/mail"
	"rapport/threads"
)

// byName looks for the names of projects and clients in what the mail says:
// where more than one project may be meant, and where nothing else speaks for
// any, as in the first mail of a client's new colleague.
func (b *batch) byName(x *parsed, e *evidence) {
	var near []*threads.Project
	for i := range b.dir.Projects {
		if p := &b.dir.Projects[i]; len(e.list) == 0 || e.has(p.Key) {
			near = append(near, p)
		}
	}
	if len(near) < 2 && len(e.list) > 0 {
		return
	}
	text := oneLine(mail.BaseSubject(x.mail.Subject) + " \n" + x.mail.Text[:min(len(x.mail.Text), mostText)])
	lower := strings.ToLower(text)
	e.names = map[string]int{}
	for _, p := range near {
		if names := namesIn(p, text, lower); len(names) > 0 {
			e.add("name", p.Key, scoreName, "the mail names %s", strings.Join(names, ", "))
			e.names[p.Key] = len(names)
		}
	}
}

// byItsNames is the one project of which a mail has the most names, and the words
// that say so; "" if there is none, or two are named alike.
func (e *evidence) byItsNames() (project, words string) {
	order := ranked(e.names)
	if len(order) == 0 || len(order) > 1 && e.names[order[0]] == e.names[order[1]] {
		return "", ""
	}
	for _, v := range e.list {
		if v.Kind == "name" && v.Project == order[0] {
			words = v.Detail
		}
	}
	return order[0], fmt.Sprintf(" It may be about %s: %s.", order[0], words)
}

// namesIn are the project's key, its name and the client's, as far as the text
// has them. A key that may be a word of the language (OFFICE) counts only as it is
// written.
func namesIn(p *threads.Project, text, lower string) (names []string) {
	in, key := text, p.Key
	if strings.ContainsAny(key, "-_0123456789") {
		in, key = lower, strings.ToLower(key)
	}
	if hasName(in, key) {
		names = append(names, p.Key)
	}
	for _, name := range []string{p.Name, p.Client} {
		if hasName(lower, strings.ToLower(oneLine(name))) {
			names = append(names, name)
		}
	}
	return names
}

// hasName finds a name that is long enough to tell something.
func hasName(text, name string) bool {
	return utf8.RuneCountInString(name) >= 2 && len(name) >= 4 && threads.HasName(text, name)
}

// oneLine is a text without its line breaks, at which names are broken.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
