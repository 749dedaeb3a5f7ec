package archive_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rapport/archive"
	"rapport/threads"
)

// erase erases mails by their Message-IDs.
func (w *world) erase(ids ...string) {
	w.t.Helper()
	var messages []string
	for _, id := range ids {
		m, err := w.store.Message(background, id)
		w.must(err)
		messages = append(messages, m.ID)
	}
	w.must(w.store.Erase(background, messages, threads.Erasure{Cause: threads.CauseRequest, Reason: "Anna asked", By: "mara"}))
}

// settle ends the way of every letter.
func (w *world) settle() {
	w.t.Helper()
	for {
		d, _, err := w.store.Lease(background, "test", time.Minute)
		if errors.Is(err, threads.ErrNotFound) {
			return
		}
		w.must(err)
		d.State, d.Words = threads.Refused, "550 no"
		w.must(w.store.Settle(background, d))
	}
}

func (w *world) whole(when string) {
	w.t.Helper()
	for _, f := range w.check().Findings {
		w.t.Errorf("%s: %s: %s", when, f.Place, f.Words)
	}
}

// erased is an archive of which everything has been erased that can be.
func (w *world) erased() *world {
	w.t.Helper()
	w.fill().settle()
	_, err := w.store.Hold(background, threads.Hold{Project: "TEA", Reason: "an audit", By: "mara"})
	w.must(err)
	h, err := w.store.Hold(background, threads.Hold{Project: "ACME", Reason: "another", By: "mara"})
	w.must(err)
	_, err = w.store.Lift(background, h.ID, "lin")
	w.must(err)
	w.erase("a@x", "d@x")
	w.whole("after two mails with an answered item")
	w.erase("b@x")
	w.whole("after a mail that was corrected")
	w.erase("r1@us")
	w.whole("after a report")
	w.erase("p3@x")
	return w
}

func TestErasedMailLeavesAllElseProvable(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			w := d.world(t).erased()
			signed := w.sign()
			w.must(w.store.Scrub(background))
			w.file(w.mail("later@x", "ACME", "And one more thing", "d@x"))
			r := w.check(signed)
			for _, f := range r.Findings {
				t.Errorf("%s: %s", f.Place, f.Words)
			}
			if r.Rows["mail.erased"] != 5 || r.Rows["hold.set"] != 2 || r.Rows["hold.lifted"] != 1 {
				t.Errorf("checked: %v", r.Rows)
			}
		})
	}
}

func TestTamperingWithErasureIsFoundByName(t *testing.T) {
	const (
		kept   = "(select id from message where message_id = 'p5@x')"
		erased = "(select message from erased limit 1)"
	)
	everyTamper(t, func(w *world) { w.erased() }, func(w *world) *archive.Result { return w.check() }, []tamper{
		{"a mail emptied without a line", "update message set salt = x'', body = x'', subject = '' where id = " + kept, "message ", "no line of the log says that it was erased"},
		{"a tombstone without a line", "insert into erased select " + kept + ", cause, reason, login, at_ms, salt from erased limit 1", "tombstone of message ", "no line in the log"},
		{"a mail emptied behind a tombstone", "insert into erased select " + kept + ", cause, reason, login, at_ms, salt from erased limit 1; update message set salt = x'', body = x'' where id = " + kept,
			"message ", "no line of the log says that it was erased"},
		{"a removed tombstone", "delete from erased where message = " + erased, "tombstone of message ", "it was removed"},
		{"another reason", "update erased set reason = 'nobody asked'", "tombstone of message ", "it was changed"},
		{"another who erased", "update erased set login = 'eve'", "tombstone of message ", "it was changed"},
		{"another cause", "update erased set cause = 'retention'", "tombstone of message ", "its state is"},
		{"an erased mail put back", "update message set salt = x'01', body = (select body from message where id = " + kept + ") where id = " + erased, "message ", "that it was erased, and it is there"},
		{"bytes put back", "update raw set body = (select body from raw where length(body) > 0 limit 1) where sha = (select sha from message where id = " + erased + ")", "raw mail ", "was erased, and its bytes are there"},
		{"bytes emptied without a line", "update raw set body = x'' where sha = (select sha from message where id = " + kept + ")", "raw mail ", "was emptied, and not erased"},
		{"an answer emptied without a line", "update answer set reason = '', salt = x'' where salt <> x''; update item set message = " + kept, "answer to item ", "no line of the log says that it was erased"},
		{"an erased mail in another thread", "update message set thread = 't0' where id = " + erased, "message ", `belongs to "t0"`},
		{"an erased mail at another time", "update message set filed_at = filed_at - 1 where id = " + erased, "message ", "filed at another time"},
		{"an erased mail that says something", "update message set subject = 'We agree' where id = " + erased, "message ", "says something again"},
		{"an erased mail that was sent at another time", "update message set sent_at = sent_at - 1 where id = " + erased, "message ", "says something again"},
		{"an erased mail with a rating", "update message set rating = 5 where id = " + erased, "message ", "says something again"},
		{"an erased item that says something", "update item set words = 'We agree' where message in (select message from erased)", "item ", "says something again"},
		{"an erased answer that says something", "update answer set reason = 'We agree' where salt = x''", "answer to item ", "says something again"},
		{"an erased report that says something", "update report set plain = 'We agree' where salt = x''", "report ", "says something again"},
		{"an erased letter to somebody", "update letter set address = 'eve@x' where name = '' and address = '' and n = 1", "letter ", "says something again"},
		{"erased words of a server", "update delivery_event set words = '250 taken' where salt = x''", "delivery of letter ", "says something again"},
		{"an erased decision about somebody", "update change set address = 'eve@x' where salt = x''", "change ", "says something again"},
		{"a removed hold", "delete from hold where project = 'TEA'", "hold ", "it was removed"},
		{"another reason for a hold", "update hold set reason = 'none'", "hold ", "it was changed"},
		{"a hold lifted by nobody", "update hold set lifted_at = 1, lifted_by = 'eve', lifted_salt = x'01' where project = 'TEA'", "lifting of hold ", "no line in the log"},
	})
}

// What was corrected in an erased mail, and taken back, is gone with it.
func TestWhatAnErasedMailWasOnceIsGone(t *testing.T) {
	w := newWorld(t).fill()
	db, count := w.direct(), 0
	kept := func() int {
		w.must(db.QueryRow("select count(*) from change where before like '%the invoice again%' or undone like '%the invoice again%'").Scan(&count))
		return count
	}
	if kept() == 0 {
		t.Fatal("no change remembers it")
	}
	w.settle()
	w.erase("b@x")
	if kept() != 0 {
		t.Errorf("%d changes remember it", count)
	}
}

// A hold on a thread goes with its mail into the one that it is merged into:
// nobody takes the mail out of it by the signpost.
func TestAHoldFollowsItsThread(t *testing.T) {
	merged := func(w *world) {
		w.file(w.mail("a@x", "ACME", "Please make the logo bigger"), w.mail("b@x", "ACME", "Something else"))
		for _, id := range []string{"a@x", "b@x"} {
			m, err := w.store.Message(background, id)
			w.must(err)
			_, err = w.store.Hold(background, threads.Hold{Thread: m.Thread, Reason: "a lawsuit", By: "mara"})
			w.must(err)
		}
		w.file(w.mail("joins@x", "ACME", "Both", "a@x", "b@x"))
		w.settle()
	}
	everyTamper(t, merged, func(w *world) *archive.Result { return w.check() }, []tamper{
		{"a signpost taken down", "update thread set merged_to = ''", "hold ", "and by the log that of"},
		{"a signpost to elsewhere", "update thread set merged_to = 't0' where merged_to <> ''", "hold ", `the mail of thread "t0" now`},
		{"a thread sent away", "update thread set merged_to = 't0' where merged_to = ''", "hold ", `the mail of thread "t0" now`},
		{"a thread without a row", "delete from thread where merged_to <> ''", "hold ", `the mail of thread "" now`},
	})
}

// Whoever holds the key can sign any manifest, but not make it say of erased
// mail what the log does not say.
func TestABundleProvesWhatWasErased(t *testing.T) {
	w := newWorld(t).erased()
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	edit := func(change func(*threads.Erasure)) []byte {
		return w.bundleWith(func(m *threads.Message) {
			if m.Erased != nil {
				change(m.Erased)
			}
		})
	}
	bundles := [][]byte{w.bundle(), edit(func(e *threads.Erasure) { e.At = e.At.Add(time.Millisecond) }),
		edit(func(e *threads.Erasure) { e.Cause = threads.CauseRetention })}
	for i, said := range pythonVerify(t, bundles, w.key.Public()) {
		err := goVerify(bundles[i], v)
		if i == 0 && (err != nil || said != "") || i > 0 && (err == nil || !strings.Contains(err.Error(), "another cause or another time") || !strings.Contains(said, "another cause or another time")) {
			t.Errorf("bundle %d: Go says %v, Python %q", i, err, said)
		}
	}
	for _, f := range unzip(t, bundles[0]) {
		if f.name == "index.html" && !strings.Contains(string(f.content), "by mara (request): Anna asked") {
			t.Errorf("the page does not tell of it: %s", f.content)
		}
		if strings.Contains(string(f.content), "Please make the logo bigger") {
			t.Errorf("%s has what was erased", f.name)
		}
	}
}
