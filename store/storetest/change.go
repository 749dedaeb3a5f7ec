package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/threads"
)

// world is what people see of an archive: threads with their mail and items.
type world struct {
	Threads []threads.Thread
	Mails   [][]threads.Message
	Items   []threads.Item
	Tray    []threads.Message
}

func (h *house) world() (w world) {
	h.t.Helper()
	var err error
	for _, project := range []string{"ACME", "TEA"} {
		list, err := h.store.Threads(background, threads.ThreadQuery{Project: project})
		h.must(err)
		for _, th := range list {
			_, mails, err := h.store.Thread(background, th.ID)
			h.must(err)
			w.Threads, w.Mails = append(w.Threads, th), append(w.Mails, mails)
		}
		items, err := h.store.Items(background, threads.ItemQuery{Project: project})
		h.must(err)
		w.Items = append(w.Items, items...)
	}
	w.Tray, err = h.store.Tray(background, 100)
	h.must(err)
	return w
}

// change makes a change and wants its undoing to leave everything as it was.
func (h *house) change(c threads.Change, filings ...threads.Filing) (made threads.Change, after world) {
	h.t.Helper()
	before := h.world()
	made, err := h.store.Change(background, c, filings)
	h.must(err)
	after = h.world()
	_, err = h.store.Undo(background, made.ID, "mara")
	h.must(err)
	if diff := cmp.Diff(before, h.world()); diff != "" {
		h.t.Errorf("%s, undone, left a difference:\n%s", c.Kind, diff)
	}
	if _, err := h.store.Undo(background, made.ID, "mara"); !errors.Is(err, threads.ErrConflict) {
		h.t.Errorf("undone twice: %v", err)
	}
	made, err = h.store.Change(background, c, filings)
	h.must(err)
	return made, after
}

func (h *house) message(id string) threads.Message {
	h.t.Helper()
	m, err := h.store.Message(background, id)
	h.must(err)
	return m
}

// mailOf is a mail in a project, or in the tray, with one request.
func mailOf(project, id, words string, references ...string) threads.Filing {
	f := threads.Filing{Raw: []byte("Message-ID: <" + id + ">\r\n\r\n" + words), Message: threads.Message{
		Project: project, MessageID: id, References: references, Subject: "About " + id,
		From: threads.Address{Name: "Ann", Address: "ann@acme.example"}, Text: words, NewText: words,
	}}
	if project != "" {
		f.Items = []threads.Item{{Kind: threads.Request, Text: words, End: len(words)}}
	}
	return f
}

func trayFiled(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "Please start."), mailOf("", "b@x", "Please stop.", "a@x"))
	f := mailOf("ACME", "b@x", "Please stop.", "a@x")
	f.Message.ID = filed[1].Message
	_, after := h.change(threads.Change{Kind: threads.ChangeFile, Project: "ACME", Address: "Ann@acme.example", Via: "lists.example", By: "mara"}, f)
	if len(after.Tray) != 0 || len(after.Threads) != 1 || after.Threads[0].Messages != 2 || after.Threads[0].Open != 2 {
		t.Errorf("filed from the tray: %+v", after)
	}
	hits, err := h.store.Search(background, threads.SearchQuery{Text: "stop", Project: "ACME"})
	h.must(err)
	if len(hits) != 1 {
		t.Errorf("search finds %d mails in the new project, want 1", len(hits))
	}
	choices, err := h.store.Choices(background)
	h.must(err)
	if choices.Filed["ann@acme.example"] != "ACME" || !choices.PassedOn[[2]string{"ann@acme.example", "lists.example"}] {
		t.Errorf("the choice is not remembered: %+v", choices)
	}
}

func trayDismissed(t *testing.T, h *house) {
	first := mailOf("", "a@x", "Buy now.")
	at("inbox", 3)(&first)
	other := mailOf("ACME", "b@x", "Stop.")
	at("inbox", 4)(&other)
	filed := h.read(h.reading(3, 4), first, other)
	inTray := func(want int) {
		c, err := h.store.Coverage(background, "inbox")
		h.must(err)
		if c.Tray != want || c.Filed != 2 || c.Vanished != 0 {
			t.Errorf("of the mailbox %+v, want %d in the tray", c, want)
		}
	}
	inTray(1)
	f := mailOf("", "a@x", "Buy now.")
	f.Message.ID = filed[0].Message
	_, after := h.change(threads.Change{Kind: threads.ChangeDismiss, Address: "spam@x.example", By: "mara"}, f)
	if len(after.Tray) != 0 {
		t.Errorf("the dismissed mail is still in the tray")
	}
	if h.message(filed[0].Message).ID == "" {
		t.Error("the dismissed mail is gone")
	}
	inTray(0)
}

func mailMoved(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "One."), mailOf("ACME", "b@x", "Two.", "a@x"))
	f := mailOf("TEA", "b@x", "Two.", "a@x")
	f.Message.ID = filed[1].Message
	_, after := h.change(threads.Change{Kind: threads.ChangeFile, Project: "TEA", By: "mara"}, f)
	if len(after.Threads) != 2 || after.Threads[0].Messages != 1 || after.Threads[1].Messages != 1 {
		t.Errorf("moved to another project: %+v", after.Threads)
	}
	// What the client has read an answer to stays where it is.
	items, err := h.store.Items(background, threads.ItemQuery{Project: "ACME"})
	h.must(err)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: items[0].ID, Word: threads.Done, Reason: "Done.", By: "mara"})
	h.must(err)
	g := mailOf("TEA", "a@x", "One.")
	g.Message.ID = filed[0].Message
	if _, err := h.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: "TEA", By: "mara"}, []threads.Filing{g}); !errors.Is(err, threads.ErrConflict) {
		t.Errorf("moving a mail with an answered item: %v", err)
	}
}

func mailReread(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "One. Two."))
	items, err := h.store.Items(background, threads.ItemQuery{Project: "ACME"})
	h.must(err)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: items[0].ID, Word: threads.Done, Reason: "Done.", By: "mara"})
	h.must(err)
	f := mailOf("ACME", "a@x", "One. Two.")
	f.Message.ID = filed[0].Message
	f.Items = []threads.Item{{Kind: threads.Problem, Text: "One.", End: 4}}
	_, after := h.change(threads.Change{Kind: threads.ChangeReread, By: "mara"}, f)
	if len(after.Items) != 2 || after.Items[1].Answer == nil {
		t.Errorf("an answered item went away by reading its mail again: %+v", after.Items)
	}
}

func threadsSplit(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "One."), mailOf("ACME", "b@x", "Two.", "a@x"))
	f := threads.Filing{Message: h.message(filed[1].Message), Items: []threads.Item{{Kind: threads.Request, Text: "Two.", End: 4}}}
	_, after := h.change(threads.Change{Kind: threads.ChangeSplit, Project: "ACME", By: "mara"}, f)
	if len(after.Threads) != 2 {
		t.Fatalf("%d threads after the split, want 2", len(after.Threads))
	}
	// A reply to the split mail names both, and neither joins them again.
	h.file(mailOf("ACME", "c@x", "Three.", "a@x", "b@x"))
	if w := h.world(); len(w.Threads) != 2 || w.Threads[0].Messages != 2 {
		t.Errorf("after a reply: %+v", w.Threads)
	}
	if got, want := h.message("c@x").Thread, h.message("b@x").Thread; got != want {
		t.Errorf("the reply is in thread %s, want %s", got, want)
	}
}

func threadsMerged(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "One."), mailOf("ACME", "b@x", "Two."))
	f := threads.Filing{Message: h.message(filed[1].Message), Items: []threads.Item{{Kind: threads.Request, Text: "Two.", End: 4}}}
	f.Message.Thread = filed[0].Thread
	_, after := h.change(threads.Change{Kind: threads.ChangeMerge, Project: "ACME", Thread: filed[0].Thread, By: "mara"}, f)
	if len(after.Threads) != 1 || after.Threads[0].Messages != 2 || after.Threads[0].Open != 2 {
		t.Errorf("merged: %+v", after.Threads)
	}
}

func laterChangeFirst(t *testing.T, h *house) {
	filed := h.file(mailOf("", "a@x", "One."))
	f := mailOf("ACME", "a@x", "One.")
	f.Message.ID = filed[0].Message
	first, err := h.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: "ACME", By: "mara"}, []threads.Filing{f})
	h.must(err)
	f.Message.Project = "TEA"
	second, err := h.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: "TEA", By: "mara"}, []threads.Filing{f})
	h.must(err)
	if _, err := h.store.Undo(background, first.ID, "mara"); !errors.Is(err, threads.ErrConflict) {
		t.Errorf("the earlier change was undone before the later: %v", err)
	}
	for _, id := range []string{second.ID, first.ID} {
		_, err := h.store.Undo(background, id, "mara")
		h.must(err)
	}
	if w := h.world(); len(w.Tray) != 1 {
		t.Errorf("after both were undone: %+v", w)
	}
}
