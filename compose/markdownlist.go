package compose

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"rapport/internal/near"
)

func (r *reader) list(n *ast.List, notes *[]note) block {
	l := &list{ordered: n.IsOrdered(), start: n.Start, loose: !n.IsTight}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		it := listItem{blocks: r.blocks(item, notes)}
		it.line = first(it.blocks, r.now)
		if tb := item.FirstChild(); tb != nil {
			if box, ok := tb.FirstChild().(*east.TaskCheckBox); ok {
				it.task = emptyBox
				if box.IsChecked {
					it.task = tickedBox
				}
			}
		}
		l.items = append(l.items, it)
	}
	l.line = r.now
	if len(l.items) > 0 {
		l.line = l.items[0].line
	}
	return l
}

func (r *reader) table(n *east.Table) block {
	t := &table{line: r.now}
	for _, a := range n.Alignments {
		t.align = append(t.align, map[east.Alignment]alignment{east.AlignLeft: alignLeft, east.AlignCenter: alignCenter, east.AlignRight: alignRight}[a])
	}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []cell
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			if lines := c.Lines(); lines != nil && lines.Len() > 0 {
				r.now = r.lineOf(lines.At(0).Start)
			}
			cells = append(cells, r.inlines(c))
		}
		if _, head := row.(*east.TableHeader); head {
			t.head, t.line = cells, r.now
		} else {
			t.rows = append(t.rows, tableRow{line: r.now, cells: cells})
		}
	}
	return t
}

func (r *reader) notes(l *east.FootnoteList, notes *[]note) {
	for n := l.FirstChild(); n != nil; n = n.NextSibling() {
		if f, ok := n.(*east.Footnote); ok {
			*notes = append(*notes, note{f.Index, r.blocks(f, notes)})
		}
	}
}

// fenced reads a fenced code block: a report block if its first word says so.
func (r *reader) fenced(n *ast.FencedCodeBlock) block {
	name := strings.ToLower(string(n.Language(r.source)))
	line := r.now
	if n.Info != nil {
		line = r.lineOf(n.Info.Segment.Start)
	}
	read, ok := reportBlocks()[name]
	if !ok {
		if meant := near.Word(name, reportBlocks()); meant != "" && len(name) > 3 {
			r.find(Warning, "block-unknown", line, "there is no report block "+clip(name, 20)+"; it will be shown as code", "did you mean "+meant+"?")
		}
		return &code{line, r.codeLines(n)}
	}
	var src bytes.Buffer
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		src.Write(s.Value(r.source))
	}
	in := &blockReader{reader: r, yaml: yamlReader{path: r.path, line: line}, line: line}
	b := read(in, in.yaml.document(src.Bytes()))
	r.findings = append(r.findings, in.yaml.findings...)
	r.now = line
	return b
}

func (r *reader) codeLines(n ast.Node) []string {
	var out []string
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		out = append(out, strings.ReplaceAll(strings.TrimRight(string(s.Value(r.source)), "\n"), "\t", "    "))
	}
	return out
}
