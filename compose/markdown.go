package compose

import (
	"sort"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdownParser is CommonMark with tables, task lists, struck text, footnotes
// and bare links. It has no state, so one is enough.
var markdownParser = sync.OnceValue(func() parser.Parser {
	inlines := parser.DefaultInlineParsers()
	for i, p := range inlines {
		if p.Priority == 500 { // the parser of * and _
			inlines[i] = util.Prioritized(emphasisParser{}, 500)
		}
	}
	inlines = append(inlines,
		util.Prioritized(extension.NewTaskCheckBoxParser(), 0),
		util.Prioritized(extension.NewFootnoteParser(), 101),
		util.Prioritized(struckParser{}, 500),
		util.Prioritized(extension.NewLinkifyParser(), 999))
	return parser.NewParser(
		parser.WithBlockParsers(append(parser.DefaultBlockParsers(), util.Prioritized(extension.NewFootnoteBlockParser(), 999))...),
		parser.WithInlineParsers(inlines...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(), util.Prioritized(extension.NewTableParagraphTransformer(), 200))...),
		parser.WithASTTransformers(util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
		parser.WithEscapedSpace(),
	)
})

// reader turns goldmark's tree into ours.
type reader struct {
	path     string
	source   []byte
	line     int   // of the file on which source begins
	ends     []int // offsets of the line ends in source
	findings []Finding
	now      int  // the line that is being read
	verse    bool // keep the line ends of what is being read
}

// readBody reads a draft's Markdown.
func readBody(d *Draft) (*document, []Finding) {
	r := newReader(d.Path, d.Body, d.Line)
	root := markdownParser().Parse(text.NewReader(r.source))
	doc := &document{}
	doc.blocks = r.blocks(root, &doc.notes)
	for i, b := range doc.blocks {
		if h, ok := b.(*heading); ok && h.level == 1 {
			if i == 0 {
				doc.title, doc.line, doc.blocks = h.text, h.line, doc.blocks[1:]
			}
			break
		}
	}
	return doc, r.findings
}

func newReader(path string, source []byte, line int) *reader {
	r := &reader{path: path, source: source, line: line, now: line}
	for i, c := range source {
		if c == '\n' {
			r.ends = append(r.ends, i)
		}
	}
	return r
}

// lineOf is the line of the file on which a byte of the source stands.
func (r *reader) lineOf(offset int) int { return r.line + sort.SearchInts(r.ends, offset) }

func (r *reader) find(severity Severity, code string, line int, words, proposal string) {
	r.findings = append(r.findings, Finding{severity, code, r.path, line, words, proposal})
}

func (r *reader) blocks(parent ast.Node, notes *[]note) []block {
	var out []block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if l, ok := n.(*east.FootnoteList); ok {
			r.notes(l, notes)
			continue
		}
		if b := r.block(n, notes); b != nil {
			out = append(out, b)
		}
	}
	return out
}

// block reads one block; nil if nothing of it is to be rendered.
func (r *reader) block(n ast.Node, notes *[]note) block {
	if n.Type() == ast.TypeInline {
		return &paragraph{line: r.now, text: r.inline(nil, n)}
	}
	if lines := n.Lines(); lines != nil && lines.Len() > 0 {
		r.now = r.lineOf(lines.At(0).Start)
	}
	line := r.now
	switch n := n.(type) {
	case *ast.Heading:
		return &heading{line, n.Level, r.inlines(n)}
	case *ast.Paragraph, *ast.TextBlock:
		r.verse = r.closing(n)
		text := r.inlines(n)
		r.verse = false
		if len(text) == 0 {
			return nil
		}
		return &paragraph{line: line, text: text}
	case *ast.List:
		return r.list(n, notes)
	case *ast.Blockquote:
		inside := r.blocks(n, notes)
		return &quotation{first(inside, line), inside}
	case *ast.FencedCodeBlock:
		return r.fenced(n)
	case *ast.CodeBlock:
		return &code{line, r.codeLines(n)}
	case *ast.ThematicBreak:
		return &divider{line}
	case *east.Table:
		return r.table(n)
	case *ast.HTMLBlock:
		r.find(Error, "raw-html", line, "raw HTML is not sent: mail programs drop or distort it", "write it as Markdown, or remove it; put text with < into `backticks`")
	}
	return nil
}

// closing reports whether a paragraph is the end of the letter in short lines,
// such as a greeting with the name below it: its line ends are meant.
func (r *reader) closing(n ast.Node) bool {
	last := n.NextSibling() == nil || n.NextSibling().Kind() == east.KindFootnoteList
	if f, ok := n.NextSibling().(*ast.FencedCodeBlock); ok {
		last = string(f.Language(r.source)) == "language" // the end of one of its languages
	}
	if !last || n.PreviousSibling() == nil || n.Parent().Kind() != ast.KindDocument || n.Lines().Len() > 4 {
		return false
	}
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		if displayWidth(strings.TrimSpace(string(s.Value(r.source)))) > 30 {
			return false
		}
	}
	return true
}

func first(blocks []block, line int) int {
	if len(blocks) > 0 {
		return blocks[0].at()
	}
	return line
}
