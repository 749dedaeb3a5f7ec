package archive_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
)

// bundledItem finds an item of ACME in a bundle by its number.
func bundledItem(t *testing.T, bundle []byte, number int) archive.BundledItem {
	t.Helper()
	for _, m := range listOf(t, bundle).Messages {
		for _, i := range m.Items {
			for _, h := range i.History {
				if h.Item != nil && h.Item.Number == number {
					return i
				}
			}
		}
	}
	t.Fatalf("the bundle has no item %d", number)
	return archive.BundledItem{}
}

// agreed demands that both verifiers find a bundle whole.
func agreed(t *testing.T, w *world, bundle []byte) {
	t.Helper()
	if err := goVerify(bundle, w.public()); err != nil {
		t.Errorf("Go says %v", err)
	}
	if said := pythonVerify(t, [][]byte{bundle}, w.key.Public()); said[0] != "" {
		t.Errorf("Python says %q", said[0])
	}
}

// What an item and an answer were before stands in the bundle, with its proof;
// also what was corrected and taken back.
func TestABundleHasTheHistoryOfItemsAndAnswers(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			w := d.world(t).fill()
			item, err := w.store.Item(background, "ACME", 1)
			w.must(err)
			for _, reason := range []string{"First we said so", "Then we said otherwise"} {
				_, err = w.store.AnswerItem(background, threads.Answer{Item: item.ID, Word: threads.Rejected, Reason: reason, Next: "Ask again", By: "mara"})
				w.must(err)
			}
			bundle := w.bundle()
			agreed(t, w, bundle)
			var said []string
			one := bundledItem(t, bundle, 1)
			for _, a := range one.Answers {
				said = append(said, a.Answer.By+": "+a.Answer.Reason)
			}
			if got := strings.Join(said, "; "); got != "lin: It is bigger now; mara: First we said so; mara: Then we said otherwise" || one.Item.Answer.Reason != "Then we said otherwise" {
				t.Errorf("the answers are %s; %s counts", got, one.Item.Answer.Reason)
			}
			// It was found as a request, corrected to a problem, to a question, back, and cut.
			var was []string
			for _, h := range bundledItem(t, bundle, 2).History {
				was = append(was, string(h.Type)+" "+string(h.Item.Kind))
			}
			if got := strings.Join(was, ", "); got != "item.found request, item.corrected problem, item.corrected question, item.corrected problem, item.corrected problem" {
				t.Errorf("the item was %s", got)
			}
			page := ""
			for _, f := range unzip(t, bundle) {
				if f.name == "index.html" {
					page = string(f.content)
				}
			}
			for _, words := range []string{"First we said so", "(no longer our answer)", "corrected, as question “Please send the invoice again”"} {
				if !strings.Contains(page, words) {
					t.Errorf("the page does not say %q", words)
				}
			}
		})
	}
}

// What the mailbox file and the table repeat of odd mail is the same for both
// verifiers.
func TestOddMailIsRepeatedAlike(t *testing.T) {
	w := newWorld(t)
	for i, subject := range []string{"=1+1", " a blank in front", "\u00a0", `a "quote", a comma`, "\\.", "two\nlines", "\x1c", "", "@x", "\tx", "\u2028x", "计划"} {
		f := w.mail(strings.Repeat("x", i+1)+"@x", "ACME", "From here\n>From there")
		f.Message.Subject, f.Message.From.Name = subject, subject
		f.Message.Date = f.Message.Date.Add(time.Duration(i) * time.Millisecond)
		f.Raw = []byte("Subject: x\r\n\r\nFrom here\r\n>>From there\nFrom \r\n" + strings.Repeat(">", i))
		w.file(f)
	}
	agreed(t, w, w.bundle())
}

// An item that is no more is still in the bundle, with what became of it.
func TestABundleHasItemsThatAreNoMore(t *testing.T) {
	w := newWorld(t)
	w.file(w.mail("a@x", "ACME", "Please make the logo bigger"))
	w.again("a@x", "ACME", func(f *threads.Filing) { f.Items = nil })
	bundle := w.bundle()
	agreed(t, w, bundle)
	i := bundledItem(t, bundle, 1)
	if n := len(i.History); i.Item != nil || n != 2 || i.History[1].Type != threads.EntryItemGone {
		t.Errorf("the item is %+v", i)
	}
}

// again reads a mail of ACME again, otherwise; the change is one of a project.
func (w *world) again(id, project string, otherwise func(*threads.Filing)) {
	w.t.Helper()
	m, err := w.store.Message(background, id)
	w.must(err)
	f := w.mail(id, "ACME", m.NewText)
	f.Message.ID, f.Raw, f.Message.Date = m.ID, nil, m.Date
	otherwise(&f)
	_, err = w.store.Change(background, threads.Change{Kind: threads.ChangeReread, Project: project, By: "lin"}, []threads.Filing{f})
	w.must(err)
}

// moved is an archive in which an item was found at one place in its mail, and a
// change of the project TEA has found it at another.
func (w *world) moved() threads.Message {
	w.t.Helper()
	w.file(w.mail("a@x", "ACME", "Please make the logo bigger"))
	w.again("a@x", "TEA", func(f *threads.Filing) { f.Items[0].Start = 3 })
	w.again("a@x", "ACME", func(f *threads.Filing) { f.Items[0].Start = 7 })
	m, err := w.store.Message(background, "a@x")
	w.must(err)
	return m
}

// The change that has moved an item may not be in the bundle, nor what its
// reader may see.
func TestABundleProvesItemsThatOtherChangesHaveMoved(t *testing.T) {
	w := newWorld(t)
	m := w.moved()
	for _, f := range w.check().Findings {
		t.Errorf("%s: %s", f.Place, f.Words)
	}
	agreed(t, w, w.packed(lies{export: func(e *archive.Export) { e.Changes = nil }}))
	e := w.export()
	e.Chapters, e.Changes = []archive.Chapter{{Mails: []string{m.ID}}}, nil
	var out bytes.Buffer
	view := w.store.Within(threads.Scope{Projects: []string{"ACME"}})
	w.must(view.Snapshot(background, func(s *store.Snapshot) error {
		_, err := e.Pack(s, &out)
		return err
	}))
	agreed(t, w, out.Bytes())
	if i := bundledItem(t, out.Bytes(), 1); i.History[0].Item.Start != 0 || i.Item.Start != 7 {
		t.Errorf("it was found at %d and is at %d", i.History[0].Item.Start, i.Item.Start)
	}
}

// What is newer than the checkpoint is not in the bundle, and is named.
func TestABundleNamesWhatIsNotSignedYet(t *testing.T) {
	w := newWorld(t).fill()
	e := w.export()
	item, err := w.store.Item(background, "ACME", 1)
	w.must(err)
	_, err = w.store.AnswerItem(background, threads.Answer{Item: item.ID, Word: threads.Rejected, Reason: "Not any more", Next: "Ask", By: "mara"})
	w.must(err)
	two, err := w.store.Item(background, "ACME", 2)
	w.must(err)
	_, err = w.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: two.ID, Kind: threads.Concern, By: "lin"})
	w.must(err)
	w.file(w.mail("new@x", "ACME", "One more thing", "a@x"))
	m, err := w.store.Message(background, "new@x")
	w.must(err)
	e.Chapters[0].Mails = append(e.Chapters[0].Mails, m.ID)
	e.Next = w.clock.Now()
	e.Changes, err = w.store.Changes(background, 1)
	w.must(err)
	var out bytes.Buffer
	var packed *archive.Packed
	w.must(w.store.Snapshot(background, func(s *store.Snapshot) (err error) {
		packed, err = e.Pack(s, &out)
		return err
	}))
	bundle := out.Bytes()
	agreed(t, w, bundle)
	var named []string
	for _, u := range listOf(t, bundle).Uncovered {
		named = append(named, u.Place())
	}
	for _, want := range []string{"answer to item F-1", "item F-2", "message " + m.ID, "change "} {
		if !strings.Contains(strings.Join(named, "; "), want) {
			t.Errorf("%s is not among %q", want, named)
		}
	}
	if packed.Uncovered != len(named) {
		t.Errorf("%d are counted", packed.Uncovered)
	}
	if one := bundledItem(t, bundle, 1); one.Item.Answer == nil || one.Item.Answer.Reason != "It is bigger now" || len(one.Answers) != 1 {
		t.Errorf("the answer that counts is %+v", one.Item.Answer)
	}
	if i := bundledItem(t, bundle, 2); i.Item.Kind != threads.Problem {
		t.Errorf("the item is a %s", i.Item.Kind)
	}
	if text := string(bundle); strings.Contains(text, "Not any more") || strings.Contains(text, "One more thing") || !strings.Contains(text, "The next signature is due by 2026-11-23") {
		t.Error("the bundle says what it does not prove, or not when it will")
	}
}
