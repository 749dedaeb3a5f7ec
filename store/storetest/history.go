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
