package archive_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/internal/tsa"
	"rapport/store"
	"rapport/threads"
)

// stamp signs the log and has that stamped.
func (w *world) stamp(a *tsa.Server) (signed, token []byte) {
	w.t.Helper()
	signed = w.sign()
	c, err := archive.ReadCheckpoint(signed)
	w.must(err)
	token, err = (&archive.Authority{URL: a.URL, Client: http.DefaultClient, Random: rand.Reader}).Stamp(context.Background(), c)
	w.must(err)
	w.must(w.store.ArchiveLog().PutStamp(background, store.Stamped{Size: c.Size, Token: token}))
	return signed, token
}

func (w *world) checkStamps(roots *x509.CertPool) (r *archive.Result) {
	w.t.Helper()
	w.must(w.store.Snapshot(background, func(s *store.Snapshot) (err error) {
		r, err = (&archive.Check{Key: w.public(), Roots: roots}).Run(background, s)
		return err
	}))
	return r
}

// emptyBundle is one without mail, under a checkpoint with its time-stamp.
func (w *world) emptyBundle(signed, token []byte) []byte {
	w.t.Helper()
	e := archive.Export{Project: threads.Project{Key: "ACME"}, Made: w.clock.Now(), Checkpoint: signed, Stamp: token, Key: w.key}
	var out bytes.Buffer
	w.must(w.store.Snapshot(background, func(s *store.Snapshot) error {
		_, err := e.Pack(s, &out)
		return err
	}))
	return out.Bytes()
}

func TestTimeStampsAreVerified(t *testing.T) {
	w, a := newWorld(t).fill(), tsa.New(t)
	signed, token := w.stamp(a)
	r := w.checkStamps(a.Roots())
	if r.Total != 0 || len(r.Stamps) != 1 || !r.Stamps[0].Trusted || !r.Stamps[0].At.Equal(a.At) {
		t.Errorf("checked: %+v", r)
	}
	if r := w.checkStamps(nil); r.Total != 0 || len(r.Stamps) != 1 || r.Stamps[0].Trusted {
		t.Errorf("without roots: %+v", r)
	}
	for _, c := range []struct{ name, sql, words string }{
		{"of another checkpoint", "update stamp set size = size - 1", "no checkpoint that it could be about"},
		{"damaged", "update stamp set size = size + 1, token = x'3003020101'", "it is no time-stamp"},
	} {
		db := w.direct()
		_, err := db.Exec(c.sql)
		w.must(err)
		r := w.checkStamps(a.Roots())
		if r.Total != 1 || !strings.HasPrefix(r.Findings[0].Place, "time-stamp of ") || !strings.Contains(r.Findings[0].Words, c.words) {
			t.Errorf("%s: found %+v", c.name, r.Findings)
		}
	}
	if r := w.checkStamps(tsa.New(t).Roots()); r.Total != 1 {
		t.Errorf("an authority that is not trusted: found %+v", r.Findings)
	}

	// A bundle brings the time-stamp of its checkpoint.
	read := func(bundle []byte, roots *x509.CertPool) (*archive.Stamp, error) {
		b, err := (&archive.BundleCheck{Key: w.public()}).Run(bytes.NewReader(bundle), int64(len(bundle)))
		w.must(err)
		return b.Stamp(roots)
	}
	with := w.emptyBundle(signed, token)
	if s, err := read(with, a.Roots()); err != nil || s == nil || !s.Trusted {
		t.Errorf("the bundle's time-stamp is %+v, %v", s, err)
	}
	if _, err := read(with, tsa.New(t).Roots()); err == nil || !strings.HasPrefix(err.Error(), "checkpoint.tst: ") {
		t.Errorf("a stranger's is taken: %v", err)
	}
	if s, err := read(w.emptyBundle(signed, nil), nil); err != nil || s != nil {
		t.Errorf("a bundle without one: %+v, %v", s, err)
	}
}
