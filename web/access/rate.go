package access

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limit lets each key do something so often: a burst, then once an interval.
// It knows a bounded number of keys. One that was not seen for so long that its
// burst is whole again is forgotten first; while all are busy, a new key shares
// one bucket with all other new keys.
type limit struct {
	every time.Duration
	burst int
	keys  int // at most

	mu      sync.Mutex
	buckets map[string]*bucket
	others  *rate.Limiter
}

type bucket struct {
	*rate.Limiter
	seen time.Time
}

func newLimit(every time.Duration, burst, keys int) *limit {
	return &limit{every: every, burst: burst, keys: keys, buckets: map[string]*bucket{}, others: rate.NewLimiter(rate.Every(every), burst)}
}

// allow reports whether key may do it once more now.
func (l *limit) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= l.keys {
			l.forget(now)
		}
		if len(l.buckets) >= l.keys {
			return l.others.AllowN(now, 1)
		}
		b = &bucket{Limiter: rate.NewLimiter(rate.Every(l.every), l.burst)}
		l.buckets[key] = b
	}
	b.seen = now
	return b.AllowN(now, 1)
}

// forget drops the keys whose burst is whole again.
func (l *limit) forget(now time.Time) {
	whole := l.every * time.Duration(l.burst)
	for key, b := range l.buckets {
		if now.Sub(b.seen) >= whole {
			delete(l.buckets, key)
		}
	}
}

// network is the part of an address that one customer of a provider has: of
// IPv6 a whole /64, in which anybody can draw new addresses.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap()
	if p, err := ip.Prefix(64); ip.Is6() && err == nil {
		return p.String()
	}
	return ip.String()
}
