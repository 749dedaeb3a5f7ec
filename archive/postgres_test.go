package archive_test

import (
	"testing"

	"rapport/internal/servers"
)

func TestAWholeArchiveInPostgreSQLIsWhole(t *testing.T) {
	w := newWorldAt(t, servers.Postgres(t)).fill()
	signed := w.sign()
	for _, f := range w.check(signed).Findings {
		t.Errorf("%s: %s", f.Place, f.Words)
	}
	if err := goVerify(w.bundle(), w.public()); err != nil {
		t.Error(err)
	}
}
