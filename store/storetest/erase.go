package storetest

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

var byMara = threads.Erasure{Cause: threads.CauseRequest, Reason: "Anna asked for it", By: "mara"}

// erasedMail: nothing of what a mail said is left, and all else is as it was.
func erasedMail(t *testing.T, h *house) {
	const secret = "xylophonequartz"
	filed := h.file(h.mail("qz7@acme.example", text("Please keep "+secret), withItem("Please keep "+secret)),
		h.mail("b@acme.example", refers("qz7@acme.example"), text("Thank you"), subject("Re: Website")), h.mail("c@acme.example", text("Another")))
	a, thread := filed[0].Message, filed[0].Thread
	raw, err := h.store.Raw(background, a)
	h.must(err)
	_, err = h.store.Folder(background, "ACME") // it has got a UID there
	h.must(err)
	h.must(h.store.Erase(background, []string{a}, byMara))

	m := h.message(a)
	if m.Erased == nil || m.Erased.By != "mara" || m.Erased.Reason != "Anna asked for it" || m.Erased.At.IsZero() {
		t.Errorf("tombstone %+v", m.Erased)
	}
	same(t, "what is left", []any{m.Subject, m.From, m.Text, m.MessageID, m.Thread, m.Project}, []any{"", threads.Address{}, "", "", thread, "ACME"})
	if _, err := h.store.Raw(background, a); !errors.Is(err, threads.ErrNotFound) {
		t.Errorf("its bytes: %v", err)
	}
	hits, err := h.store.Search(background, threads.SearchQuery{Text: secret})
	h.must(err)
	items, err := h.store.Items(background, threads.ItemQuery{Project: "ACME"})
	h.must(err)
	same(t, "hits and items", []int{len(hits), len(items)}, []int{0, 0})
	th, mails, err := h.store.Thread(background, thread)
	h.must(err)
	same(t, "its thread", []any{len(mails), mails[0].Erased != nil, th.Subject, th.Messages}, []any{2, true, "Website", 2})

	id, known, err := h.store.HasRaw(background, shaOf(raw))
	h.must(err)
	same(t, "known when it is fetched again", []any{id, known}, []any{a, true})
	again := h.file(h.mail("qz7@acme.example", func(f *threads.Filing) { f.Raw, f.Message.RawSHA = raw, shaOf(raw) }))
	same(t, "filed again", again[0].Known, true)

	folder, err := h.store.Folder(background, "ACME")
	h.must(err)
	same(t, "as a folder", []uint32{folder.Mails[0].UID, folder.Mails[1].UID, folder.UIDNext}, []uint32{2, 3, 4})
	h.wants(h.store.Erase(background, []string{a}, byMara), threads.ErrConflict)
	_, err = h.store.Change(background, threads.Change{Kind: threads.ChangeFile, By: "mara"}, []threads.Filing{{Message: m}})
	h.wants(err, threads.ErrConflict)

	h.must(h.store.Scrub(background))
	left, err := h.store.Remnants(background)
	h.must(err)
	same(t, "remnants", left.IsZero(), true)
	h.nowhere(secret)
}

// nowhere fails if a word is anywhere in the files of the database: as it is, or
// compressed in a cell, which the store's own reading would have shown.
func (h *house) nowhere(word string) {
	h.t.Helper()
	for _, name := range h.files() {
		b, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, os.ErrNotExist) { // a file that PostgreSQL has taken away meanwhile
			h.t.Fatal(err)
		}
		if at := bytes.Index(b, []byte(word)); at >= 0 {
			h.t.Errorf("%q is in %s at %d: %q", word, name, at, b[max(at-40, 0):min(at+60, len(b))])
		}
	}
}

// erasedExamples: PostgreSQL's planner keeps examples of what is often in a
// column; those of erased mail go too.
func erasedExamples(t *testing.T, h *house) {
	const secret = "vibraphonequartz"
	named := func(f *threads.Filing) { f.Message.From.Name = secret }
	var erased []string
	for _, f := range h.file(h.mail("a@x", named, subject(secret)), h.mail("b@x", named, subject(secret)), h.mail("c@x", named, subject(secret))) {
		erased = append(erased, f.Message)
	}
	h.file(h.mail("d@x", subject("Other")))
	if strings.HasPrefix(h.url, "postgres") {
		_, err := h.direct().Exec("analyze")
		h.must(err)
	}
	h.must(h.store.Erase(background, erased, byMara))
	h.must(h.store.Scrub(background))
	h.nowhere(secret)
}

// files are those in which the database keeps what it has now.
func (h *house) files() []string {
	h.t.Helper()
	if path, ok := strings.CutPrefix(h.url, "sqlite:"); ok {
		return []string{path, path + "-wal"}
	}
	var folder string
	db := h.direct()
	_, err := db.Exec("checkpoint")
	h.must(err)
	h.must(db.QueryRow(`select current_setting('data_directory') || '/base/' || oid from pg_database where datname = current_database()`).Scan(&folder))
	names, err := filepath.Glob(folder + "/*")
	h.must(err)
	if len(names) < 100 {
		h.t.Fatalf("%s has only %d files", folder, len(names))
	}
	return names
}

func withItem(words string) edit {
	return func(f *threads.Filing) {
		f.Items = []threads.Item{{Kind: threads.Request, Text: words, End: len(words)}}
	}
}

// erasedReport: with a report's own mail its letters and recipients are gone,
// but not while they wait, and not what it answered.
func erasedReport(t *testing.T, h *house) {
	h.file(h.mail("root@us.example"), h.mail("a@x", says(threads.Item{Kind: threads.Request, Text: "Hello"})))
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	a := h.approval("2026-W48")
	a.Answers = []threads.Answer{{Item: item.ID, Word: threads.Accepted, Reason: "of course", By: "lin"}}
	r := h.approve(a)
	own := mustMessage(h, r.MessageID)
	h.wants(h.store.Erase(background, []string{own.ID}, byMara), threads.ErrConflict)
	_, err = h.store.Release(background, r.ID, threads.Release{})
	h.must(err)
	for range r.Deliveries {
		d, _, err := h.store.Lease(background, "test", time.Minute)
		h.must(err)
		d.State, d.Words = threads.Taken, "250 taken"
		h.must(h.store.Settle(background, d))
	}
	h.must(h.store.Erase(background, []string{own.ID}, byMara))

	gone := mustReport(h, r.ID)
	same(t, "report", []any{gone.Subject, gone.Draft, gone.Text, len(gone.Points), gone.Number, gone.ApprovedBy}, []any{"", "", "", 0, 1, r.ApprovedBy})
	for _, d := range gone.Deliveries {
		same(t, "recipient", d.Recipient, threads.Address{})
		_, err := h.store.LetterRaw(background, d.Letter)
		h.wants(err, threads.ErrNotFound)
	}
	item, err = h.store.Item(background, "ACME", 1)
	h.must(err)
	same(t, "what it answered", []string{item.Text, item.Answer.Reason}, []string{"Hello", "of course"})

	h.must(h.store.Erase(background, []string{item.Message}, byMara))
	item, err = h.store.Item(background, "ACME", 1)
	h.must(err)
	same(t, "an answered item", []any{item.Text, item.Answer.Reason, item.Answer.Word, item.State}, []any{"", "", threads.Accepted, threads.Answered})
}

// erasedPieces: of a large mail only the pieces that no other one has are gone.
func erasedPieces(t *testing.T, h *house) {
	const piece = 1 << 20
	one := h.mail("one@x", bytesLong(3*piece+17))
	two := h.mail("two@x", func(f *threads.Filing) {
		f.Raw = append(slices.Clone(one.Raw[:2*piece]), "and then it is another"...)
		f.Message.RawSHA = shaOf(f.Raw)
	})
	filed := h.file(one, two)
	h.must(h.store.Erase(background, []string{filed[0].Message}, byMara))
	raw, err := h.store.Raw(background, filed[1].Message)
	h.must(err)
	same(t, "the other mail", shaOf(raw), shaOf(two.Raw))
	var left int
	h.must(h.direct().QueryRow("select count(*) from raw where size = 1048576 and length(body) > 0").Scan(&left))
	same(t, "pieces that are left", left, 2)
}

// heldMail: what is held is not erased, and does not leave the hold.
func heldMail(t *testing.T, h *house) {
	filed := h.file(h.mail("a@acme.example"), h.mail("b@acme.example"), h.mail("joins@acme.example", refers("b@acme.example")))
	hold, err := h.store.Hold(background, threads.Hold{Thread: filed[0].Thread, Reason: "a lawsuit", By: "mara"})
	h.must(err)
	same(t, "its project", hold.Project, "ACME")
	err = h.store.Erase(background, []string{filed[0].Message}, byMara)
	h.wants(err, threads.ErrConflict)
	if !strings.Contains(err.Error(), "a lawsuit") {
		t.Errorf("the hold is not named: %v", err)
	}
	m := h.message(filed[0].Message)
	m.Project = "TEA"
	_, err = h.store.Change(background, threads.Change{Kind: threads.ChangeFile, By: "mara"}, []threads.Filing{{Message: m}})
	h.wants(err, threads.ErrConflict)

	h.file(h.mail("late@acme.example", refers("b@acme.example", "a@acme.example"))) // joins both threads
	h.wants(h.store.Erase(background, []string{filed[0].Message}, byMara), threads.ErrConflict)
	merged, err := h.store.Holds(background)
	h.must(err)
	same(t, "the thread that it holds now", merged[0].Thread, h.message("late@acme.example").Thread)

	all, err := h.store.Hold(background, threads.Hold{Project: "ACME", Reason: "an audit", By: "lin"})
	h.must(err)
	_, err = h.store.Lift(background, hold.ID[:14], "mara")
	h.must(err)
	_, err = h.store.Lift(background, hold.ID, "mara")
	h.wants(err, threads.ErrConflict)
	h.wants(h.store.Erase(background, []string{filed[0].Message}, byMara), threads.ErrConflict)
	_, err = h.store.Lift(background, all.ID, "mara")
	h.must(err)
	h.must(h.store.Erase(background, []string{filed[0].Message}, byMara))
	holds, err := h.store.Holds(background)
	h.must(err)
	same(t, "holds", []string{holds[0].LiftedBy, holds[1].LiftedBy}, []string{"mara", "mara"})
}
