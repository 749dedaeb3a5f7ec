package store

import (
	"slices"
	"strings"
	"testing"
)

// Every table is bounded, or is known to need no bounds.
func TestEveryTableHasItsBounds(t *testing.T) {
	s := openTemp(t)
	tables, err := read(t.Context(), s, scalar[string], `select name from sqlite_master where type = 'table'`)
	if err != nil || len(tables) < 20 {
		t.Fatalf("tables %q: %v", tables, err)
	}
	for _, name := range tables {
		if strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "search_") && name != "search_repair" { // parts of the index of words
			continue
		}
		if !slices.Contains(unbounded, name) && !slices.ContainsFunc(bounded, func(b bound) bool { return b.table == name }) {
			t.Errorf("nobody has said what a scope sees of the table %s", name)
		}
	}
}
