package storetest

import (
	"testing"
	"time"

	"rapport/threads"
)

func items(t *testing.T, h *house) {
	said := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	full := threads.Item{Kind: threads.Request, Facet: threads.Technical, Text: "Hello", Start: 0, End: 5, Urgent: true, Due: "2026-11-27",
		About: "the plan", Report: "r1", Point: "P3", Sure: false, Why: "it may be a joke", At: said}
	filed := h.file(h.mail("a@x", says(full, threads.Item{Kind: threads.Praise, Text: "this", Start: 7, End: 11, Sure: true})),
		h.mail("b@x", project("OTHER"), says(threads.Item{Kind: threads.Question, Text: "Hello"})),
		h.mail("c@x", says(threads.Item{Kind: threads.Question, Text: "mail"})))

	one, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	want := full
	want.ID, want.Project, want.Number, want.Message, want.Thread, want.State = one.ID, "ACME", 1, filed[0].Message, filed[0].Thread, threads.Open
	same(t, "item", one, want)
	for q, want := range map[threads.ItemQuery][]int{
		{Project: "ACME"}:                          {3, 2, 1},
		{Project: "ACME", Open: true}:              {3, 1},
		{Project: "ACME", Limit: 1}:                {3},
		{Project: "OTHER"}:                         {1},
		{Kind: threads.Praise}:                     {2},
		{Message: filed[0].Message}:                {2, 1},
		{Report: "r1"}:                             {1},
		{Report: "r2"}:                             {},
		{Thread: filed[2].Thread}:                  {3},
		{Project: "ACME", Kind: threads.Problem}:   {},
		{Project: "OTHER", Kind: threads.Question}: {1},
	} {
		list, err := h.store.Items(background, q)
		h.must(err)
		numbers := []int{}
		for _, i := range list {
			numbers = append(numbers, i.Number)
		}
		same(t, jsonOf(q), numbers, want)
	}
	praise, err := h.store.Item(background, "ACME", 2)
	h.must(err)
	same(t, "praise owes nothing", praise.State, threads.Noted)
	same(t, "facet", praise.Facet, threads.NoFacet)
	th, _, err := h.store.Thread(background, filed[0].Thread)
	h.must(err)
	same(t, "open items of the thread", th.Open, 1)
}

// needed asks for what is needed most on a day, and how much waits.
func needed(t *testing.T, h *house) {
	var said []threads.Item
	for n, i := range []threads.Item{{}, {Due: "2026-11-30"}, {Urgent: true}, {Due: "2026-11-20"}, {Due: "2026-11-10"}, {Urgent: true, Due: "2026-11-20"}, {Due: "2026-11-24"}, {}} {
		i.Kind, i.Text, i.Start, i.End, i.Sure = threads.Request, "Hello", n, n+5, true
		i.At = h.clock.Now().Add(-time.Duration(n) * time.Hour)
		said = append(said, i)
	}
	said[7].Kind = threads.Problem
	h.file(h.mail("a@x", says(said...)), h.mail("b@x", says(threads.Item{Kind: threads.Praise, Text: "Hello", End: 5})), h.mail("c@x", project("OTHER"), says(said[0])))
	ask := func(q threads.ItemQuery) (numbers []int) {
		list, err := h.store.Items(background, q)
		h.must(err)
		for _, i := range list {
			numbers = append(numbers, i.Number)
		}
		return numbers
	}
	same(t, "in the order of need", ask(threads.ItemQuery{Project: "ACME", Needed: "2026-11-24"}), []int{5, 6, 4, 3, 7, 2, 8, 1})
	same(t, "a week later", ask(threads.ItemQuery{Project: "ACME", Needed: "2026-12-01", Limit: 6}), []int{5, 6, 4, 7, 2, 3})
	same(t, "of one kind", ask(threads.ItemQuery{Project: "ACME", Kind: threads.Problem, Needed: "2026-11-24"}), []int{8})
	same(t, "of all projects", len(ask(threads.ItemQuery{Needed: "2026-11-24"})), 9)
	w, err := h.store.Waiting(background, "ACME", "2026-11-24")
	h.must(err)
	same(t, "what waits", w, threads.Waiting{Open: 8, Urgent: 2, Late: 3, Kinds: map[threads.Kind]int{threads.Request: 7, threads.Problem: 1}})
	w, err = h.store.Within(threads.Scope{Projects: []string{"OTHER"}}).Waiting(background, "ACME", "2026-11-24")
	h.must(err)
	same(t, "what waits in a project of somebody else", w.Open, 0)
}

// manyItems has more items about one report, in one thread and in one mail than
// a list usually shows.
func manyItems(t *testing.T, h *house) {
	const many = 130
	var said []threads.Item
	for range many {
		said = append(said, threads.Item{Kind: threads.Request, Text: "Hello", End: 5, Report: "r1"})
	}
	filed := h.file(h.mail("a@x", says(said...)))[0]
	for name, q := range map[string]threads.ItemQuery{"mail": {Message: filed.Message}, "thread": {Thread: filed.Thread}, "report": {Report: "r1"}} {
		list, err := h.store.Items(background, q)
		h.must(err)
		same(t, "items of one "+name, len(list), many)
	}
}

func answers(t *testing.T, h *house) {
	filed := h.file(h.mail("a@x", says(threads.Item{Kind: threads.Request, Text: "Hello"}, threads.Item{Kind: threads.Question, Text: "mail"})))[0]
	one, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: one.ID, Word: threads.Rejected, Reason: "too dear"})
	if err == nil {
		t.Error("an answer without a next step was taken")
	}
	_, err = h.store.AnswerItem(background, threads.Answer{Item: "i0000000000000000", Word: threads.Done, Reason: "done"})
	h.wants(err, threads.ErrNotFound)
	got, err := h.store.AnswerItem(background, threads.Answer{Item: one.ID, Word: threads.Deferred, Reason: "later", Next: "we ask again", Date: "2026-12-01", By: "lin"})
	h.must(err)
	same(t, "state", got.State, threads.Answered)
	same(t, "answer", *got.Answer, threads.Answer{Item: one.ID, Word: threads.Deferred, Reason: "later", Next: "we ask again",
		Date: "2026-12-01", By: "lin", At: h.clock.Now()})
	th, _, err := h.store.Thread(background, filed.Thread)
	h.must(err)
	same(t, "open items", th.Open, 1)

	h.clock.pass(time.Hour)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: one.ID, Word: threads.Done, Reason: "it is online", By: "lin"})
	h.must(err)
	list, err := h.store.Items(background, threads.ItemQuery{Project: "ACME"})
	h.must(err)
	same(t, "items", len(list), 2)
	same(t, "the later answer stands in front", list[1].Answer.Word, threads.Done)
	if list[0].Answer != nil {
		t.Errorf("an item without an answer has %+v", list[0].Answer)
	}
}

func uniqueBeginnings(t *testing.T, h *house) {
	a := h.file(h.mail("a@x"))[0]
	h.clock.pass(24 * time.Hour)
	b := h.file(h.mail("b@x"))[0]
	for _, id := range []string{b.Message, b.Message[:12], " " + b.Message + " "} {
		m, err := h.store.Message(background, id)
		h.must(err)
		same(t, id, m.ID, b.Message)
	}
	raw, err := h.store.Raw(background, b.Message[:12])
	h.must(err)
	same(t, "raw by a beginning", shaOf(raw), mustMessage(h, b.Message).RawSHA)
	_, err = h.store.Message(background, a.Message[:3])
	h.wants(err, threads.ErrAmbiguous)
	_, _, err = h.store.Thread(background, a.Thread[:3])
	h.wants(err, threads.ErrAmbiguous)
	th, _, err := h.store.Thread(background, a.Thread[:12])
	h.must(err)
	same(t, "thread by a beginning", th.ID, a.Thread)
}

func mustMessage(h *house, id string) threads.Message {
	h.t.Helper()
	m, err := h.store.Message(background, id)
	h.must(err)
	return m
}

func notFound(t *testing.T, h *house) {
	h.file(h.mail("a@x"))
	for _, id := range []string{"", "m", "mzz", "x", "%", "m%", "m_", "'", "nobody@x", "tzz", "rzz", "lzz", "m{"} {
		_, err := h.store.Message(background, id)
		h.wants(err, threads.ErrNotFound)
		_, _, err = h.store.Thread(background, id)
		h.wants(err, threads.ErrNotFound)
		_, err = h.store.Raw(background, id)
		h.wants(err, threads.ErrNotFound)
		_, err = h.store.Report(background, id)
		h.wants(err, threads.ErrNotFound)
		_, err = h.store.LetterRaw(background, id)
		h.wants(err, threads.ErrNotFound)
		_, err = h.store.Release(background, id, threads.Release{})
		h.wants(err, threads.ErrNotFound)
	}
	_, err := h.store.Item(background, "ACME", 1)
	h.wants(err, threads.ErrNotFound)
	_, err = h.store.Threads(background, threads.ThreadQuery{Project: "ACME", Before: "tzz"})
	h.wants(err, threads.ErrNotFound)
	_, _, err = h.store.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound)
	err = h.store.Resolve(background, "l0", threads.Taken, "")
	h.wants(err, threads.ErrNotFound)
	_, ok, err := h.store.HasRaw(background, "00")
	if ok || err != nil {
		t.Errorf("HasRaw of nothing: %v %v", ok, err)
	}
}
