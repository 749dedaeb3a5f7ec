package compose

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"rapport/internal/near"
	"rapport/internal/yamltree"
)

// text reads one value as it was written, with its white space folded.
func (y *yamlReader) text(to *string) func(ast.Node) {
	return func(n ast.Node) {
		s, ok := yamltree.Text(n)
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
		if s, ok := yamltree.Text(n); ok {
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
		s, _ := yamltree.Text(n)
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
		s, ok := yamltree.Text(n)
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
		s, _ := yamltree.Text(n)
		s = strings.ToLower(strings.TrimSpace(s))
		if s != "" && !slices.Contains(words, s) {
			y.problem(n, "bad-word", fmt.Sprintf("%q is none of the words that can stand here", clip(s, 40)), "use one of: "+strings.Join(words, ", "))
			return
		}
		*to = s
	}
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
	if meant := near.Word(name, f); meant != "" {
		return fmt.Sprintf("did you mean %q?", meant)
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
