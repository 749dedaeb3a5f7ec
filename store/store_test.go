package store_test

import (
	"path/filepath"
	"testing"

	"rapport/internal/servers"
	"rapport/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t testing.TB) string {
		return "sqlite:" + filepath.Join(t.TempDir(), "what? 100%#.db") // every character of a path is its own
	})
}

func TestPostgres(t *testing.T) {
	servers.Postgres(t) // skips the whole suite where there is no PostgreSQL
	storetest.Run(t, servers.Postgres)
}
