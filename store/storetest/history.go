package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// saysOf is the types of lines of the log, in their order.
func saysOf(lines []threads.LogRow) string {
	var types []string
	for _, l := range lines {
		_, rest, _ := strings.Cut(string(l.Line), `"type":"`)
		name, _, _ := strings.Cut(rest, `"`)
		types = append(types, name)
	}
	return strings.Join(types, " ")
}

func history(t *testing.T, h *house) {
	for n := range 30 { // others before, at the same moment and after
		h.file(h.mail(fmt.Sprintf("before%d@x", n)))
		h.clock.pass(time.Second)
	}
	filed := h.clock.Now()
	batch := h.file(h.mail("same@x"), h.mail("m@x", at("box", 7), func(f *threads.Filing) { f.Source = "old.mbox#3" },
		says(threads.Item{Kind: threads.Request, Text: "Hello"})), h.mail("other@x"))
	id := batch[1].Message
	h.clock.pass(time.Hour)
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	c, err := h.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: item.ID, Kind: threads.Problem, By: "lin"})
	h.must(err)
	h.clock.pass(time.Hour)
	_, err = h.store.Undo(background, c.ID, "mara")
	h.must(err)
	for n := range 30 {
		h.clock.pass(time.Second)
		h.file(h.mail(fmt.Sprintf("after%d@x", n)))
	}

	got, err := h.store.History(background, id)
	h.must(err)
	same(t, "filed", got.Filed, filed)
	same(t, "source", got.Source, "old.mbox#3")
	same(t, "places", got.Positions, []threads.Position{{Mailbox: "box", UIDValidity: 7, UID: 7}})
	if len(got.Changes) != 1 || got.Changes[0].By != "lin" || got.Changes[0].UndoneBy != "mara" {
		t.Errorf("decided: %s", jsonOf(got.Changes))
	}
	if types := saysOf(got.Lines); !strings.HasPrefix(types, "item.found mail.in ") || !strings.Contains(types, "change.made") || !strings.HasSuffix(types, "change.undone") {
		t.Errorf("the log says %q", types)
	}
	for _, l := range got.Lines {
		if !strings.Contains(string(l.Line), id) && !strings.Contains(string(l.Line), c.ID) {
			t.Errorf("line %d is about something else: %s", l.Index, l.Line)
		}
	}
	again := h.file(h.mail("reused@x", at("box", 7)))[0].Message // the server was restored from a backup
	for message, want := range map[string][]threads.Position{id: nil, again: {{Mailbox: "box", UIDValidity: 7, UID: 7}}} {
		got, err := h.store.History(background, message)
		h.must(err)
		same(t, "places of a UID that is used again", got.Positions, want)
	}
	of, err := h.store.ChangesOf(background, []string{batch[0].Message, id})
	h.must(err)
	same(t, "changes of both", len(of), 1)
	of, err = h.store.ChangesOf(background, []string{batch[0].Message})
	h.must(err)
	same(t, "changes of the other", len(of), 0)
	_, err = h.store.History(background, "m0000000000000000")
	h.wants(err, threads.ErrNotFound)
	foreign := h.store.Within(threads.Scope{Projects: []string{"BETA"}, Tray: true})
	_, err = foreign.History(background, id)
	h.wants(err, threads.ErrNotFound)
	of, err = foreign.ChangesOf(background, []string{id})
	h.must(err)
	same(t, "changes that somebody else sees", len(of), 0)
}

func itemHistory(t *testing.T, h *house) {
	h.file(h.mail("m@x", says(threads.Item{Kind: threads.Request, Text: "Hello"}, threads.Item{Kind: threads.Request, Text: "World"})))
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	h.clock.pass(time.Hour)
	for _, a := range []threads.Answer{{Word: threads.Deferred, Reason: "not yet", Next: "we ask again"}, {Word: threads.Accepted, Reason: "it is there"}} {
		a.Item, a.By = item.ID, "lin"
		_, err := h.store.AnswerItem(background, a)
		h.must(err)
		h.clock.pass(time.Hour)
	}
	_, err = h.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: item.ID, Kind: threads.Problem, By: "mara"})
	h.must(err)
	report := h.approval("2026-W48")
	report.Answers = []threads.Answer{{Item: item.ID, Word: threads.Done, Reason: "look", At: h.clock.Now().Add(-time.Minute)}}
	h.approve(report)

	got, err := h.store.ItemHistory(background, item.ID)
	h.must(err)
	if len(got.Answers) != 3 || got.Answers[0].Reason != "not yet" || got.Answers[0].Next != "we ask again" || got.Answers[1].Word != threads.Accepted || got.Answers[1].By != "lin" || !got.Answers[0].At.Before(got.Answers[1].At) {
		t.Errorf("answers: %s", jsonOf(got.Answers))
	}
	if len(got.Changes) != 1 || got.Changes[0].By != "mara" {
		t.Errorf("changes: %s", jsonOf(got.Changes))
	}
	same(t, "the log", saysOf(got.Lines), "item.found item.answered item.answered item.corrected change.made item.answered")
	other, err := h.store.Item(background, "ACME", 2)
	h.must(err)
	got, err = h.store.ItemHistory(background, other.ID)
	h.must(err)
	same(t, "the log of the other", saysOf(got.Lines), "item.found change.made")
	_, err = h.store.Within(threads.Scope{Projects: []string{"BETA"}}).ItemHistory(background, item.ID)
	h.wants(err, threads.ErrNotFound)
	h.must(h.store.Erase(background, []string{item.Message}, threads.Erasure{Cause: threads.CauseRequest, Reason: "asked", By: "mara"}))
	got, err = h.store.ItemHistory(background, item.ID)
	h.must(err)
	same(t, "the words of an erased answer", got.Answers[0].Reason+got.Answers[1].Next, "")
}

func logPages(t *testing.T, h *house) {
	begin := h.clock.Now()
	for n := range 5 {
		h.file(h.mail(fmt.Sprintf("%d@x", n), project([]string{"ACME", "BETA"}[n%2])))
		h.clock.pass(time.Hour)
	}
	page := func(rows []threads.LogRow, err error) string {
		h.must(err)
		var at []int64
		for _, r := range rows {
			at = append(at, r.Index)
		}
		return fmt.Sprint(at)
	}
	same(t, "the latest", page(h.store.LogBefore(background, 5, 2)), "[4 3]")
	same(t, "before them", page(h.store.LogBefore(background, 3, 9)), "[2 1 0]")
	beta := h.store.Within(threads.Scope{Projects: []string{"BETA"}})
	same(t, "of one project", page(beta.LogBefore(background, 5, 9)), "[3 1]")
	for hours, want := range map[int]int64{-1: 0, 0: 0, 1: 1, 4: 4, 5: 5} {
		n, err := h.store.LogAt(background, begin.Add(time.Duration(hours)*time.Hour))
		h.must(err)
		same(t, fmt.Sprintf("after %d hours", hours), n, want)
	}
	n, err := beta.LogAt(background, begin.Add(2*time.Hour))
	h.must(err)
	same(t, "the next line of one project", page(beta.Log(background, n, 1)), "[3]")
}
