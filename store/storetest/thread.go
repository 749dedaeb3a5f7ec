package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/threads"
)

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// conversation is a thread of five mails, in which b and c share the root r
// that never comes, d knows only c, and e closes a loop; and a mail apart.
func conversation(h *house) []threads.Filing {
	return []threads.Filing{
		h.mail("b@x", subject("Re: Website"), refers("r@x")),
		h.mail("c@x", refers("r@x", "b@x")),
		h.mail("d@x", refers("c@x")),
		h.mail("e@x", refers("d@x", "e@x", "f@x"), says(threads.Item{Kind: threads.Problem, Text: "Hello", End: 5})),
		h.mail("f@x", refers("f@x")),
		h.mail("alone@x", subject("Other")),
	}
}

// orders gives some orders of n things, all if they are few.
func orders(n int) [][]int {
	if n == 1 {
		return [][]int{{0}}
	}
	var out [][]int
	for _, rest := range orders(n - 1) {
		for at := range n {
			out = append(out, slices.Insert(slices.Clone(rest), at, n-1))
		}
	}
	return out
}

func usedMessageIDs(t *testing.T, h *house) {
	used := func(f *threads.Filing) { f.UsedID = true }
	first := h.file(h.mail("same@x", text("The first mail.")))[0].Thread
	second := h.file(h.mail("same@x", text("Another mail."), used))[0].Thread
	answer := h.file(h.mail("answer@x", refers("same@x")))[0].Thread
	third := h.file(h.mail("same@x", text("A third one."), refers("answer@x"), used))[0].Thread
	if second == first || answer != first || third != first {
		t.Errorf("threads %s, %s, %s, %s: the second is to be apart, the others together", first, second, answer, third)
	}
}

func orderOfArrival(t *testing.T, h *house) {
	mails := conversation(h)
	for n, order := range orders(len(mails)) {
		if n%29 != 0 { // 25 of 720 orders, spread over all
			continue
		}
		key := fmt.Sprintf("P-%d", n)
		for step, i := range order {
			f := mails[i]
			f.Message.Project = key
			f.Raw = []byte(key + string(f.Raw))
			f.Message.RawSHA = ""
			h.clock.pass(time.Millisecond)
			filed := h.file(f)[0]
			if filed.Thread == "" {
				t.Fatalf("order %v, step %d: no thread", order, step)
			}
		}
		list, err := h.store.Threads(background, threads.ThreadQuery{Project: key})
		h.must(err)
		var got []string
		for _, th := range list {
			_, in, err := h.store.Thread(background, th.ID)
			h.must(err)
			var ids []string
			for _, m := range in {
				ids = append(ids, m.MessageID)
				if m.Thread != th.ID {
					t.Errorf("order %v: message %s says thread %s, not %s", order, m.MessageID, m.Thread, th.ID)
				}
			}
			got = append(got, fmt.Sprint(th.Subject, " ", th.Messages, " ", th.Open, " ", th.Created.Format(time.TimeOnly), " ", th.Updated.Format(time.TimeOnly), " ", ids))
		}
		same(t, fmt.Sprint("order ", order), got, []string{
			"Other 1 0 09:06:00 09:06:00 [alone@x]",
			"Website 5 1 09:01:00 09:05:00 [b@x c@x d@x e@x f@x]",
		})
	}
}

func threadsPerProject(t *testing.T, h *house) {
	a := h.file(h.mail("a@x"))[0]
	b := h.file(h.mail("b@x", project("OTHER"), refers("a@x")))[0]
	if a.Thread == b.Thread {
		t.Error("a mail of another project came into the thread")
	}
	c := h.file(h.mail("c@x", project("OTHER"), refers("b@x")))[0]
	same(t, "inside the project", c.Thread, b.Thread)
}

func mergedThreads(t *testing.T, h *house) {
	first := h.file(h.mail("a@x", subject("First"), says(threads.Item{Kind: threads.Request, Text: "one"})))[0]
	h.clock.pass(time.Second)
	second := h.file(h.mail("b@x", says(threads.Item{Kind: threads.Request, Text: "two"}), func(f *threads.Filing) {
		f.Message.From = threads.Address{Name: "王芳", Address: "wang@acme.example"}
	}))[0]
	h.clock.pass(time.Second)
	third := h.file(h.mail("c@x"))[0]
	h.clock.pass(time.Second)

	joined := h.file(h.mail("d@x", refers("b@x", "c@x")))[0]
	same(t, "joined", joined.Thread, second.Thread)
	same(t, "merged", joined.Merged, []string{third.Thread})
	all := h.file(h.mail("e@x", refers("a@x", "d@x")))[0]
	same(t, "joined all", all.Thread, first.Thread)
	same(t, "merged all", all.Merged, []string{second.Thread})

	for _, id := range []string{first.Thread, second.Thread, third.Thread, third.Thread[:16]} {
		th, mails, err := h.store.Thread(background, id)
		h.must(err)
		if th.ID != first.Thread || th.Messages != 5 || len(mails) != 5 || th.Open != 2 || th.Subject != "First" {
			t.Errorf("thread %s is %+v with %d mails", id, th, len(mails))
		}
		same(t, "people", th.People, []threads.Address{{Name: "Anna Weber", Address: "anna@acme.example"}, {Name: "王芳", Address: "wang@acme.example"}})
	}
	items, err := h.store.Items(background, threads.ItemQuery{Thread: first.Thread})
	h.must(err)
	same(t, "items of the thread", len(items), 2)
	same(t, "threads of the project", mustThread(h, "ACME").ID, first.Thread)

	// One batch that makes, merges and merges again.
	h.file(h.mail("u@x", project("B")), h.mail("v@x", project("B")), h.mail("w@x", project("B")),
		h.mail("uv@x", project("B"), refers("u@x", "v@x")), h.mail("vw@x", project("B"), refers("v@x", "w@x")))
	same(t, "messages after a batch", mustThread(h, "B").Messages, 5)
}

func threadPages(t *testing.T, h *house) {
	var want []string
	for i := range 7 {
		f := h.mail(fmt.Sprintf("%d@x", i))
		if i == 3 { // an old mail that arrives late is an old thread
			f.Message.Received = f.Message.Received.AddDate(-1, 0, 0)
		}
		id := h.file(f)[0].Thread
		if i == 3 {
			want = append(want, id)
		} else {
			want = slices.Insert(want, 0, id)
		}
	}
	h.file(h.mail("other@x", project("OTHER")))
	var got []string
	q := threads.ThreadQuery{Project: "ACME", Limit: 3}
	for {
		page, err := h.store.Threads(background, q)
		h.must(err)
		if len(page) == 0 {
			break
		}
		for _, th := range page {
			got = append(got, th.ID)
		}
		q.Before = page[len(page)-1].ID
	}
	same(t, "pages", got, want)
	all, err := h.store.Threads(background, threads.ThreadQuery{})
	h.must(err)
	same(t, "threads of all projects", len(all), 8)
}

func tray(t *testing.T, h *house) {
	why := &threads.Tray{Cause: "unknown-sender", Words: "nobody knows him", Proposal: "ACME"}
	f := h.mail("a@x", project(""), says(threads.Item{Kind: threads.Request, Text: "Hello"}), func(f *threads.Filing) { f.Message.Tray = why })
	first := h.file(f)[0]
	second := h.file(h.mail("b@x", project(""), refers("a@x")))[0]
	if first.Thread != "" || second.Thread != "" {
		t.Errorf("mail in the tray has threads %q and %q", first.Thread, second.Thread)
	}
	in, err := h.store.Tray(background, 10)
	h.must(err)
	if len(in) != 2 || in[0].ID != second.Message || in[1].Tray == nil || *in[1].Tray != *why {
		t.Errorf("tray is %s", jsonOf(in))
	}
	n, oldest, err := h.store.InTray(background)
	h.must(err)
	same(t, "counted", []any{n, oldest}, []any{2, h.message(first.Message).Received})
	one, err := h.store.Tray(background, 1)
	h.must(err)
	same(t, "limited", len(one), 1)
	items, err := h.store.Items(background, threads.ItemQuery{})
	h.must(err)
	same(t, "items", len(items), 0)
	// A project's mail that refers to one in the tray is a thread of its own.
	if th := h.file(h.mail("c@x", refers("a@x")))[0]; th.Thread == "" {
		t.Error("a filed reply has no thread")
	}
}
