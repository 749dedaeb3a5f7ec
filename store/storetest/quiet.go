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
}
