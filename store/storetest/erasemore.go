package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/threads"
)

// bytesOf gives a mail exactly these bytes.
func bytesOf(raw []byte) edit {
	return func(f *threads.Filing) { f.Raw, f.Message.RawSHA = raw, shaOf(raw) }
}

// erasedAndShared: what an erased mail has in common with others is there for
// them, whether they came before it went or after.
func erasedAndShared(t *testing.T, h *house) {
	const piece = 1 << 20
	small := h.mail("small@x", bytesLong(5000))
	long := h.mail("long@x", bytesLong(2*piece+17))
	before := h.mail("before@x", bytesOf(slices.Concat(long.Raw[:piece], small.Raw)))
	after := h.mail("after@x", bytesOf(slices.Concat(long.Raw[:2*piece], small.Raw)))
	filed := h.file(small, long, before)
	h.must(h.store.Erase(background, []string{filed[0].Message, filed[1].Message}, byMara))
	id := h.file(after)[0].Message
	for id, f := range map[string]threads.Filing{filed[2].Message: before, id: after} {
		raw, err := h.store.Raw(background, id)
		h.must(err)
		same(t, f.Message.MessageID, shaOf(raw), f.Message.RawSHA)
	}
	same(t, "damage", len(h.damaged()), 0)

	// The last that has them takes them along.
	h.must(h.store.Erase(background, []string{filed[2].Message, id}, byMara))
	var left int
	h.must(h.direct().QueryRow("select count(*) from raw where length(body) > 0").Scan(&left))
	same(t, "bytes that are left", left, 0)
	same(t, "damage in the end", len(h.damaged()), 0)
}

// erasedOnTheWay: a notice that repeats an erased mail no longer goes out, and
// does not keep those behind it.
func erasedOnTheWay(t *testing.T, h *house) {
	filed := h.file(h.mail("a@acme.example"))
	tell := func(key string, kind threads.NoticeKind, answers string) threads.Notice {
		n := h.newNotice(key, key+"@us.example")
		n.Kind, n.Answers = kind, answers
		n, err := h.store.MakeNotice(background, n, limits, limits.Own)
		h.must(err)
		return n
	}
	first, second := tell("one", threads.NoticeDaily, ""), tell("two", threads.NoticeReceipt, filed[0].Message)
	h.must(h.store.Erase(background, []string{filed[0].Message}, byMara))
	third := tell("three", threads.NoticeDaily, "")
	d, _, err := h.store.NoticeQueue().Lease(background, "test", time.Minute)
	h.must(err)
	same(t, "the next to go", d.Letter, third.ID)
	_, _, err = h.store.NoticeQueue().Lease(background, "test", time.Minute)
	h.wants(err, threads.ErrNotFound)
	all, err := h.store.Notices(background, time.Time{}, 10)
	h.must(err)
	for _, n := range all {
		if n.ID == first.ID || n.ID == second.ID {
			same(t, "its state", n.State, threads.Cancelled)
		}
	}
}

// erasedIsOver: nothing that was erased is new mail, or can be decided about.
func erasedIsOver(t *testing.T, h *house) {
	filed := h.file(mailOf("", "a@x", "Please start."), mailOf("ACME", "b@x", "Please stop."))
	f := mailOf("ACME", "a@x", "Please start.")
	f.Message.ID = filed[0].Message
	c, err := h.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: "ACME", By: "mara"}, []threads.Filing{f})
	h.must(err)
	items, err := h.store.Items(background, threads.ItemQuery{Message: filed[1].Message})
	h.must(err)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: items[0].ID, Word: threads.Done, Reason: "Done.", By: "mara"})
	h.must(err)
	n, _, err := h.store.Received(background, "ACME", time.Time{}, 10)
	h.must(err)
	same(t, "mail before", n, 2)
	h.must(h.store.Erase(background, []string{filed[0].Message, filed[1].Message}, byMara))
	n, latest, err := h.store.Received(background, "ACME", time.Time{}, 10)
	h.must(err)
	same(t, "mail", []int{n, len(latest)}, []int{0, 0})
	_, err = h.store.Undo(background, c.ID, "mara")
	h.wants(err, threads.ErrConflict)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: items[0].ID, Word: threads.Done, Reason: "Again.", By: "mara"})
	h.wants(err, threads.ErrConflict)
	_, err = h.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: items[0].ID, Kind: threads.Question, By: "mara"})
	h.wants(err, threads.ErrConflict)
}

// erasedSilently: what the log says of erasures and holds names nobody, and what
// it had said of the mail can no longer be opened.
func erasedSilently(t *testing.T, h *house) {
	filed := h.file(h.mail("a@x", withItem("Hello")))
	hold, err := h.store.Hold(background, threads.Hold{Thread: filed[0].Thread, Reason: "secret reason", By: "olga"})
	h.must(err)
	_, err = h.store.Lift(background, hold.ID, "olga")
	h.must(err)
	h.must(h.store.Erase(background, []string{filed[0].Message}, threads.Erasure{Cause: threads.CauseRequest, Reason: "secret reason", By: "olga"}))
	rows, err := h.store.Log(background, 0, 100)
	h.must(err)
	var types []string
	for _, row := range rows {
		var line struct{ Type string }
		h.must(json.Unmarshal(row.Line, &line))
		types = append(types, line.Type)
		for _, personal := range []string{"anna", "secret", "olga", "Hello", "a@x"} {
			if strings.Contains(string(row.Line), personal) {
				t.Errorf("line %d has %q: %s", row.Index, personal, row.Line)
			}
		}
	}
	same(t, "what happened", strings.Join(types, " "), "item.found mail.in hold.set hold.lifted item.gone mail.erased")
	own, err := h.store.Within(threads.Scope{Projects: []string{"ACME"}}).Message(background, filed[0].Message)
	h.must(err)
	same(t, "as who may read it sees it", own.Erased.Reason, "secret reason")
	_, err = h.store.Within(threads.Scope{Projects: []string{"TEA"}}).Message(background, filed[0].Message)
	h.wants(err, threads.ErrNotFound)
	var salts int
	h.must(h.direct().QueryRow("select count(*) from message where length(salt) > 0").Scan(&salts))
	same(t, "salts of the mail", salts, 0)
}

// scrubbedInBetween: what is erased while the files are written anew is seen to
// the next time.
func scrubbedInBetween(t *testing.T, h *house) {
	filed := h.file(h.mail("a@x"), h.mail("b@x"))
	h.must(h.store.Erase(background, []string{filed[0].Message}, byMara))
	_, err := h.direct().Exec("update remnant set since = -since") // as one that was killed has left it
	h.must(err)
	left := func() bool {
		t.Helper()
		since, err := h.store.Remnants(background)
		h.must(err)
		return !since.IsZero()
	}
	same(t, "after one that was killed something is left", left(), true)
	h.must(h.store.Erase(background, []string{filed[1].Message}, byMara))
	_, err = h.direct().Exec("delete from remnant where since < 0") // as one ends that had begun before
	h.must(err)
	same(t, "after one that had begun before something is left", left(), true)
	h.must(h.store.Scrub(background))
	same(t, "in the end something is left", left(), false)
}

// erasedAgainstHolds: a hold and an erasure at the same moment come one after the
// other: no mail is erased behind a hold, and mail that comes meanwhile is filed.
func erasedAgainstHolds(t *testing.T, h *house) {
	const n = 12
	var filings []threads.Filing
	for i := range n {
		filings = append(filings, h.mail(fmt.Sprintf("%d@x", i)))
	}
	filed := h.file(filings...)
	other := h.open()
	var all sync.WaitGroup
	for i, f := range filed {
		reply := h.mail(fmt.Sprintf("reply%d@x", i), refers(fmt.Sprintf("%d@x", i)))
		all.Go(func() {
			if err := h.store.Erase(background, []string{f.Message}, byMara); err != nil && !errors.Is(err, threads.ErrConflict) {
				t.Errorf("erase: %v", err)
			}
		})
		all.Go(func() {
			if _, err := other.Hold(background, threads.Hold{Thread: f.Thread, Reason: "a lawsuit", By: "lin"}); err != nil {
				t.Errorf("hold: %v", err)
			}
		})
		all.Go(func() {
			if _, err := other.File(background, nil, []threads.Filing{reply}); err != nil {
				t.Errorf("file: %v", err)
			}
		})
	}
	all.Wait()
	rows, err := h.store.Log(background, 0, 10*n)
	h.must(err)
	held := map[string]bool{}
	for _, row := range rows {
		var line struct {
			Type threads.EntryType
			Ref  string
		}
		h.must(json.Unmarshal(row.Line, &line))
		switch line.Type {
		case threads.EntryHold:
			held[line.Ref] = true
		case threads.EntryErased:
			if held[line.Ref] {
				t.Errorf("line %d: mail of %s was erased behind its hold", row.Index, line.Ref)
			}
		}
	}
	same(t, "holds", len(held), n)
	checkTree(h)
}
