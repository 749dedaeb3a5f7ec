package compose

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"rapport/internal/yamltree"
)

// maxYAML bounds one piece of YAML in a draft: what a manager types is far below.
const maxYAML = 64 << 10

// yamlReader reads a piece of YAML inside a draft with strict types, and
// collects every problem with its line in the draft's file. It never quotes
// the source: a draft's text belongs on the manager's screen, not in a log.
type yamlReader struct {
	path     string
	line     int // lines of the file above the piece
	findings []Finding
}

func (y *yamlReader) problem(n ast.Node, code, words, proposal string) {
	y.findings = append(y.findings, Finding{Error, code, y.path, y.lineOf(n), words, proposal})
}

// lineOf is where a node begins in the draft's file.
func (y *yamlReader) lineOf(n ast.Node) int { return y.line + yamltree.Line(n) }

// document parses the piece. It is nil when there is nothing in it, and after
// a finding.
func (y *yamlReader) document(src []byte) (root ast.Node) {
	if len(src) > maxYAML || yamltree.TooDeep(src) {
		y.problem(nil, "yaml-size", "this YAML is too long or too deeply nested to be typed by a person", "shorten it")
		return nil
	}
	defer func() { // a parser that is not ours meets any input here
		if recover() != nil {
			root = nil
			y.problem(nil, "yaml-syntax", "this is no YAML that can be read", "write one \"key: value\" a line; put text with a colon or a # in quotes")
		}
	}()
	file, err := parser.ParseBytes(src, 0)
	if err != nil {
		y.syntax(err)
		return nil
	}
	if len(file.Docs) == 0 {
		return nil
	}
	if len(file.Docs) > 1 {
		y.problem(file.Docs[1].Body, "yaml-syntax", "a second YAML document begins here", "remove the line ---")
		return nil
	}
	if _, empty := file.Docs[0].Body.(*ast.NullNode); empty {
		return nil
	}
	return file.Docs[0].Body
}

func (y *yamlReader) syntax(err error) {
	words, line := "this is no YAML that can be read", y.line
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		words = "not readable as YAML: " + syntax.Message
		if syntax.Token != nil && syntax.Token.Position != nil {
			line += syntax.Token.Position.Line
		}
	}
	y.findings = append(y.findings, Finding{Error, "yaml-syntax", y.path, line, words,
		"write one \"key: value\" a line; put text with a colon or a # in quotes"})
}

// fields are the keys that a mapping may have, each with its reader.
type fields map[string]func(ast.Node)

// mapping reads a mapping with exactly these keys. It reports whether n is one.
func (y *yamlReader) mapping(n ast.Node, f fields) bool {
	pairs, ok := yamltree.Pairs(n)
	if !ok {
		y.problem(n, "wrong-type", "this is no list of keys and values", "write one \"key: value\" a line; known here: "+known(f))
		return false
	}
	for _, p := range pairs {
		name, _ := yamltree.Text(p.Key)
		read, ok := f[name]
		if !ok {
			y.problem(p.Key, "unknown-key", fmt.Sprintf("%q is no key that is known here", name), proposeKey(name, f))
			continue
		}
		switch p.Value.(type) {
		case *ast.NullNode: // an empty key is as if it were not there
		case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
			y.problem(p.Value, "wrong-type", "anchors, aliases and tags are not read here", "write the value itself")
		default:
			read(p.Value)
		}
	}
	return true
}

// list reads a sequence; one mapping that stands alone counts as a list of one.
func (y *yamlReader) list(n ast.Node, each func(ast.Node)) {
	switch n := n.(type) {
	case *ast.SequenceNode:
		for _, v := range n.Values {
			if _, null := v.(*ast.NullNode); !null {
				each(v)
			}
		}
	case *ast.MappingNode, *ast.MappingValueNode:
		each(n)
	default:
		y.problem(n, "wrong-type", "this is no list", "begin each entry on its own line with \"- \"")
	}
}
