package ingest

import (
	"context"
	"runtime/debug"
	"time"

	"golang.org/x/sync/semaphore"
)

// turns is the queue of large mails, those that are a batch of their own: of all
// mailboxes one at a time is in memory, and what it took is given back before
// the next is fetched.
type turns struct{ one *semaphore.Weighted }

// turnWait is how long a large mail waits for the one before it: a server that
// trickles must not hold up the others for longer.
const turnWait = 2 * time.Minute

func newTurns() turns { return turns{semaphore.NewWeighted(1)} }

// take waits for the turn of a batch of so many bytes. The function it returns
// ends the turn, when nothing refers to the batch any more.
func (t turns) take(ctx context.Context, bytes int64) (end func()) {
	if bytes <= bytesPerBatch {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, turnWait)
	defer cancel()
	if t.one.Acquire(ctx, 1) != nil {
		return debug.FreeOSMemory
	}
	return func() {
		debug.FreeOSMemory()
		t.one.Release(1)
	}
}
