package llm

import (
	"sync"
	"time"
)

const (
	mostFailures = 3           // in a row, after which the endpoint is left alone
	pause        = time.Minute // for so long
)

// breaker keeps a dead endpoint from holding up every mail. When the pause is
// over, one mail tries again while the others still go without.
type breaker struct {
	now      func() time.Time
	mu       sync.Mutex
	failures int
	until    time.Time
}

// allow reports whether the endpoint may be asked now.
func (b *breaker) allow() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < mostFailures {
		return true
	}
	now := b.now()
	if now.Before(b.until) {
		return false
	}
	b.until = now.Add(pause)
	return true
}

// report tells whether the endpoint has answered.
func (b *breaker) report(ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ok {
		b.failures = 0
		return
	}
	b.failures++
	b.until = b.now().Add(pause)
}
