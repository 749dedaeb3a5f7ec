package store_test

import (
	"path/filepath"
	"testing"

	"rapport/internal/servers"
	"rapport/store/storetest"
)

// usual is how many mails the archive of the benchmarks has; with
// MAILS=100000 it has as many as were promised.
const usual = 20000

func BenchmarkSQLite(b *testing.B) {
	storetest.Bench(b, servers.Archive(func() string { return filepath.Join(b.TempDir(), "rapport.db") }), servers.Mails(usual))
}

func BenchmarkPostgres(b *testing.B) {
	storetest.Bench(b, servers.Archive(func() string { return servers.Postgres(b) }), servers.Mails(usual))
}
