package storetest

import (
	"fmt"
	"testing"
	"time"

	"rapport/threads"
)

func quietThreads(t *testing.T, h *house) {
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	came := func(at time.Time) edit {
		return func(f *threads.Filing) { f.Message.Date, f.Message.Received = at, at }
	}
	filed := h.file(
		h.mail("a@x", subject("Long quiet"), came(noon.AddDate(-2, 0, 0))),
		h.mail("b@x", subject("Taken up again"), came(noon.AddDate(-3, 0, 0))), h.mail("b2@x", refers("b@x"), came(noon)),
		h.mail("c@x", subject("Quiet"), came(noon.AddDate(-1, 0, 0))),
		h.mail("c2@x", subject("Joined"), came(noon.AddDate(-4, 0, 0))), h.mail("c3@x", refers("c@x", "c2@x"), came(noon.AddDate(-1, 0, 1))),
		h.mail("d@x", project("TEA"), came(noon.AddDate(-5, 0, 0))), h.mail("t@x", project(""), came(noon.AddDate(-5, 0, 0))))
	quiet := func(before time.Time) (out []string) {
		t.Helper()
		list, err := h.store.QuietThreads(background, "ACME", before)
		h.must(err)
		for _, th := range list {
			out = append(out, th.ID)
		}
		return out
	}
	a, c := filed[0].Thread, filed[5].Thread
	same(t, "before today", quiet(noon), []string{a, c})
	same(t, "a thread's last mail counts, to the moment", fmt.Sprint(quiet(noon.AddDate(-1, 0, 1)), quiet(noon.AddDate(-1, 0, 1).Add(time.Millisecond))),
		fmt.Sprint([]string{a}, []string{a, c}))
	same(t, "long ago", len(quiet(noon.AddDate(-6, 0, 0))), 0)

	over := threads.Erasure{Cause: threads.CauseRetention, Reason: "kept for a year", By: "mara"}
	_, err := h.store.EraseThread(background, c, noon.AddDate(-1, 0, 1), over)
	h.wants(err, threads.ErrConflict) // mail came at that very moment
	n, err := h.store.EraseThread(background, c, noon, over)
	h.must(err)
	same(t, "mails of the thread", n, 3)
	same(t, "what is left to erase", quiet(noon), []string{a})
	_, mails, err := h.store.Thread(background, c)
	h.must(err)
	for _, m := range mails {
		same(t, "the cause", m.Erased.Cause, threads.CauseRetention)
	}

	// Somebody answers after all; the old mail stays erased, the new one is kept.
	h.file(h.mail("late@x", subject("Late"), came(noon), func(f *threads.Filing) { f.Message.References = []string{"c@x"} }))
	hold, err := h.store.Hold(background, threads.Hold{Thread: a, Reason: "a lawsuit", By: "mara"})
	h.must(err)
	_, err = h.store.EraseThread(background, a, noon, over)
	h.wants(err, threads.ErrConflict)
	_, err = h.store.Lift(background, hold.ID, "mara")
	h.must(err)
	n, err = h.store.EraseThread(background, a, noon, over)
	h.must(err)
	same(t, "mails once the hold is lifted", n, 1)
}
