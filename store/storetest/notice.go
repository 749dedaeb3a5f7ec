package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/threads"
)

// limits are those of the tests' notices.
var limits = threads.BrakeLimits{Peer: 2, Own: 4, Thread: 3, Total: 5}

func (h *house) newNotice(key, to string) threads.Notice {
	n := threads.Notice{ID: threads.IDs{Now: h.clock.Now}.New(threads.NoticePrefix), Key: key, Kind: threads.NoticeReceipt, Project: "ACME",
		To: threads.Address{Name: "Anna Weber", Address: to}, Subject: "Your mail has come", MessageID: key + "@us.example"}
	n.Raw = []byte("Subject: " + n.Subject + "\r\n\r\n" + key + "\r\n")
	n.SHA = shaOf(n.Raw)
	return n
}

func (h *house) notice(key, to string) threads.Notice {
	h.t.Helper()
	n, err := h.store.MakeNotice(background, h.newNotice(key, to), limits, limits.Peer)
	h.must(err)
	return n
}

func (h *house) settleNotice(state threads.DeliveryState, words string) threads.Letter {
	h.t.Helper()
	d, l, err := h.store.NoticeQueue().Lease(background, "me", time.Minute)
	h.must(err)
	d.State, d.Words = state, words
	if state == threads.Deferring {
		d.Next = h.clock.Now().Add(time.Hour)
	}
	h.must(h.store.NoticeQueue().Settle(background, d))
	return l
}

func noticeLife(t *testing.T, h *house) {
	queue := h.store.NoticeQueue()
	later := h.newNotice("later", "bo@acme.example")
	later.Due = h.clock.Now().Add(2 * time.Hour)
	later, err := h.store.MakeNotice(background, later, limits, limits.Peer)
	h.must(err)
	first := h.notice("k1", "anna@acme.example")
	again := h.notice("k1", "anna@acme.example")
	same(t, "the same key gives the same notice", again.ID, first.ID)
	made, err := h.store.NoticeMade(background, "k1")
	h.must(err)
	none, err := h.store.NoticeMade(background, "k2")
	h.must(err)
	same(t, "made", []bool{made, none}, []bool{true, false})

	latest, err := h.store.LatestNotice(background, threads.NoticeReceipt, "Anna@acme.example")
	h.must(err)
	same(t, "the latest to an address", []string{latest.ID, string(latest.Raw)}, []string{first.ID, string(h.newNotice("k1", "").Raw)})
	_, err = h.store.LatestNotice(background, threads.NoticeCheckpoint, "anna@acme.example")
	h.wants(err, threads.ErrNotFound)

	same(t, "the bytes as they were made", string(h.settleNotice(threads.Deferring, "450 busy").Raw), string(h.newNotice("k1", "").Raw))
	_, _, err = queue.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound) // neither is due
	h.clock.pass(time.Hour)
	d, l, err := queue.Lease(background, "me", time.Minute)
	h.must(err)
	same(t, "leased again", []any{l.ID, d.Attempts, d.Recipient.Address}, []any{first.ID, 2, "anna@acme.example"})
	stale := d
	stale.Fence--
	h.wants(queue.Settle(background, stale), threads.ErrFenced)
	d.State = threads.Held
	h.wants(queue.Settle(background, d), threads.ErrConflict)
	d.State, d.Words = threads.Taken, "250 ok"
	h.must(queue.Settle(background, d))
	h.clock.pass(time.Hour)
	same(t, "what was due later", h.settleNotice(threads.Refused, "550 no such user").ID, later.ID)

	same(t, "nothing is stuck", h.stuck(), "0 letters, 0 notices")
	figures, err := h.store.NoticeFigures(background, time.Time{})
	h.must(err)
	same(t, "figures", fmt.Sprint(figures), "{map[accepted:1 refused:1] map[]}")
	list, err := h.store.Notices(background, time.Time{}, 10)
	h.must(err)
	same(t, "listed", len(list), 2)
	checkTree(h)
}

func (h *house) stuck() string {
	h.t.Helper()
	s, err := h.store.Stuck(background)
	h.must(err)
	words := fmt.Sprintf("%d letters, %d notices", s.Letters, s.Notices)
	if s.Any() {
		words += fmt.Sprintf(", %s %q", h.clock.Now().Sub(s.Tried), s.Words)
	}
	return words
}

// What waits for our own server is told, of letters and of notices.
func ourServerIsDown(t *testing.T, h *house) {
	r := h.approve(h.approval("2026-W48"))
	_, err := h.store.Release(background, r.ID, threads.Release{AnyHour: true})
	h.must(err)
	d, _ := h.lease()
	d.Uncounted = true
	h.settle(d, threads.Deferring, "no route", h.clock.Now().Add(time.Hour))
	same(t, "a letter", h.stuck(), `1 letters, 0 notices, 0s "no route"`)
	h.clock.pass(time.Minute)
	h.notice("k1", "anna@acme.example")
	queue := h.store.NoticeQueue()
	d, _, err = queue.Lease(background, "me", time.Minute)
	h.must(err)
	d.State, d.Words, d.Uncounted, d.Next = threads.Deferring, "connection refused", true, h.clock.Now().Add(time.Minute)
	h.must(queue.Settle(background, d))
	same(t, "and a notice", h.stuck(), `1 letters, 1 notices, 0s "connection refused"`)
	h.clock.pass(time.Minute)
	h.settleNotice(threads.Deferring, "450 the client's server is busy")
	same(t, "the notice was tried", h.stuck(), `1 letters, 0 notices, 2m0s "no route"`)
}

func noticeBrakes(t *testing.T, h *house) {
	brakes := func(notices ...threads.Notice) (out []threads.Brake) {
		for _, n := range notices {
			out = append(out, n.Brake)
		}
		return out
	}
	peer := brakes(h.notice("a", "anna@acme.example"), h.notice("b", "Anna+x@ACME.example"), h.notice("c", "anna@acme.example"), h.notice("d", "bo@acme.example"))
	same(t, "for each peer", peer, []threads.Brake{"", "", threads.BrakePeer, ""})
	inThread := func(key, to string) threads.Notice {
		n := h.newNotice(key, to)
		n.Thread = "t1"
		n, err := h.store.MakeNotice(background, n, threads.BrakeLimits{Thread: 1, Total: 5}, 2)
		h.must(err)
		return n
	}
	same(t, "for each conversation", brakes(inThread("e", "cy@acme.example"), inThread("f", "di@acme.example")), []threads.Brake{"", threads.BrakeThread})
	same(t, "for all together", brakes(h.notice("g", "ed@acme.example"), h.notice("h", "fay@acme.example")), []threads.Brake{"", threads.BrakeTotal})
	h.clock.pass(time.Hour)
	same(t, "an hour later", brakes(h.notice("i", "fay@acme.example"), h.notice("j", "anna@acme.example")), []threads.Brake{"", threads.BrakePeer})
	h.clock.pass(23 * time.Hour)
	same(t, "a day later", brakes(h.notice("k", "anna@acme.example")), []threads.Brake{""})

	held := h.newNotice("l", "zoe@acme.example")
	held.Brake, held.Words, held.Raw, held.SHA = threads.BrakeMachine, "a machine has written it", nil, ""
	held, err := h.store.MakeNotice(background, held, limits, limits.Peer)
	h.must(err)
	same(t, "held", held.State, threads.Held)
	figures, err := h.store.NoticeFigures(background, time.Time{})
	h.must(err)
	same(t, "brakes pulled", fmt.Sprint(figures.Brakes), fmt.Sprint(map[threads.Brake]int{
		threads.BrakePeer: 2, threads.BrakeThread: 1, threads.BrakeTotal: 1, threads.BrakeMachine: 1}))
	for range figures.States[threads.Queued] {
		h.settleNotice(threads.Taken, "250 ok")
	}
	_, _, err = h.store.NoticeQueue().Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound) // what is held stays
	checkTree(h)
}

func noticeUnknown(t *testing.T, h *house) {
	queue := h.store.NoticeQueue()
	h.notice("a", "anna@acme.example")
	d, _, err := queue.Lease(background, "me", time.Minute)
	h.must(err)
	h.clock.pass(2 * time.Minute)
	n, err := queue.Expire(background)
	h.must(err)
	same(t, "expired", n, 1)
	d.State = threads.Taken
	h.wants(queue.Settle(background, d), threads.ErrFenced)
	h.wants(queue.Resolve(background, d.Letter, threads.Queued, "not found"), threads.ErrConflict) // never again
	_, _, err = queue.Lease(background, "me", time.Minute)
	h.wants(err, threads.ErrNotFound)
	h.must(queue.Resolve(background, d.Letter, threads.Taken, "250 ok, told late"))
	checkTree(h)
}

func noticesAtOnce(t *testing.T, h *house) {
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			key := fmt.Sprint("k", i/2) // each is made by two at once
			_, err := h.store.MakeNotice(background, h.newNotice(key, "anna@acme.example"), limits, limits.Peer)
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	figures, err := h.store.NoticeFigures(background, time.Time{})
	h.must(err)
	same(t, "figures", fmt.Sprint(figures.States), fmt.Sprint(map[threads.DeliveryState]int{threads.Queued: 2, threads.Held: 4}))
	checkTree(h)
}

// noticeReturned: what comes back is told, and ends what goes to the address.
func noticeReturned(t *testing.T, h *house) {
	for n, key := range []string{"k1", "k2", "k3"} {
		made := h.notice(key, "gone@acme.example")
		if n == 2 {
			same(t, "a third", []any{made.State, made.Brake}, []any{threads.Held, threads.BrakeReturned})
			break
		}
		h.settleNotice(threads.Taken, "250 ok")
		id, to, err := h.store.NoticeOf(background, []string{"unknown@x", made.MessageID})
		h.must(err)
		same(t, "found by its Message-ID", []string{id, to.Address}, []string{made.ID, "gone@acme.example"})
		f := h.mail(key+"-bounce@x", class(threads.ClassBounce), project(""))
		f.Outcome = &threads.Outcome{Letter: made.ID, State: threads.Bounced, Words: "550 no such user"}
		h.file(f)
		h.clock.pass(25 * time.Hour)
	}
	list, err := h.store.Notices(background, time.Time{}, 10)
	h.must(err)
	same(t, "their rows", []any{list[1].State, list[1].Words, list[2].State}, []any{threads.Bounced, "550 no such user", threads.Bounced})
	same(t, "another address", h.notice("k4", "anna@acme.example").Brake, "")
	h.clock.pass(31 * 24 * time.Hour)
	same(t, "a month later", h.notice("k5", "gone@acme.example").Brake, "")
	if id, _, err := h.store.NoticeOf(background, nil); id != "" || err != nil {
		t.Errorf("of no Message-ID: %q, %v", id, err)
	}
	checkTree(h)
}
