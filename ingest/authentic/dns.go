package authentic

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// cache asks DNS once for each name. Answers are kept for a while, and bounded
// in number and size; a name whose server does not answer is left alone for a
// while, and so is DNS as a whole when nothing answers any more: mail must not
// wait for it.
type cache struct {
	ask  func(ctx context.Context, name string) ([]string, error)
	now  func() time.Time
	once singleflight.Group

	mu     sync.Mutex
	known  map[string]answer
	silent int       // names in a row that nobody answered for
	pause  time.Time // until then nothing is asked
}

type answer struct {
	texts []string
	err   error
	until time.Time
}

const (
	mostNames   = 5000
	mostText    = 8 << 10 // bytes of one name's records
	keepAnswer  = 30 * time.Minute
	keepSilence = 2 * time.Minute
	mostSilent  = 3
	oneLookup   = 3 * time.Second
)

func newCache(ask func(context.Context, string) ([]string, error), now func() time.Time) *cache {
	return &cache{ask: ask, now: now, known: map[string]answer{}}
}

// errSilent says that DNS did not answer lately. It is a temporary failure in
// the eyes of whoever asks for a key.
var errSilent = &net.DNSError{Err: "DNS did not answer lately", IsTemporary: true, IsTimeout: true}

func (c *cache) lookup(ctx context.Context, name string) ([]string, error) {
	name = strings.ToLower(name)
	if !isName(name) {
		return nil, &net.DNSError{Err: "no name", Name: name, IsNotFound: true}
	}
	c.mu.Lock()
	a, ok := c.known[name]
	resting := c.now().Before(c.pause)
	c.mu.Unlock()
	switch {
	case ok && c.now().Before(a.until):
		return a.texts, a.err
	case resting:
		return nil, errSilent
	}
	// Who asks first asks for all, so its end must not be theirs.
	got, _, _ := c.once.Do(name, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), oneLookup)
		defer cancel()
		texts, err := c.ask(ctx, name)
		return c.keep(name, texts, err), nil
	})
	a = got.(answer)
	if err := ctx.Err(); err != nil && a.err == nil {
		return nil, errSilent
	}
	return a.texts, a.err
}

// keep remembers an answer.
func (c *cache) keep(name string, texts []string, err error) answer {
	a := answer{texts: bounded(texts), err: err, until: c.now().Add(keepAnswer)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil && !absent(err) {
		a.err, a.until = &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true}, c.now().Add(keepSilence)
		if c.silent++; c.silent >= mostSilent {
			c.pause, c.silent = c.now().Add(keepSilence), 0
		}
	} else {
		c.silent = 0
	}
	if len(c.known) >= mostNames {
		clear(c.known)
	}
	c.known[name] = a
	return a
}

func bounded(texts []string) (out []string) {
	size := 0
	for _, t := range texts {
		if size += len(t); size > mostText {
			return out
		}
		out = append(out, t)
	}
	return out
}

// absent reports whether DNS has said that there is no such record.
func absent(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// isName keeps from DNS what a hostile signature calls a domain. Underscores
// are part of names such as _dmarc.
func isName(name string) bool {
	if len(name) > 253 || !strings.Contains(name, ".") {
		return false
	}
	for _, label := range strings.Split(name, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}
