package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// mayImport is the picture in docs/develop.md as a table: which rooms a room's
// code may import. What it leaves out is forbidden; tests may look anywhere.
var mayImport = map[string][]string{
	"threads":            nil,
	"mail":               nil,
	"templates":          nil,
	"ingest":             {"threads", "mail", "ingest/extract", "ingest/authentic"},
	"ingest/authentic":   {"threads", "mail"},
	"ingest/extract":     {"threads", "mail"},
	"ingest/extract/llm": {"threads", "ingest/extract"},
	"ingest/imap":        {"threads", "mail", "ingest"},
	"compose":            {"threads", "mail", "templates", "internal/near", "internal/yamltree"},
	"compose/smtp":       {"threads", "compose"},
	"store":              {"threads"},
	"archive":            {"threads", "internal/durable"},
	"archive/imap":       {"threads"},
	"web":                {"threads", "mail", "templates", "web/access"},
	"web/access":         {"threads"},
	"demo":               {"threads", "mail", "internal/durable"},
	"internal/servers":   nil,
	"internal/tsa":       nil,
	"internal/near":      nil,
	"internal/yamltree":  nil,
	"internal/durable":   nil,
	"store/copies":       {"threads", "internal/durable"},
	"store/storetest":    {"store", "threads", "internal/servers"},
	"cmd/rapport/config": {"threads", "internal/near", "internal/yamltree"},
	"cmd/rapport/oauth":  {"internal/durable"},
}

// anywhere lists packages where everything may meet: the program itself, and
// what trains and measures the reader of mails.
var anywhere = []string{"cmd/rapport", "ingest/extract/train", "ingest/extract/eval"}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, "rapport/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for _, l := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		path, imports, _ := strings.Cut(l, ":")
		room := strings.TrimPrefix(path, "rapport/")
		if slices.Contains(anywhere, room) {
			continue
		}
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s is a room that the table in this test does not know; add it to the picture first", room)
		}
		for _, imported := range strings.Fields(imports) {
			other, ours := strings.CutPrefix(imported, "rapport/")
			if ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s; it may import %v of ours", room, other, allowed)
			}
		}
	}
}
