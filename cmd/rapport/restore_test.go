package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"rapport/store"
)

// A restored database is one file: where a part of it still stands in the
// write-ahead log, it does not take the place of the store.
func TestWhatStandsInTheWriteAheadLogIsNotLeftBehind(t *testing.T) {
	dir := t.TempDir()
	part, target := filepath.Join(dir, "rapport.db.part"), filepath.Join(dir, "rapport.db")
	s, err := store.Open(t.Context(), store.Config{URL: part, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := putInPlace(part, target); err == nil {
		t.Error("a database was put in place without its write-ahead log")
	}
	if _, err := os.Stat(target); err == nil {
		t.Error("it has the name of the store")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := putInPlace(part, target); err != nil {
		t.Errorf("a closed database is not put in place: %v", err)
	}
	if _, err := os.Stat(target); err != nil {
		t.Error(err)
	}
}
