package config

import (
	"encoding"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"rapport/internal/near"
	"rapport/internal/yamltree"
)

// decoder reads a YAML tree into structs and collects every problem on the
// way: whoever mends a file wants to know of all of them, and the library's
// own decoder stops at the first.
type decoder struct {
	file     string
	problems Problems
	lines    lines
}

// lines tell on which line of which file a key stands.
type lines map[place]int

type place struct{ file, key string }

// of is the line of the key, or of the nearest one around it.
func (l lines) of(p place) int {
	for p.key != "" {
		if n := l[p]; n > 0 {
			return n
		}
		p.key = p.key[:max(strings.LastIndexAny(p.key, ".["), 0)]
	}
	return 0
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

func (d *decoder) problem(n ast.Node, key, words, fix string) {
	d.problems = append(d.problems, Problem{File: d.file, Line: yamltree.Line(n), Key: key, Words: words, Fix: fix})
}

// value reads one node into v. Key is its path, for people: "smtp.server".
func (d *decoder) value(n ast.Node, v reflect.Value, key string) {
	switch n := n.(type) {
	case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
		d.problem(n, key, "anchors, aliases and tags are not read here", "write the value itself")
		return
	case *ast.NullNode:
		return // an empty key is as if it were not there
	}
	if reflect.PointerTo(v.Type()).Implements(textType) {
		d.text(n, v, key)
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		d.duration(n, v, key)
	case v.Kind() == reflect.Struct:
		d.mapping(n, v, key)
	case v.Kind() == reflect.Slice:
		d.sequence(n, v, key)
	default:
		d.scalar(n, v, key)
	}
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, key string) {
	pairs, ok := yamltree.Pairs(n)
	if !ok {
		d.problem(n, key, "is no mapping", "write keys below it, each on its own line: \"name: value\"")
		return
	}
	fields := fieldsOf(v.Type())
	for _, p := range pairs {
		name := nameOf(p.Key)
		d.lines[place{d.file, join(key, name)}] = yamltree.Line(p.Key)
		if at, known := fields[name]; known {
			d.value(p.Value, v.Field(at), join(key, name))
			continue
		}
		words, fix := "is no key that Rapport knows", "remove it"
		if secretLike(name) {
			words = "would put a secret into this file"
			fix = fmt.Sprintf("put the secret into a file of its own and write %s_file: PATH, or write %s_env: NAME of an environment variable", name, name)
		} else if meant := near.Word(name, fields); meant != "" {
			fix = fmt.Sprintf("did you mean %q?", meant)
		} else {
			fix = "remove it; known here: " + strings.Join(namesOf(fields), ", ")
		}
		d.problem(p.Key, join(key, name), words, fix)
	}
}

func (d *decoder) sequence(n ast.Node, v reflect.Value, key string) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.problem(n, key, "is no list", "write [a, b], or one \"- value\" a line")
		return
	}
	out := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
	for i, item := range seq.Values {
		at := fmt.Sprintf("%s[%d]", key, i)
		d.lines[place{d.file, at}] = yamltree.Line(item)
		d.value(item, out.Index(i), at)
	}
	v.Set(out)
}

// text reads a value that knows its own form, such as a time zone.
func (d *decoder) text(n ast.Node, v reflect.Value, key string) {
	s, ok := stringOf(n)
	if !ok {
		d.problem(n, key, "is no text", "write one value, in quotes if it has special characters")
		return
	}
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err != nil {
		d.problem(n, key, err.Error(), "see config.example.yaml")
	}
}

func (d *decoder) duration(n ast.Node, v reflect.Value, key string) {
	s, _ := stringOf(n)
	length, err := time.ParseDuration(s)
	if err != nil || length <= 0 {
		d.problem(n, key, fmt.Sprintf("%q is no length of time", s), "write it as 30s, 5m or 24h")
		return
	}
	v.SetInt(int64(length))
}

func (d *decoder) scalar(n ast.Node, v reflect.Value, key string) {
	s, ok := stringOf(n)
	if v.Kind() == reflect.String && ok {
		v.SetString(s)
		return
	}
	if err := yaml.NodeToValue(n, v.Addr().Interface()); err != nil || !ok {
		want := map[reflect.Kind]string{reflect.String: "text", reflect.Bool: "true or false", reflect.Int: "a whole number"}[v.Kind()]
		d.problem(n, key, "is of the wrong type", "write "+want)
	}
}

// stringOf is the text of a scalar; a block of text ends without a line break.
func stringOf(n ast.Node) (string, bool) {
	s, ok := yamltree.Text(n)
	if _, block := n.(*ast.LiteralNode); block {
		s = strings.TrimRight(s, "\n")
	}
	return s, ok
}

// nameOf is a key without quotes.
func nameOf(key ast.MapKeyNode) string {
	if s, ok := stringOf(key); ok {
		return s
	}
	return key.String()
}

func fieldsOf(t reflect.Type) map[string]int {
	fields := map[string]int{}
	for i := range t.NumField() {
		if name := t.Field(i).Tag.Get("yaml"); name != "" && name != "-" {
			fields[name] = i
		}
	}
	return fields
}

func namesOf(fields map[string]int) []string {
	var names []string
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func secretLike(name string) bool {
	switch strings.ToLower(name) {
	case "password", "secret", "token", "pass", "client_secret", "reply_key":
		return true
	}
	return false
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "." + name
}
