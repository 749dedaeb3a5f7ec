package compose

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var codeWord = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$|^placeholder$|^punctuation$|^jargon$|^abbreviation$|^tone$`)

// codesInTheSource are the codes of all findings that the package can make:
// what stands in a Finding, or in a call of a function that makes one.
func codesInTheSource(t *testing.T) map[string]bool {
	t.Helper()
	codes := map[string]bool{}
	add := func(e ast.Expr) {
		if l, ok := e.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && codeWord.MatchString(s) {
				codes[s] = true
			}
		}
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if _, severity := firstOf(n.Elts).(*ast.Ident); severity && len(n.Elts) == 6 { // a Finding by position
					add(n.Elts[1])
				}
				if name, ok := n.Type.(*ast.Ident); ok && name.Name == "term" && len(n.Elts) == 3 {
					add(n.Elts[2])
				}
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if name == "find" || name == "problem" {
					for _, a := range n.Args[:min(3, len(n.Args))] {
						add(a)
					}
				}
			case *ast.ReturnStmt:
				if len(n.Results) == 3 { // lacks
					add(n.Results[0])
				}
			}
			return true
		})
	}
	for _, r := range rules() {
		for _, c := range r.codes {
			codes[c] = true
		}
	}
	return codes
}

func firstOf(list []ast.Expr) ast.Expr {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// TestEveryFindingIsExplained holds docs/checks.md against the code.
func TestEveryFindingIsExplained(t *testing.T) {
	codes := codesInTheSource(t)
	doc, err := os.ReadFile("../docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}
	silent := silenceable()
	explained := map[string]bool{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z-]+)` \\| (error|warning)(, stays)? \\|").FindAllStringSubmatch(string(doc), -1) {
		explained[m[1]] = true
		if stays := m[3] != ""; stays == silent[m[1]] {
			t.Errorf("docs/checks.md says of %s whether it can be silenced, and the code says otherwise", m[1])
		}
	}
	for _, c := range slices.Sorted(maps.Keys(codes)) {
		if !explained[c] {
			t.Errorf("docs/checks.md does not explain %s", c)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(explained)) {
		if !codes[c] {
			t.Errorf("docs/checks.md explains %s, which there is not", c)
		}
	}
}
