package web

import (
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	xlang "golang.org/x/text/language"
	"golang.org/x/text/message"

	"rapport/templates"
	"rapport/threads"
)

// language is one language of the pages: its words, and the templates bound to them.
type language struct {
	tag    string
	counts *message.Printer // writes numbers as the language does
	words  map[string]string
	pages  map[string]*template.Template
}

// pageNames are the templates that are pages by themselves.
var pageNames = []string{
	"overview", "project", "items", "item", "thread", "message", "erased", "source", "report",
	"search", "tray", "mailboxes", "log", "access", "signin", "link", "error", "frame",
}

// newLanguages reads words.tsv, whose first line names the languages, and
// parses every page once per language.
func newLanguages(files fs.FS) ([]*language, error) {
	table, err := fs.ReadFile(files, "words.tsv")
	if err != nil {
		return nil, fmt.Errorf("read the words of the pages: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(table))+"\n"+strings.TrimSpace(string(templates.Troubles())), "\n")
	var all []*language
	for _, tag := range strings.Split(lines[0], "\t")[1:] {
		all = append(all, &language{tag: tag, counts: message.NewPrinter(xlang.Make(tag)), words: map[string]string{}, pages: map[string]*template.Template{}})
	}
	for i, line := range lines[1:] {
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != len(all)+1 || all[0].words[cells[0]] != "" {
			return nil, fmt.Errorf("words.tsv line %d: want one new key and %d texts, got %q", i+2, len(all), line)
		}
		for j, l := range all {
			l.words[cells[0]] = cells[j+1]
		}
	}
	for _, l := range all {
		for _, name := range pageNames {
			t := template.New(name).Option("missingkey=error").Funcs(l.funcs())
			if l.pages[name], err = t.ParseFS(files, "layout.html", "parts.html", name+".html"); err != nil {
				return nil, fmt.Errorf("parse page %s: %w", name, err)
			}
		}
	}
	return all, nil
}

// funcs are the functions that templates may call.
func (l *language) funcs() template.FuncMap {
	return template.FuncMap{"t": l.t, "n": l.n, "word": l.word, "period": l.period, "phrase": l.phrase, "fold": l.fold, "trouble": l.trouble,
		"acted": newActed, "kinds": func() []threads.Kind { return threads.Kinds }, "facets": func() []threads.Facet { return facets },
		"answers": func() []threads.Word { return threads.Words }}
}

// t is the text under key, with args put in as by fmt. An unknown key shows
// itself; a test holds every key that is used against the table.
func (l *language) t(key string, args ...any) string {
	text, ok := l.words[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// n is the text under key for a number of things: key.one or key.other.
func (l *language) n(key string, count int) string {
	if count == 1 {
		return l.t(key+".one", count)
	}
	return l.counts.Sprintf(l.t(key+".other"), count)
}

// word names a value of a fixed set, such as a kind or a state. A value that
// the table does not know is shown as it is.
func (l *language) word(set string, value any) string {
	v := fmt.Sprint(value)
	if text, ok := l.words[set+"."+v]; ok {
		return text
	}
	return v
}

// phrase is word for a value of several words, "our letter" under "our-letter".
// What the table does not know is shown as it is.
func (l *language) phrase(set, value string) string {
	known, rest, more := strings.Cut(value, ": ") // what follows a colon is not of the set
	text, ok := l.words[set+"."+strings.ReplaceAll(known, " ", "-")]
	if !ok {
		return value
	}
	if more {
		text += l.t("colon") + rest
	}
	return text
}

// trouble tells in this language what went wrong; "" in English, in which the
// words are themselves.
func (l *language) trouble(words string) string {
	if l.tag == "en" {
		return ""
	}
	return l.word("trouble.kind", threads.TroubleIn(words))
}

// fold names the reason for which a part of a mail is folded away.
func (l *language) fold(reason string) string { return l.phrase("fold", reason) }

const languageCookie = "rapport_language"

// pick chooses the language: what the address asks for, what was chosen
// before, what the browser prefers, English.
func (s *Server) pick(w http.ResponseWriter, r *http.Request) *language {
	asked := r.URL.Query().Get("lang")
	for _, l := range s.languages {
		if l.tag == asked {
			http.SetCookie(w, &http.Cookie{
				Name: languageCookie, Value: l.tag, Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, SameSite: http.SameSiteStrictMode,
			})
			return l
		}
	}
	if c, err := r.Cookie(languageCookie); err == nil {
		for _, l := range s.languages {
			if l.tag == c.Value {
				return l
			}
		}
	}
	var tags []xlang.Tag
	for _, l := range s.languages {
		tags = append(tags, xlang.Make(l.tag))
	}
	_, i := xlang.MatchStrings(xlang.NewMatcher(tags), r.Header.Get("Accept-Language"))
	return s.languages[i]
}
