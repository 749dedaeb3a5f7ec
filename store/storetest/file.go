package storetest

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/threads"
)

func filedWhole(t *testing.T, h *house) {
	f := h.mail("a@acme.example", at("inbox", 3), func(f *threads.Filing) {
		m := &f.Message
		m.References, m.InReplyTo = []string{"r1@x", "r2@x"}, []string{"r2@x"}
		m.Sender = &threads.Address{Name: "Bob", Address: "bob@us.example"}
		m.Cc = []threads.Address{{Address: "carl@acme.example"}}
		m.ClassReason, m.Language = "nothing speaks for a machine", "en"
		m.Folds = []threads.Fold{{Reason: "quote", Text: "> old", At: 5}}
		m.Attachments = []threads.Attachment{{Part: "2", Name: "plan.pdf", Type: "application/pdf", Size: 10, SHA256: "ab", ContentID: "c"}}
		m.Faults = []threads.Fault{{Code: "charset-guessed", Detail: "GB18030 it is"}}
		m.Evidence = []threads.Evidence{{Kind: "contact", Project: "ACME", Score: 60, Detail: "Anna is a contact"}}
		m.Away = &threads.Away{From: "2026-12-01", Until: "2026-12-05"}
		m.Authentication = &threads.Authentication{Verdict: threads.Forged, Why: threads.WhyPolicy, Domain: "acme.example", Via: "lists.example", Mailbox: "inbox",
			Signatures: []threads.Signature{{Domain: "lists.example", Selector: "s1", Holds: true, Key: "v=DKIM1; p=AA"}}, Policy: "v=DMARC1; p=reject", At: m.Received}
		f.Raw = []byte("raw \x00\xff bytes " + strings.Repeat("again ", 100))
		m.Size = int64(len(f.Raw))
		f.Source = "archive.mbox#17"
	})
	filed := h.file(f)[0]
	if filed.Known || filed.Thread == "" || filed.Message == "" {
		t.Fatalf("filed as %+v", filed)
	}
	got, err := h.store.Message(background, filed.Message)
	h.must(err)
	want := f.Message
	want.ID, want.Thread = filed.Message, filed.Thread
	same(t, "message", printed(got), printed(want))
	if _, offset := got.Date.Zone(); offset != 8*3600 {
		t.Errorf("the sender's offset is %d seconds, want 8 hours", offset)
	}
	raw, err := h.store.Raw(background, filed.Message)
	h.must(err)
	if !bytes.Equal(raw, f.Raw) {
		t.Errorf("raw bytes are %q, want %q", raw, f.Raw)
	}
	byMessageID, err := h.store.Message(background, "<a@acme.example>")
	h.must(err)
	same(t, "by its Message-ID", byMessageID.ID, filed.Message)
	id, ok, err := h.store.HasRaw(background, f.Message.RawSHA)
	h.must(err)
	if !ok || id != filed.Message {
		t.Errorf("HasRaw says %q %v", id, ok)
	}
	known, err := h.store.KnownIDs(background, []string{"nobody@x", "a@acme.example"})
	h.must(err)
	same(t, "known", known, []threads.Known{{MessageID: "a@acme.example", Message: filed.Message, Thread: filed.Thread, Project: "ACME", Direction: threads.In}})
}

// printed makes pointers and times comparable as text.
func printed(m threads.Message) string {
	var b strings.Builder
	if m.Sender != nil {
		b.WriteString(m.Sender.Name + m.Sender.Address)
		m.Sender = nil
	}
	b.WriteString(m.Date.Format(time.RFC3339Nano) + m.Received.Format(time.RFC3339Nano))
	m.Date, m.Received = time.Time{}, time.Time{}
	return b.String() + jsonOf(m)
}

func sameBytesOnce(t *testing.T, h *house) {
	f := h.mail("a@x", at("inbox", 1), says(threads.Item{Kind: threads.Request, Text: "Hello", End: 5}))
	first := h.file(f)[0]
	other := f
	other.Message.Project = "OTHER"
	other.Position = &threads.Position{Mailbox: "archive", UIDValidity: 7, UID: 9}
	again := h.file(other, f)
	for _, g := range again {
		if !g.Known || g.Message != first.Message || g.Thread != first.Thread {
			t.Errorf("filed again as %+v, want %+v and known", g, first)
		}
	}
	th, mails, err := h.store.Thread(background, first.Thread)
	h.must(err)
	if th.Messages != 1 || len(mails) != 1 || th.Open != 1 || mails[0].Project != "ACME" {
		t.Errorf("thread %+v has %d mails", th, len(mails))
	}
	list, err := h.store.Threads(background, threads.ThreadQuery{Project: "OTHER"})
	h.must(err)
	same(t, "threads of the other project", len(list), 0)

	twin := h.mail("twin@x")
	twice := h.file(twin, twin)
	if twice[0].Known || !twice[1].Known || twice[0].Message != twice[1].Message {
		t.Errorf("twice in one batch: %+v", twice)
	}
}

func sameIDOtherBytes(t *testing.T, h *house) {
	a, b := h.mail("a@x", text("one")), h.mail("a@x", text("two"))
	filed := h.file(a, b)
	if filed[0].Message == filed[1].Message || filed[1].Known {
		t.Fatalf("filed as %+v", filed)
	}
	same(t, "thread", filed[1].Thread, filed[0].Thread)
	first, err := h.store.Message(background, "a@x")
	h.must(err)
	same(t, "the Message-ID names the first", first.ID, min(filed[0].Message, filed[1].Message))
	known, err := h.store.KnownIDs(background, []string{"a@x"})
	h.must(err)
	same(t, "known", len(known), 2)
}

func batchIsWhole(t *testing.T, h *house) {
	good, bad := h.mail("good@x"), h.mail("bad@x")
	bad.Message.RawSHA = strings.Repeat("0", 64)
	if _, err := h.store.File(background, nil, []threads.Filing{good, bad}); err == nil {
		t.Fatal("a mail with other bytes than its SHA-256 was filed")
	}
	c, err := h.store.Claim(background, "inbox", "me", h.clock.Now().Add(time.Hour))
	h.must(err)
	c.LastUID, c.Fence = 5, c.Fence-1
	_, err = h.store.File(background, &c, []threads.Filing{good})
	h.wants(err, threads.ErrFenced)
	_, err = h.store.Message(background, "good@x")
	h.wants(err, threads.ErrNotFound)
	if _, ok, err := h.store.HasRaw(background, good.Message.RawSHA); ok || err != nil {
		t.Errorf("raw bytes of a batch that failed are there: %v %v", ok, err)
	}
	size, _, err := h.store.LogHead(background)
	h.must(err)
	same(t, "log entries", size, 0)
	if filed, err := h.store.File(background, nil, nil); err != nil || len(filed) != 0 {
		t.Errorf("an empty batch: %v %v", filed, err)
	}
}

func hostileText(t *testing.T, h *house) {
	f := h.mail("nul\x00@x", subject("a\x00b\xffc"), text("x\x00y \xe4\xb8 z"),
		says(threads.Item{Kind: threads.Question, Text: "x\x00y", Start: 0, End: 3, About: "\xff"}),
		func(f *threads.Filing) {
			f.Message.From.Name = "A\x00\xfe"
			f.Message.References = []string{"r\x00@x", "\xff@x"}
			f.Message.Folds = []threads.Fold{{Text: "f\x00\xff"}}
			f.Message.Attachments = []threads.Attachment{{Name: "n\x00\xff.pdf"}}
			f.Source = "s\x00\xff"
		})
	filed := h.file(f)[0]
	m, err := h.store.Message(background, filed.Message)
	h.must(err)
	same(t, "subject", m.Subject, "a b?c")
	same(t, "text keeps its length", m.Text, "x y ?? z")
	for _, s := range []string{m.MessageID, m.From.Name, m.NewText} {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			t.Errorf("%q is not clean", s)
		}
	}
	items, err := h.store.Items(background, threads.ItemQuery{Message: filed.Message})
	h.must(err)
	same(t, "item", items[0].Text, "x y")
	reply := h.file(h.mail("reply@x", refers("r\x00@x")))[0]
	same(t, "thread by a hostile id", reply.Thread, filed.Thread)
	_, err = h.store.Message(background, "\x00\xff")
	h.wants(err, threads.ErrNotFound)
}

func strangeDates(t *testing.T, h *house) {
	for name, date := range map[string]time.Time{
		"none":        {},
		"before 1970": time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC),
		"year 9999":   time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"year 200000": time.Date(200000, 1, 1, 0, 0, 0, 0, time.UTC),
	} {
		f := h.mail(name, text(name), func(f *threads.Filing) { f.Message.Date, f.Message.Received = date, date })
		m, err := h.store.Message(background, h.file(f)[0].Message)
		h.must(err)
		want := date
		if name != "year 9999" {
			want = h.clock.Now()
		}
		if !m.Date.Equal(want) || !m.Received.Equal(want) {
			t.Errorf("%s: date %v, received %v, want %v", name, m.Date, m.Received, want)
		}
	}
	// Mail of one moment keeps the order in which it was filed.
	moment := h.clock.Now()
	var want []string
	for range 20 {
		f := h.mail("same-moment", project("LATE"), text(strings.Repeat("x", len(want))), func(f *threads.Filing) { f.Message.Received = moment })
		want = append(want, h.file(f)[0].Message)
	}
	_, mails, err := h.store.Thread(background, mustThread(h, "LATE").ID)
	h.must(err)
	var got []string
	for _, m := range mails {
		got = append(got, m.ID)
	}
	same(t, "order", got, want)
}

// mustThread is the only thread of a project.
func mustThread(h *house, project string) threads.Thread {
	h.t.Helper()
	list, err := h.store.Threads(background, threads.ThreadQuery{Project: project})
	h.must(err)
	if len(list) != 1 {
		h.t.Fatalf("%d threads in %s, want 1: %+v", len(list), project, list)
	}
	return list[0]
}
