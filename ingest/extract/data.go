package extract

import (
	"embed"
	"strings"
	"sync"
)

//go:embed data/*.tsv
var dataFiles embed.FS

// words are the phrases of the data files, in lower case, read once.
type words struct {
	headers    map[string]string // label to field
	wrote      []string
	separators map[string]string // words to "quote" or "forward"
	mobile     []string
	closings   map[string]bool
	disclaimer []string
	banner     []string
}

var phrases = sync.OnceValue(func() *words {
	w := &words{headers: map[string]string{}, separators: map[string]string{}, closings: map[string]bool{}}
	for _, f := range rows("data/headers.tsv") {
		for _, label := range strings.Split(f[2], "|") {
			if key := labelKey(label); w.headers[key] == "" || f[1] == "from" {
				w.headers[key] = f[1]
			}
		}
	}
	for _, f := range rows("data/wrote.tsv") {
		w.wrote = append(w.wrote, strings.Split(strings.ToLower(f[1]), "|")...)
	}
	for _, f := range rows("data/separators.tsv") {
		for _, s := range strings.Split(f[1], "|") {
			w.separators[letters(s)] = f[0]
		}
	}
	for _, f := range rows("data/mobile.tsv") {
		w.mobile = append(w.mobile, strings.Split(strings.ToLower(f[0]), "|")...)
	}
	for _, f := range rows("data/closings.tsv") {
		for _, s := range strings.Split(f[1], "|") {
			w.closings[letters(s)] = true
		}
	}
	for _, f := range rows("data/disclaimer.tsv") {
		if f[0] == "banner" {
			w.banner = append(w.banner, strings.Split(f[1], "|")...)
		} else {
			w.disclaimer = append(w.disclaimer, strings.Split(f[1], "|")...)
		}
	}
	return w
})

// rows are the fields of an embedded table without its comments.
func rows(name string) [][]string {
	data, err := dataFiles.ReadFile(name)
	if err != nil {
		panic("extract: embedded " + name + ": " + err.Error()) // cannot happen: the build embeds it
	}
	var out [][]string
	for l := range strings.Lines(string(data)) {
		if l = strings.TrimRight(l, "\r\n"); l != "" && l[0] != '#' {
			out = append(out, strings.Split(l, "\t"))
		}
	}
	return out
}

// labelKey is a header label without blanks, in lower case: programs write
// "主　题", "主 题" and "主题".
func labelKey(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u3000' || r == '\u00a0' || r == '\u200f' || r == '\u202c' || r == '\u202a' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// hasAny reports whether s contains one of the phrases.
func hasAny(s string, list []string) bool {
	for _, p := range list {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
