package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"rapport/internal/yamltree"
	"rapport/threads"
)

// languageBlock begins the part of a report that is written in another of its
// languages. What stands above the first one is in the first language.
//
//	zh
type languageBlock struct {
	line int
	tag  string
}

func (b *languageBlock) at() int               { return b.line }
func (b *languageBlock) passages() []passage   { return nil }
func (b *languageBlock) setPoints(*pointer)    {}
func (b *languageBlock) writeText(*textWriter) {}
func (b *languageBlock) writeHTML(*htmlWriter) {}

func readLanguage(r *blockReader, root ast.Node) block {
	b := &languageBlock{line: r.line}
	if root != nil {
		b.tag, _ = yamltree.Text(root)
	}
	b.tag = primary(strings.TrimSpace(b.tag))
	if languages()[b.tag] == nil || root == nil {
		r.find(Error, "language-unknown", r.line, "this block names no language that Rapport has words for", "write one line in it: "+strings.Join(sortedKeys(languages()), " or "))
	}
	return b
}

// part is what a report says in one language. A report in one language is one
// part.
type part struct {
	*words
	document
	asked     []*asked
	furniture *furniture
}

// languagesOf are the languages of a report, in their order: as its front
// matter says, else as the project does.
func languagesOf(f *Front, p *threads.Project) []string {
	all := f.Languages
	if f.Language != "" {
		all = []string{f.Language}
	}
	if len(all) == 0 {
		all = p.Languages
	}
	if len(all) == 0 {
		all = []string{p.Language}
	}
	var out []string
	for _, l := range all {
		if l = primary(l); languages()[l] == nil {
			l = "en"
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// inLanguages cuts a document where a language begins. Each language has one
// part; what is missing or twice is found.
func inLanguages(d *Draft, doc *document, tags []string, year int) ([]*part, []Finding) {
	var findings []Finding
	find := func(code string, line int, words, proposal string) {
		findings = append(findings, Finding{Error, code, d.Path, line, words, proposal})
	}
	now := &part{words: wordsOf(tags[0], year), document: document{title: doc.title, line: doc.line}}
	parts := []*part{now}
	for _, b := range doc.blocks {
		mark, ok := b.(*languageBlock)
		if !ok {
			now.add(b)
			continue
		}
		if languages()[mark.tag] == nil { // found when it was read
			continue
		}
		if len(now.blocks) > 0 || len(now.title) > 0 {
			now = &part{}
			parts = append(parts, now)
		}
		now.words, now.line = wordsOf(mark.tag, year), mark.line
		if !slices.Contains(tags, mark.tag) {
			find("language-unknown", mark.line, fmt.Sprintf("a part in %s begins here; the report is in %s", mark.tag, strings.Join(tags, " and ")), "name all languages of the report in languages:")
		}
	}
	for _, tag := range tags {
		n := 0
		for _, p := range parts {
			if p.language == tag && len(p.blocks) > 0 {
				n++
			}
		}
		switch {
		case n == 0 && len(tags) > 1:
			find("language-missing", 0, fmt.Sprintf("the report has no part in %s", tag), "begin it with a block ```language that has the one line "+tag+", or write language: with the one language of this letter above")
		case n > 1:
			find("language-twice", now.line, fmt.Sprintf("the report has %d parts in %s", n, tag), "write what there is to say in one language behind one another")
		}
	}
	for _, n := range doc.notes {
		p := parts[0]
		for _, other := range parts[1:] {
			if other.marks(n) {
				p = other
			}
		}
		p.notes = append(p.notes, n)
	}
	return parts, findings
}

// add appends a block; a heading of level 1 that begins the part is its title.
func (p *part) add(b block) {
	if h, ok := b.(*heading); ok && h.level == 1 && len(p.blocks) == 0 && len(p.title) == 0 {
		p.title, p.line = h.text, h.line
		return
	}
	p.blocks = append(p.blocks, b)
}

// marks reports whether a footnote is marked in the part.
func (p *part) marks(n note) bool {
	found := false
	eachInline(&p.document, func(i *inline) { found = found || i.kind == noteMark && i.text == noteNumber(n) })
	return found
}

// tagsOf are the languages of a rendered report.
func tagsOf(r *Rendered) []string { return slices.Concat([]string{r.Language}, r.Also) }
