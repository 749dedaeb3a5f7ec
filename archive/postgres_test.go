package archive_test

import (
	"bytes"
	"testing"

	"rapport/archive"
	"rapport/internal/servers"
)

func TestAWholeArchiveInPostgreSQLIsWhole(t *testing.T) {
	w := newWorldAt(t, servers.Postgres(t)).fill()
	signed := w.sign()
	for _, f := range w.check(signed).Findings {
		t.Errorf("%s: %s", f.Place, f.Words)
	}
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	bundle := w.bundle()
	if _, err := archive.VerifyBundle(bytes.NewReader(bundle), int64(len(bundle)), v); err != nil {
		t.Error(err)
	}
}
