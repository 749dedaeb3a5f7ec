package compose

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxYAML bounds one piece of YAML in a draft, maxNest how deep it may nest:
// the parser recurses, and what a manager types is far below both.
const (
	maxYAML = 64 << 10
	maxNest = 200
)

// yamlReader reads a piece of YAML inside a draft with strict types, and
// collects every problem with its line in the draft's file. It never quotes
// the source: a draft's text belongs on the manager's screen, not in a log.
type yamlReader struct {
	path     string
	line     int // lines of the file above the piece
	findings []Finding
}

func (y *yamlReader) problem(n ast.Node, code, words, proposal string) {
	line := y.line
	if n != nil && n.GetToken() != nil && n.GetToken().Position != nil {
		line = y.lineOf(n)
	}
	y.findings = append(y.findings, Finding{Error, code, y.path, line, words, proposal})
}

// lineOf is where a node begins in the draft's file.
func (y *yamlReader) lineOf(n ast.Node) int {
	switch m := n.(type) {
	case *ast.MappingNode: // its token is its first colon
		if len(m.Values) > 0 {
			return y.lineOf(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return y.lineOf(m.Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return y.line
	}
	return y.line + n.GetToken().Position.Line
}

// document parses the piece. It is nil when there is nothing in it, and after
// a finding.
func (y *yamlReader) document(src []byte) (root ast.Node) {
	if len(src) > maxYAML || nested(src) > maxNest {
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

// nested is a bound on how deep src can nest: opening brackets and dashes at
// the beginning of a line count, and indentation.
func nested(src []byte) int {
	deepest, open := 0, 0
	for line := range strings.SplitSeq(string(src), "\n") {
		depth, lead := 0, true
		for i := 0; i < len(line); i++ {
			switch c := line[i]; {
			case c == '[' || c == '{':
				open++
			case c == ']' || c == '}':
				open = max(open-1, 0)
			case lead && (c == '-' || c == '?'):
				depth++
			case lead && c == ' ':
				depth++
				continue
			default:
				lead = false
			}
			deepest = max(deepest, open, depth)
		}
		deepest = max(deepest, depth/2)
	}
	return deepest
}

// fields are the keys that a mapping may have, each with its reader.
type fields map[string]func(ast.Node)

// mapping reads a mapping with exactly these keys. It reports whether n is one.
func (y *yamlReader) mapping(n ast.Node, f fields) bool {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		y.problem(n, "wrong-type", "this is no list of keys and values", "write one \"key: value\" a line; known here: "+known(f))
		return false
	}
	for _, p := range pairs {
		name, _ := scalar(p.Key)
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

// text reads one value as it was written, with its white space folded.
func (y *yamlReader) text(to *string) func(ast.Node) {
	return func(n ast.Node) {
		s, ok := scalar(n)
		if !ok {
			y.problem(n, "wrong-type", "this is no text", "write one value; put it in quotes if it has special characters")
			return
		}
		*to = strings.Join(strings.Fields(s), " ")
	}
}

// texts reads a list of values; one value alone is a list of one.
func (y *yamlReader) texts(to *[]string) func(ast.Node) {
	return func(n ast.Node) {
		if s, ok := scalar(n); ok {
			*to = []string{strings.TrimSpace(s)}
			return
		}
		y.list(n, func(n ast.Node) {
			var s string
			y.text(&s)(n)
			*to = append(*to, s)
		})
	}
}

// date reads a civil date.
func (y *yamlReader) date(to *string) func(ast.Node) {
	return func(n ast.Node) {
		s, _ := scalar(n)
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			y.problem(n, "bad-date", fmt.Sprintf("%q is no date", clip(s, 40)), "write it as 2026-11-27")
			return
		}
		*to = s
	}
}

// number reads a number, with or without a percent sign.
func (y *yamlReader) number(to *float64, set *bool) func(ast.Node) {
	return func(n ast.Node) {
		s, ok := scalar(n)
		v, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")), 64)
		if !ok || err != nil || math.IsNaN(v) || math.Abs(v) > 1e12 {
			y.problem(n, "wrong-type", fmt.Sprintf("%q is no number", clip(s, 40)), "write digits, with a point for decimals")
			return
		}
		*to = v
		if set != nil {
			*set = true
		}
	}
}

// oneOf reads one of a few words.
func (y *yamlReader) oneOf(to *string, words ...string) func(ast.Node) {
	return func(n ast.Node) {
		s, _ := scalar(n)
		s = strings.ToLower(strings.TrimSpace(s))
		if s != "" && !slices.Contains(words, s) {
			y.problem(n, "bad-word", fmt.Sprintf("%q is none of the words that can stand here", clip(s, 40)), "use one of: "+strings.Join(words, ", "))
			return
		}
		*to = s
	}
}

// scalar is the text of a single value, quotes aside.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func known(f fields) string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func proposeKey(name string, f fields) string {
	if near := nearest(name, f); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "remove it; known here: " + known(f)
}

// clip shortens s to at most n characters, for a message.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}
