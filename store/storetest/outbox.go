package storetest

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/threads"
)

// states are where the letters of a report stand, and the report.
func states(h *house, report string) string {
	h.t.Helper()
	r := mustReport(h, report)
	out := string(r.State) + ":"
	for _, d := range r.Deliveries {
		out += " " + string(d.State)
	}
	return out
}

func (h *house) lease() (threads.Delivery, threads.Letter) {
	h.t.Helper()
	d, l, err := h.store.Lease(background, "me", time.Minute)
	h.must(err)
	return d, l
}

func (h *house) settle(d threads.Delivery, state threads.DeliveryState, words string, next time.Time) {
	h.t.Helper()
	d.State, d.Words, d.Next = state, words, next
	h.must(h.store.Settle(background, d))
}

func letterLife(t *testing.T, h *house) {
	a := h.approval("2026-W48")
	r := h.approve(a)
	_, _, err := h.store.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound) // held letters do not go out
	for range 2 {                     // released twice is released once
		r, err = h.store.Release(background, r.ID, threads.Release{})
		h.must(err)
		same(t, "released", states(h, r.ID), "queued: queued queued")
	}
	h.clock.pass(time.Second)

	d, l := h.lease()
	same(t, "leased", []any{d.State, d.Attempts, d.Letter, shaOf(l.Raw)}, []any{threads.Sending, 1, l.ID, l.SHA})
	h.settle(d, threads.Deferring, "450 busy", h.clock.Now().Add(time.Hour))
	h.wants(h.store.Settle(background, d), threads.ErrFenced) // settled is settled
	second, _ := h.lease()
	if second.Letter == d.Letter {
		t.Fatal("a deferred letter was leased before its time")
	}
	h.settle(second, threads.Taken, "250 ok", time.Time{})
	_, _, err = h.store.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound)
	same(t, "half done", states(h, r.ID), "queued: deferred accepted")

	h.clock.pass(time.Hour)
	again, _ := h.lease()
	if again.Letter != d.Letter || again.Attempts != 2 || again.Fence == d.Fence {
		t.Errorf("leased again: %+v", again)
	}
	stale := again
	stale.Fence, stale.State = d.Fence, threads.Taken
	h.wants(h.store.Settle(background, stale), threads.ErrFenced)
	h.settle(again, threads.Taken, "250 ok", time.Time{})
	same(t, "done", states(h, r.ID), "sent: accepted accepted")
	_, err = h.store.Cancel(background, r.ID, "lin")
	h.wants(err, threads.ErrConflict)
	checkTree(h)
}

// letterTimes: a letter waits for its time, is put back without having been
// tried, and is released again.
func letterTimes(t *testing.T, h *house) {
	r := h.approve(h.approval("2026-W48"))
	at := h.clock.Now().Add(time.Hour)
	r, err := h.store.Release(background, r.ID, threads.Release{SendAt: at, AnyHour: true})
	h.must(err)
	same(t, "released", []any{r.SendAt.Equal(at), r.AnyHour, r.Deliveries[0].Waits(h.clock.Now())}, []any{true, true, true})
	_, _, err = h.store.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound)
	h.clock.pass(time.Hour)
	d, l := h.lease()
	same(t, "leased", []any{l.SendAt.Equal(at), l.AnyHour, d.Next.Equal(at), d.Attempts}, []any{true, true, true, 1})
	d.Uncounted = true
	h.settle(d, threads.Held, "its time was missed", time.Time{})
	_, err = h.store.Release(background, r.ID, threads.Release{ReleasedBy: "lin"})
	h.must(err)
	r = mustReport(h, r.ID)
	same(t, "who released again", r.Again, []threads.Released{{By: "lin", At: h.clock.Now()}})
	same(t, "released again", []any{r.SendAt.Equal(at) && r.At.Equal(h.clock.Now()), r.AnyHour, r.Deliveries[0].State, r.Deliveries[0].Attempts}, []any{true, false, threads.Queued, 0})
	for range r.Deliveries {
		d, _ := h.lease()
		h.settle(d, threads.Taken, "250 ok", time.Time{})
	}
	same(t, "done", states(h, r.ID), "sent: accepted accepted")

	early := h.approve(h.approval("2026-W49"))
	_, err = h.store.Release(background, early.ID, threads.Release{SendAt: h.clock.Now().Add(time.Hour)})
	h.must(err)
	early, err = h.store.Release(background, early.ID, threads.Release{}) // now, rather
	h.must(err)
	same(t, "now", []any{early.SendAt.Equal(h.clock.Now()), early.Goes(h.clock.Now()).IsZero()}, []any{true, true})
	checkTree(h)
}

// letterHeld: of those who release what is held, each with a page that is behind,
// one does; and what waits for its time goes on waiting.
func letterHeld(t *testing.T, h *house) {
	r := h.approve(h.approval("2026-W48"))
	held := threads.Release{ReleasedBy: "lin", Held: true}
	const pages = 4
	errs := make(chan error, pages)
	for range pages {
		go func() {
			_, err := h.store.Release(background, r.ID, held)
			errs <- err
		}()
	}
	done := 0
	for range pages {
		if err := <-errs; err == nil {
			done++
		} else {
			h.wants(err, threads.ErrConflict)
		}
	}
	same(t, "releases", done, 1)

	later := h.clock.Now().Add(time.Hour)
	_, err := h.store.Release(background, r.ID, threads.Release{SendAt: later})
	h.must(err)
	_, err = h.store.Release(background, r.ID, held)
	h.wants(err, threads.ErrConflict)
	r = mustReport(h, r.ID)
	same(t, "its time", []bool{r.SendAt.Equal(later), r.Goes(h.clock.Now()).Equal(later)}, []bool{true, true})

	h.clock.pass(time.Hour)
	d, _ := h.lease()
	d.Uncounted = true
	h.settle(d, threads.Held, threads.TimeMissed, time.Time{})
	_, err = h.store.Release(background, r.ID, held)
	h.must(err)
	r = mustReport(h, r.ID)
	same(t, "what was held goes", states(h, r.ID), "queued: queued queued")
	same(t, "who", []any{r.ReleasedBy, r.Again[len(r.Again)-1].By}, []any{"lin", "lin"})
	checkTree(h)
}

func letterUnknown(t *testing.T, h *house) {
	r := h.approve(h.approval("2026-W48"))
	r, err := h.store.Release(background, r.ID, threads.Release{})
	h.must(err)
	first, _ := h.lease()
	second, _ := h.lease()
	n, err := h.store.Expire(background)
	h.must(err)
	same(t, "expired too early", n, 0)
	h.clock.pass(2 * time.Minute)
	n, err = h.store.Expire(background)
	h.must(err)
	same(t, "expired", n, 2)
	same(t, "unknown", states(h, r.ID), "trouble: unknown unknown")
	first.State = threads.Taken
	h.wants(h.store.Settle(background, first), threads.ErrFenced) // too late
	_, _, err = h.store.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound) // never sent blindly again
	_, err = h.store.Cancel(background, r.ID, "lin")
	h.wants(err, threads.ErrConflict)
	open, err := h.store.Unsettled(background)
	h.must(err)
	same(t, "unsettled", len(open), 2)

	h.wants(h.store.Resolve(background, first.Letter, threads.Bounced, ""), threads.ErrConflict)
	h.must(h.store.Resolve(background, first.Letter, threads.Taken, "found in our mailbox"))
	h.wants(h.store.Resolve(background, first.Letter, threads.Queued, ""), threads.ErrConflict)
	h.must(h.store.Resolve(background, second.Letter, threads.Queued, "not found"))
	again, l := h.lease()
	same(t, "the same bytes go again", []string{again.Letter, shaOf(l.Raw)}, []string{second.Letter, l.SHA})
	h.settle(again, threads.Refused, "550 no such user", time.Time{})
	same(t, "settled", states(h, r.ID), "trouble: accepted refused")
}

func cancel(t *testing.T, h *house) {
	filed := h.file(h.mail("a@x", says(threads.Item{Kind: threads.Request, Text: "Hello"}, threads.Item{Kind: threads.Praise, Text: "Hello"})))[0]
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	praise, err := h.store.Item(background, "ACME", 2)
	h.must(err)
	_, err = h.store.AnswerItem(background, threads.Answer{Item: item.ID, Word: threads.Accepted, Reason: "yes", By: "lin"})
	h.must(err)
	a := h.approval("2026-W48")
	a.Answers = []threads.Answer{{Item: item.ID, Word: threads.Done, Reason: "online"}, {Item: praise.ID, Word: threads.Replied, Reason: "thanks"}}
	r := h.approve(a)
	for range 2 {
		r, err = h.store.Cancel(background, r.ID, "lin")
		h.must(err)
		same(t, "cancelled", states(h, r.ID), "cancelled: cancelled cancelled")
	}
	item, err = h.store.Item(background, "ACME", 1)
	h.must(err)
	if item.State != threads.Answered || item.Answer.Word != threads.Accepted {
		t.Errorf("the answer before counts again, but the item is %s", jsonOf(item))
	}
	praise, err = h.store.Item(background, "ACME", 2)
	h.must(err)
	if praise.State != threads.Noted || praise.Answer != nil {
		t.Errorf("an answer that nobody has read counts: %s", jsonOf(praise))
	}
	th, _, err := h.store.Thread(background, filed.Thread)
	h.must(err)
	same(t, "open items", th.Open, 0)
	_, err = h.store.Release(background, r.ID, threads.Release{})
	h.wants(err, threads.ErrConflict)

	refused := h.approve(h.approval("2026-W49"))
	_, err = h.store.Release(background, refused.ID, threads.Release{})
	h.must(err)
	d, _ := h.lease()
	_, err = h.store.Cancel(background, refused.ID, "lin")
	h.wants(err, threads.ErrConflict) // it may be with the server at this moment
	same(t, "nothing is half cancelled", states(h, refused.ID), "queued: sending queued")
	h.settle(d, threads.Refused, "550 no", time.Time{})
	_, err = h.store.Cancel(background, refused.ID, "lin")
	h.must(err)
	same(t, "refused and cancelled", states(h, refused.ID), "cancelled: refused cancelled")
}

func concurrentLeases(t *testing.T, h *house) {
	for _, period := range []string{"1", "2", "3"} {
		r := h.approve(h.approval(period))
		_, err := h.store.Release(background, r.ID, threads.Release{})
		h.must(err)
	}
	other := h.open()
	var mu sync.Mutex
	taken := map[string]int{}
	together(8, func(i int) {
		s := h.store
		if i%2 == 1 {
			s = other
		}
		d, _, err := s.Lease(background, "me", time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			taken[d.Letter]++
		} else if !errors.Is(err, threads.ErrNotFound) {
			t.Error(err)
		}
	})
	for letter, n := range taken {
		if n != 1 {
			t.Errorf("letter %s was leased %d times", letter, n)
		}
	}
	for { // skipped rows may have left some
		d, _, err := h.store.Lease(background, "me", time.Minute)
		if err != nil {
			h.wants(err, threads.ErrNotFound)
			break
		}
		taken[d.Letter]++
	}
	same(t, "letters leased", len(taken), 6)
}

func outcomes(t *testing.T, h *house) {
	r := h.approve(h.approval("2026-W48"))
	first, second := r.Deliveries[0].Letter, r.Deliveries[1].Letter
	news := func(id string, c threads.Class, letter string, state threads.DeliveryState) {
		h.t.Helper()
		h.file(h.mail(id, class(c), tells(threads.Outcome{Letter: letter, State: state, Words: "words of " + id, Opened: strings.HasPrefix(id, "read")})))
	}
	news("early@x", threads.ClassBounce, first, threads.Bounced)
	news("nobody@x", threads.ClassBounce, "l0000000000000000", threads.Bounced)
	news("none@x", threads.ClassBounce, "", threads.Bounced)
	same(t, "a letter that never went cannot bounce", states(h, r.ID), "approved: held held")

	_, err := h.store.Release(background, r.ID, threads.Release{})
	h.must(err)
	a, _ := h.lease()
	b, _ := h.lease()
	news("copy@x", threads.ClassOwnCopy, a.Letter, threads.Taken)
	a.State = threads.Unknown
	h.wants(h.store.Settle(background, a), threads.ErrFenced) // the proof was faster
	h.settle(b, threads.Unknown, "connection lost", time.Time{})
	news("copy2@x", threads.ClassOwnCopy, b.Letter, threads.Taken)
	same(t, "own copies prove", states(h, r.ID), "sent: accepted accepted")

	news("delay@x", threads.ClassDelay, second, threads.Deferring)
	news("read@x", threads.ClassReceipt, second, threads.Taken)
	news("deleted@x", threads.ClassReceipt, first, threads.Taken)
	news("read2@x", threads.ClassReceipt, second, threads.Taken)
	news("bounce@x", threads.ClassBounce, first, threads.Bounced)
	same(t, "bounced", states(h, r.ID), "trouble: bounced accepted")
	for _, d := range mustReport(h, r.ID).Deliveries {
		if d.Opened != (d.Letter == second) {
			t.Errorf("letter %s opened: %v", d.Letter, d.Opened)
		}
		if d.Letter == first && d.Words != "words of bounce@x" {
			t.Errorf("words of the bounce: %q", d.Words)
		}
	}
	checkTree(h)
}
