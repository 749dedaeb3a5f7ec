package yamltree_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"rapport/internal/yamltree"
)

func tree(t *testing.T, src string) ast.Node {
	t.Helper()
	file, err := parser.ParseBytes([]byte(src), 0)
	if err != nil {
		t.Fatal(err)
	}
	return file.Docs[0].Body
}

func TestAMappingIsItsPairs(t *testing.T) {
	for src, want := range map[string]int{"a: 1": 1, "a: 1\nb: 2": 2, "{}": 0, "{a: 1}": 1, "- a": -1, "text": -1, "3": -1} {
		pairs, ok := yamltree.Pairs(tree(t, src))
		if got := len(pairs); ok != (want >= 0) || ok && got != want {
			t.Errorf("%q has %d pairs (%v), want %d", src, got, ok, want)
		}
	}
}

func TestAValueIsItsText(t *testing.T) {
	for src, want := range map[string]string{
		"plain": "plain", `"in \"quotes\""`: `in "quotes"`, "'007'": "007", "007": "007", "1.50": "1.50", "yes": "yes", "true": "true",
		".inf": ".inf", ".nan": ".nan", "|\n  two\n  lines\n": "two\nlines\n",
	} {
		if got, ok := yamltree.Text(tree(t, src)); !ok || got != want {
			t.Errorf("%q reads %q (%v), want %q", src, got, ok, want)
		}
	}
	for _, src := range []string{"a: 1", "[a]", "null", "~"} {
		if got, ok := yamltree.Text(tree(t, src)); ok {
			t.Errorf("%q is the text %q", src, got)
		}
	}
}

func TestANodeBeginsOnItsLine(t *testing.T) {
	for src, want := range map[string]int{"a: 1": 1, "\n\na: 1\nb: 2": 3, "# note\n\n- x": 3, "\ntext": 2, "\n? a\n: b": 2} {
		if got := yamltree.Line(tree(t, src)); got != want {
			t.Errorf("%q begins on line %d, want %d", src, got, want)
		}
	}
	if got := yamltree.Line(nil); got != 0 {
		t.Errorf("nothing begins on line %d", got)
	}
}

func TestWhatIsTooDeep(t *testing.T) {
	for src, want := range map[string]bool{
		"":                                      false,
		strings.Repeat("- {a: [x]}\n", 10000):   false,
		strings.Repeat("a: \"[x]\"\n", 10000):   false,
		strings.Repeat("[", 200):                false,
		strings.Repeat("[", 201):                true,
		strings.Repeat("{a: ", 201):             true,
		strings.Repeat("a: [\n", 201):           true,
		strings.Repeat("- ", 201):               true,
		strings.Repeat("? ", 201):               true,
		strings.Repeat(" ", 500) + "a: 1":       true,
		"a: |\n" + strings.Repeat("  b\n", 500): false,
	} {
		if got := yamltree.TooDeep([]byte(src)); got != want {
			t.Errorf("%.20q is too deep: %v", src, got)
		}
	}
}
