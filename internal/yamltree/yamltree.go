// Package yamltree looks at the nodes of a parsed YAML file.
package yamltree

import "github.com/goccy/go-yaml/ast"

// Pairs are the keys of a mapping with their values; it is false for anything
// else. The parser has a node of its own for a mapping with one key.
func Pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// Text is a single value as it was written, quotes aside; it is false for
// mappings, lists and null.
func Text(n ast.Node) (string, bool) {
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

// Line is where a node begins, 0 if that is not known. A mapping begins with its
// first key: its own token is a colon.
func Line(n ast.Node) int {
	if pairs, ok := Pairs(n); ok && len(pairs) > 0 {
		return Line(pairs[0].Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}
