package archive_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"rapport/threads"
)

// earlier is an archive as it was before items and letters had forms of what the
// log commits to: items were corrected, dismissed, found elsewhere by a later
// reading, and corrections undone, which left no lines of their own then.
func earlier(t *testing.T) *world {
	t.Helper()
	packed, err := os.ReadFile("testdata/earlier.db.zst")
	if err != nil {
		t.Fatal(err)
	}
	unzip, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := unzip.DecodeAll(packed, nil)
	path := filepath.Join(t.TempDir(), "rapport.db")
	if err == nil {
		err = os.WriteFile(path, whole, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldAt(t, path)
	w.clock.now = w.clock.now.AddDate(0, 0, 1)
	return w
}

func TestAnEarlierArchiveStaysWhole(t *testing.T) {
	w := earlier(t)
	w.whole("as it was")
	item := func(project string, n int) threads.Item {
		i, err := w.store.Item(background, project, n)
		w.must(err)
		return i
	}
	_, err := w.store.AnswerItem(background, threads.Answer{Item: item("ACME", 4).ID, Word: threads.Done, Reason: "It is one all the same", By: "lin"})
	w.must(err)
	w.whole("after an answer to a dismissed item")
	changes, err := w.store.Changes(background, 10)
	w.must(err)
	for _, c := range changes {
		if c.UndoneAt.IsZero() && c.Messages[0] == item("TEA", 1).Message {
			_, err := w.store.Undo(background, c.ID, "lin")
			w.must(err)
			w.whole("after the undoing of a " + string(c.Kind))
		}
	}
	if i := item("TEA", 1); i.Start != 0 || i.Urgent || i.Kind != threads.Request {
		t.Errorf("after both were undone: %+v", i)
	}
}

// What is written today is held against all that its line commits to.
func TestAnEarlierArchiveGrowsStricter(t *testing.T) {
	w := earlier(t)
	db := w.direct()
	w.run(db, "update item set urgent = true where project = 'ACME' and number = 3")
	w.whole("an urgency to which no line commits")
	i, err := w.store.Item(background, "ACME", 3)
	w.must(err)
	no := false
	_, err = w.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: i.ID, Urgent: &no, By: "lin"})
	w.must(err)
	w.whole("after a correction")
	w.run(db, "update item set urgent = true where project = 'ACME' and number = 3")
	if r := w.check(); r.Total != 1 || !strings.HasPrefix(r.Findings[0].Place, "item ") {
		t.Errorf("a changed urgency is not found: %q", r.Findings)
	}
}
