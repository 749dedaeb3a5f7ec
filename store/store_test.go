package store_test

import (
	"path/filepath"
	"testing"

	"rapport/internal/servers"
	"rapport/store"
	"rapport/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t testing.TB) string {
		return "sqlite:" + filepath.Join(t.TempDir(), "what? 100%#.db") // every character of a path is its own
	})
}

func TestPostgres(t *testing.T) {
	ready := servers.Postgres(t) // skips the whole suite where there is no PostgreSQL
	s, err := store.Open(t.Context(), store.Config{URL: ready})
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	storetest.Run(t, func(t testing.TB) string { return servers.PostgresCopy(t, ready) })
}
