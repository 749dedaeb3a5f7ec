package compose

import (
	"fmt"
	"net/mail"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"rapport/internal/yamltree"
	"rapport/threads"
)

// Statuses are the words for how a project stands as a whole.
var statuses = []string{"green", "yellow", "red"}

// readFront reads the front matter into d.
func readFront(d *Draft, src []byte) []Finding {
	y := &yamlReader{path: d.Path, line: 1}
	root := y.document(src)
	if root == nil {
		if len(y.findings) == 0 {
			y.problem(nil, "front-missing", "the front matter is empty", "write at least project: KEY and period: 2026-W48")
		}
		return y.findings
	}
	f := &d.Front
	lines := map[string]int{}
	note := func(key string, read func(ast.Node)) func(ast.Node) {
		return func(n ast.Node) { lines[key] = y.lineOf(n); read(n) }
	}
	y.mapping(root, fields{
		"project":     note("project", y.text(&f.Project)),
		"period":      note("period", y.text(&f.Period)),
		"status":      y.oneOf(&f.Status, statuses...),
		"subject":     y.text(&f.Subject),
		"language":    y.text(&f.Language),
		"languages":   note("languages", y.texts(&f.Languages)),
		"to":          y.addresses(&f.To),
		"cc":          y.addresses(&f.Cc),
		"attachments": y.paths(&f.Attachments),
		"silence":     y.silence(&f.Silence),
	})
	f.Language = strings.ToLower(f.Language)
	for i, l := range f.Languages {
		if f.Languages[i] = primary(l); languages()[f.Languages[i]] == nil || f.Language != "" || slices.Contains(f.Languages[:i], f.Languages[i]) {
			y.findings = append(y.findings, Finding{Error, "front-language", d.Path, lines["languages"], "languages: is no list of the report's languages, each once", "write languages: [en, zh], or language: en for a letter in one"})
			break
		}
	}
	if f.Project == "" {
		y.problem(nil, "front-project", "the draft does not say of which project it is", "write project: KEY")
	}
	if f.Period == "" {
		y.problem(nil, "front-period", "the draft does not say which time it covers", "write period: 2026-W48, 2026-11 or 2026-11-16..2026-11-22")
	} else if _, err := ParsePeriod(f.Period); err != nil {
		y.findings = append(y.findings, Finding{Error, "front-period", d.Path, lines["period"], err.Error(), "write period: 2026-W48, 2026-11 or 2026-11-16..2026-11-22"})
	}
	return y.findings
}

// addresses reads "Name <a@b>" or "a@b", one or a list, RFC 5322 section 3.4.
func (y *yamlReader) addresses(to *[]threads.Address) func(ast.Node) {
	return func(n ast.Node) {
		one := func(n ast.Node) {
			s, _ := yamltree.Text(n)
			list, err := mail.ParseAddressList(s)
			if err != nil || strings.ContainsAny(s, "\r\n") {
				y.problem(n, "bad-address", fmt.Sprintf("%q is no mail address", clip(s, 80)), "write ellen@client.example or Ellen Whitcombe <ellen@client.example>")
				return
			}
			for _, a := range list {
				*to = append(*to, threads.Address{Name: a.Name, Address: lowerDomain(a.Address)})
			}
		}
		if _, ok := yamltree.Text(n); ok {
			one(n)
			return
		}
		y.list(n, one)
	}
}

func lowerDomain(address string) string {
	at := strings.LastIndexByte(address, '@')
	return address[:at+1] + strings.ToLower(address[at+1:])
}

// paths reads files that lie beside the draft or below it.
func (y *yamlReader) paths(to *[]string) func(ast.Node) {
	return func(n ast.Node) {
		var all []string
		y.texts(&all)(n)
		for _, p := range all {
			clean, ok := beside(p)
			if !ok {
				y.problem(n, "bad-path", fmt.Sprintf("%q does not lie beside the draft", clip(p, 80)), "copy the file into the draft's folder, or one below it, and write its path from there")
				continue
			}
			*to = append(*to, clean)
		}
	}
}

// beside is a relative path that does not leave the draft's folder.
func beside(p string) (string, bool) {
	if p == "" || strings.ContainsAny(p, "\x00\r\n\\") || path.IsAbs(p) || len(p) > 1 && p[1] == ':' {
		return "", false
	}
	clean := path.Clean(p)
	return clean, clean != "." && clean != ".." && !strings.HasPrefix(clean, "../")
}

// silence reads the codes of findings that are no trouble here, each with its
// reason. A code without one silences nothing.
func (y *yamlReader) silence(to *map[string]string) func(ast.Node) {
	return func(n ast.Node) {
		*to = map[string]string{}
		pairs, ok := yamltree.Pairs(n)
		if !ok {
			y.problem(n, "wrong-type", "silence is no list of codes with reasons", "write, below silence:, a line such as long-sentence: the client's own words")
			return
		}
		for _, p := range pairs {
			code, _ := yamltree.Text(p.Key)
			reason, _ := yamltree.Text(p.Value)
			if strings.TrimSpace(reason) == "" {
				y.problem(p.Key, "silence-reason", fmt.Sprintf("%s is silenced without a reason", clip(code, 40)), "say behind the colon why it is no trouble here")
				continue
			}
			(*to)[code] = strings.TrimSpace(reason)
		}
	}
}
