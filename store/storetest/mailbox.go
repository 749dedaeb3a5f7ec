package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/threads"
)

func claims(t *testing.T, h *house) {
	until := func(d time.Duration) time.Time { return h.clock.Now().Add(d) }
	a, err := h.store.Claim(background, "inbox", "a", until(time.Minute))
	h.must(err)
	same(t, "a new mailbox", a, threads.Cursor{Mailbox: "inbox", Fence: 1})
	_, err = h.store.Claim(background, "inbox", "b", until(time.Minute))
	h.wants(err, threads.ErrConflict)
	renewed, err := h.store.Claim(background, "inbox", "a", until(2*time.Minute))
	h.must(err)
	if renewed.Fence <= a.Fence {
		t.Errorf("renewed under fence %d after %d", renewed.Fence, a.Fence)
	}
	h.clock.pass(2 * time.Minute)
	b, err := h.store.Claim(background, "inbox", "b", until(time.Minute))
	h.must(err)
	h.wants(h.store.Unclaim(background, renewed), threads.ErrFenced)
	h.must(h.store.Unclaim(background, b))
	h.wants(h.store.Unclaim(background, b), threads.ErrFenced)
	_, err = h.store.Claim(background, "inbox", "c", until(time.Minute))
	h.must(err)
}

func fences(t *testing.T, h *house) {
	c, err := h.store.Claim(background, "inbox", "a", h.clock.Now().Add(time.Minute))
	h.must(err)
	moved := c
	moved.UIDValidity, moved.First, moved.LastUID, moved.ModSeq = 4294967295, 4294967295, 4294967295, 1<<62
	_, err = h.store.File(background, &moved, []threads.Filing{h.mail("a@x", at("inbox", 1))})
	h.must(err)
	all, err := h.store.Mailboxes(background)
	h.must(err)
	same(t, "mailboxes", all, []threads.Cursor{moved})
	_, err = h.store.File(background, &moved, nil)
	h.must(err)

	h.clock.pass(time.Hour)
	now, err := h.store.Claim(background, "inbox", "b", h.clock.Now().Add(time.Minute))
	h.must(err)
	same(t, "the new owner begins where the old one was", now.LastUID, moved.LastUID)
	_, err = h.store.File(background, &moved, []threads.Filing{h.mail("b@x")})
	h.wants(err, threads.ErrFenced)
	_, err = h.store.File(background, &threads.Cursor{Mailbox: "nowhere", Fence: 1}, nil)
	h.wants(err, threads.ErrFenced)
}

// together runs do n times at once.
func together(n int, do func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
	}
	wg.Wait()
}

func concurrentClaims(t *testing.T, h *house) {
	var mu sync.Mutex
	won := 0
	together(8, func(i int) {
		_, err := h.store.Claim(background, "inbox", fmt.Sprint("owner ", i), h.clock.Now().Add(time.Minute))
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			won++
		} else if !errors.Is(err, threads.ErrConflict) {
			t.Error(err)
		}
	})
	same(t, "winners", won, 1)
}

func concurrentFiling(t *testing.T, h *house) {
	const writers, mails = 6, 8
	batches := make([][]threads.Filing, writers)
	for w := range batches {
		for i := range mails {
			f := h.mail(fmt.Sprintf("%d-%d@x", w, i), refers("root@x"), says(threads.Item{Kind: threads.Question, Text: "Hello"}))
			f.Message.Received = h.clock.Now() // all want the same place in time
			batches[w] = append(batches[w], f)
		}
		batches[w] = append(batches[w], batches[0][0]) // and all bring one mail
	}
	other := h.open()
	together(writers, func(w int) {
		s := h.store
		if w%2 == 1 {
			s = other
		}
		if _, err := s.File(background, nil, batches[w]); err != nil {
			t.Error(err)
		}
	})
	th := mustThread(h, "ACME")
	same(t, "messages", th.Messages, writers*mails)
	same(t, "open items", th.Open, writers*mails)
	list, err := h.store.Items(background, threads.ItemQuery{Project: "ACME", Limit: 1000})
	h.must(err)
	seen := map[int]bool{}
	for _, i := range list {
		seen[i.Number] = true
	}
	for n := 1; n <= writers*mails; n++ {
		if !seen[n] {
			t.Errorf("item number %d is missing", n)
		}
	}
	checkTree(h)
}
