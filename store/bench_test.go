package store_test

import (
	"flag"
	"path/filepath"
	"testing"

	"rapport/internal/servers"
	"rapport/store/storetest"
)

var mails = flag.Int("mails", 10000, "how many mails the archive has that is searched")

func BenchmarkFileSQLite(b *testing.B) {
	storetest.BenchFile(b, filepath.Join(b.TempDir(), "rapport.db"))
}

func BenchmarkSearchSQLite(b *testing.B) {
	storetest.BenchSearch(b, filepath.Join(b.TempDir(), "rapport.db"), *mails)
}

func BenchmarkFilePostgres(b *testing.B) { storetest.BenchFile(b, servers.Postgres(b)) }

func BenchmarkSearchPostgres(b *testing.B) { storetest.BenchSearch(b, servers.Postgres(b), *mails) }
