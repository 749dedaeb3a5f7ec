package access

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
)

// Who waits for hashing is bounded, however many come at once; strangers take no
// place of somebody where that has come in before.
func TestTheQueueForHashingIsBounded(t *testing.T) {
	h := newHouse(t)
	h.in("mara") // from 192.0.2.1
	for range hashesAtOnce {
		h.hashing <- struct{}{} // as if hashing took for ever
	}
	told := make(chan error)
	knock := func(ctx context.Context, k Knock) {
		_, err := h.SignIn(ctx, k)
		told <- err
	}
	stranger := func(i int) Knock {
		return Knock{Login: fmt.Sprintf("nobody%d", i), Password: secret, Address: fmt.Sprintf("203.0.113.%d", i)}
	}
	waiting, leave := context.WithCancel(t.Context())
	for i := range hashesWaiting {
		go knock(waiting, stranger(i))
	}
	await(t, h.strangers, hashesWaiting)
	if _, err := h.SignIn(t.Context(), stranger(hashesWaiting)); !errors.Is(err, ErrTooMany) {
		t.Errorf("one more stranger is told %v", err)
	}
	if _, err := h.SignIn(t.Context(), Knock{Login: "mara", Password: secret, Address: "203.0.113.200"}); !errors.Is(err, ErrTooMany) {
		t.Errorf("somebody who says to be Mara is told %v", err)
	}
	go knock(t.Context(), Knock{Login: "mara", Password: secret, Address: "192.0.2.1"})
	await(t, h.home, 1)

	leave() // the browsers go away
	for range hashesWaiting {
		if err := <-told; !errors.Is(err, context.Canceled) {
			t.Errorf("who left is told %v", err)
		}
	}
	<-h.hashing
	if err := <-told; err != nil {
		t.Errorf("Mara, where she has been, is told %v", err)
	}
	if len(h.strangers) != 0 || len(h.home) != 0 || len(h.hashing) != hashesAtOnce-1 {
		t.Errorf("places are kept: %d, %d, %d", len(h.strangers), len(h.home), len(h.hashing))
	}
}

// await waits until n are in the queue.
func await(t *testing.T, queue chan struct{}, n int) {
	t.Helper()
	for len(queue) < n {
		if t.Context().Err() != nil {
			t.Fatal("the test is over")
		}
		runtime.Gosched()
	}
}
