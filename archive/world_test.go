package archive_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
)

var background = context.Background()

// world is an archive in which everything has happened once.
type world struct {
	t     testing.TB
	store *store.Store
	path  string
	clock clock
	key   *archive.Key

	witnesses []archive.Observer
}

// clock goes on by a second whenever it is looked at.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Second)
	return c.now
}

func newWorld(t testing.TB) *world {
	return newWorldAt(t, filepath.Join(t.TempDir(), "rapport.db"))
}

func newWorldAt(t testing.TB, url string) *world {
	w := &world{t: t, path: url, clock: clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	var err error
	w.store, err = store.Open(background, store.Config{URL: w.path, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.store.Close() })
	w.key, err = archive.NewKey("test.example/log", rand.Reader)
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) mail(id, project, text string, refs ...string) threads.Filing {
	at := w.clock.Now().Add(time.Duration(len(id)) * time.Minute)
	f := threads.Filing{Source: "test", Message: threads.Message{
		Project: project, Direction: threads.In, MessageID: id, Subject: "About " + id, References: refs,
		From: threads.Address{Name: "Anna Weber", Address: "anna@acme.example"},
		Date: at.In(time.FixedZone("", 8*3600)), Received: at, Class: threads.ClassPerson, Text: text, NewText: text,
	}}
	f.Raw = []byte("Message-ID: <" + id + ">\r\nSubject: About " + id + "\r\n\r\n" + text + "\r\n")
	if project != "" {
		f.Items = []threads.Item{{Kind: threads.Request, Facet: threads.Technical, Text: text, Start: 0, End: len(text), Sure: true}}
	}
	return f
}

func (w *world) file(filings ...threads.Filing) []threads.Filed {
	w.t.Helper()
	filed, err := w.store.File(background, nil, filings)
	w.must(err)
	return filed
}

// fill does what an agency does.
func (w *world) fill() *world {
	w.file(w.mail("a@x", "ACME", "Please make the logo bigger"), w.mail("b@x", "ACME", "Please send the invoice again", "a@x"),
		w.mail("c@x", "TEA", "Please call me"), w.mail("t@x", "", "Hello from nowhere"))
	w.file(w.mail("d@x", "ACME", "Something else", "unseen@x"), w.mail("joins@x", "ACME", "Both", "unseen@x", "a@x")) // merges threads
	item, err := w.store.Item(background, "ACME", 1)
	w.must(err)
	f := w.mail("r1@us", "ACME", "What we did")
	f.Message.Direction, f.Items = threads.Out, nil
	a := threads.Approval{Filing: f, Report: threads.Report{Project: "ACME", Subject: "Weekly", Period: "2026-W48", Status: "green", Language: "en",
		MessageID: "r1@us", Draft: "# draft", Text: "What we did", ApprovedBy: "lin", Points: []threads.Point{{ID: "P1", Text: "We did it"}}},
		Answers: []threads.Answer{{Item: item.ID, Word: threads.Done, Reason: "It is bigger now", By: "lin"}},
		Letters: []threads.Letter{{Recipient: threads.Address{Name: "Anna", Address: "anna@acme.example"}, Raw: []byte("To: anna\r\n\r\nWhat we did\r\n")},
			{Recipient: threads.Address{Address: "bert@acme.example"}, Raw: []byte("To: bert\r\n\r\nWhat we did\r\n")}}}
	report, err := w.store.Approve(background, a)
	w.must(err)
	_, err = w.store.Release(background, report.ID, threads.Release{ReleasedBy: "mara"})
	w.must(err)
	d, _, err := w.store.Lease(background, "test", time.Minute)
	w.must(err)
	d.State, d.Words = threads.Taken, "250 taken"
	w.must(w.store.Settle(background, d))
	w.decide()
	w.poll()
	w.notify()
	return w
}

// notify sends a mail by itself.
func (w *world) notify() {
	w.t.Helper()
	n := threads.Notice{ID: threads.IDs{Now: w.clock.Now}.New(threads.NoticePrefix), Key: "receipt a@x", Kind: threads.NoticeReceipt, Project: "ACME",
		To: threads.Address{Address: "anna@acme.example"}, Subject: "Your mail has come", Raw: []byte("To: anna\r\n\r\nIt has come\r\n")}
	n.SHA = fmt.Sprintf("%x", sha256.Sum256(n.Raw))
	_, err := w.store.MakeNotice(background, n, threads.BrakeLimits{Total: 1}, 1)
	w.must(err)
	d, _, err := w.store.NoticeQueue().Lease(background, "test", time.Minute)
	w.must(err)
	d.State, d.Words = threads.Taken, "250 taken"
	w.must(w.store.NoticeQueue().Settle(background, d))
}

// poll reads a mailbox, in which one mail is too large.
func (w *world) poll() {
	w.t.Helper()
	c, err := w.store.Claim(background, "inbox", "test", w.clock.Now().Add(time.Hour))
	w.must(err)
	c.UIDValidity, c.First, c.LastUID = 7, 3, 6
	c.Owing = []threads.Owed{{UID: 4, Size: 60 << 20, Why: threads.WhyTooLarge, Words: "it has 60 MB"}, {UID: 5, Why: threads.WhyUnreadable, Words: "no bytes"}}
	place := func(id string, uid uint32) threads.Filing {
		f := w.mail(id, "ACME", "Here is the plan "+id)
		f.Position = &threads.Position{Mailbox: "inbox", UIDValidity: 7, UID: uid}
		return f
	}
	_, err = w.store.File(background, &c, []threads.Filing{place("p3@x", 3)})
	w.must(err)
	_, err = w.store.SignCoverage(background, c)
	w.must(err)
	c.Owing, c.Settled = nil, []uint32{5}
	_, err = w.store.File(background, &c, []threads.Filing{place("p5@x", 5)})
	w.must(err)
	_, err = w.store.SignCoverage(background, c)
	w.must(err)
}

// decide corrects and files by hand, and takes some of it back.
func (w *world) decide() {
	w.t.Helper()
	b, err := w.store.Message(background, "b@x")
	w.must(err)
	again := func(id, project string) threads.Change {
		m, err := w.store.Message(background, id)
		w.must(err)
		f := w.mail(id, project, m.NewText)
		f.Message.ID, f.Raw = m.ID, nil
		f.Message.Date = m.Date
		c, err := w.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: project, By: "lin"}, []threads.Filing{f})
		w.must(err)
		return c
	}
	again("t@x", "TEA")
	undone := again("c@x", "ACME")
	_, err = w.store.Undo(background, undone.ID, "lin")
	w.must(err)
	w.reread("c@x")
	item, err := w.store.Item(background, "ACME", 2)
	w.must(err)
	for _, kind := range []threads.Kind{threads.Problem, threads.Question} {
		c, err := w.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: item.ID, Kind: kind, By: "lin"})
		w.must(err)
		if kind == threads.Question {
			_, err = w.store.Undo(background, c.ID, "lin")
			w.must(err)
		}
	}
	_, err = w.store.Correct(background, threads.Correction{Step: threads.CorrectSplit, Item: item.ID, Words: "the invoice", By: "lin"})
	w.must(err)
	_, err = w.store.AnswerItem(background, threads.Answer{Item: item.ID, Word: threads.Replied, Reason: "It was sent on Monday to " + b.From.Address, By: "lin"})
	w.must(err)
}

// reread reads a mail again, finds its item's words elsewhere, and takes that
// back, twice.
func (w *world) reread(id string) {
	w.t.Helper()
	for range 2 {
		m, err := w.store.Message(background, id)
		w.must(err)
		f := w.mail(id, m.Project, m.NewText)
		f.Message.ID, f.Message.Date, f.Raw = m.ID, m.Date, nil
		f.Message.NewText = "Well. " + m.NewText
		f.Items[0].Start, f.Items[0].End = len("Well. "), len(f.Message.NewText)
		c, err := w.store.Change(background, threads.Change{Kind: threads.ChangeReread, Project: m.Project, By: "lin"}, []threads.Filing{f})
		w.must(err)
		w.whole("after words were found elsewhere")
		_, err = w.store.Undo(background, c.ID, "lin")
		w.must(err)
		w.whole("after that was taken back")
	}
}

func (w *world) sign() []byte {
	w.t.Helper()
	n := &archive.Notary{Log: w.store, Key: w.key, Books: []archive.Notebook{w.store}}
	signed, err := n.Checkpoint(background)
	w.must(err)
	signed, err = n.Cosign(background, signed, w.witnesses)
	w.must(err)
	return signed
}

func (w *world) public() *archive.PublicKey {
	w.t.Helper()
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	return v
}

func (w *world) check(published ...[]byte) *archive.Result {
	w.t.Helper()
	var r *archive.Result
	err := w.store.Snapshot(background, func(s *store.Snapshot) (err error) {
		r, err = (&archive.Check{Key: w.public(), Published: published}).Run(background, s)
		return err
	})
	w.must(err)
	return r
}
