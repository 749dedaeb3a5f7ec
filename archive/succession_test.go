package archive_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/threads"
)

// A line alone makes nobody trust a key: the key of before must have signed it.
func TestNobodyNamesThemselvesTheNextKey(t *testing.T) {
	w := newWorld(t).fill()
	w.sign()
	thief, err := archive.NewKey(w.key.Origin(), rand.Reader)
	w.must(err)
	w.must(w.store.Record(background, []threads.Entry{w.key.Rotation(thief)}, nil))
	_, err = (&archive.Notary{Log: w.store, Key: thief, Books: []archive.Notebook{w.store}}).Succeed(background)
	w.must(err)
	if r := w.check(); r.Total != 1 || !strings.Contains(r.Findings[0].Words, "not by the given key") {
		t.Errorf("the auditor with the old key finds %+v", r.Findings)
	}
}

func TestLinesAboutKeysAreRead(t *testing.T) {
	w := newWorld(t).fill()
	other, err := archive.NewKey("other.example/log", rand.Reader)
	w.must(err)
	for _, e := range []threads.Entry{
		{Type: threads.EntryKeyChanged, Subject: w.key.Public(), Ref: "nothing"},
		{Type: threads.EntryKeyChanged, Subject: w.key.Public(), Ref: other.Public()}, // another log's
		{Type: threads.EntryLogRecovered, Subject: w.key.Public(), Ref: other.Public(), State: "5"},
	} {
		w.must(w.store.Record(background, []threads.Entry{e}, nil))
	}
	if r := w.check(); r.Total != 3 {
		t.Errorf("found: %+v", r.Findings)
	}
}
