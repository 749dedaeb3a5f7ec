package access

import (
	"sync"
	"time"
)

// familiar remembers from which networks people have come in. There they have
// attempts of their own: otherwise anybody who knows a login could keep its
// person out by guessing all day.
type familiar struct {
	most int // of them; the one that was used least lately is forgotten

	mu sync.Mutex
	at map[string]time.Time
}

func newFamiliar(most int) *familiar { return &familiar{most: most, at: map[string]time.Time{}} }

// add remembers that somebody has come in.
func (f *familiar) add(login, address string, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at[place(login, address)] = now
	if len(f.at) <= f.most {
		return
	}
	oldest := ""
	for key, at := range f.at {
		if oldest == "" || at.Before(f.at[oldest]) {
			oldest = key
		}
	}
	delete(f.at, oldest)
}

// key is by what somebody's attempts are counted: the name that is tried, in
// all places that are not known to be the person's. login is whose name it is.
func (f *familiar) key(name, login, address string) string {
	if f.knows(login, address) {
		return "at " + place(login, address)
	}
	return "of " + name // which may be made up to look like a place
}

// knows reports whether somebody has come in from there before.
func (f *familiar) knows(login, address string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.at[place(login, address)].IsZero()
}

func place(login, address string) string { return login + "\n" + network(address) }
