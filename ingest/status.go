package ingest

import (
	"sync"
	"time"

	"rapport/threads"
)

// Status is how the reading of a mailbox goes.
type Status struct {
	State   string    // "connecting", "idle", "reading", "waiting" or "stopped"
	Since   time.Time // when it came into this state
	Seen    time.Time // the last time the server answered; zero if never
	Read    time.Time // of everything that was there at this time it is known what it is; zero if never
	Trouble string    // what is wrong, in words with the next step; "" if nothing
	Counts  Counts    // since the program started
}

// Counts are numbers of mails.
type Counts struct {
	Filed int `json:"filed"` // new in the archive
	Tray  int `json:"tray"`  // of these, in the tray
	Known int `json:"known"` // their bytes were in the archive before
	Aside int `json:"aside"` // on the server and not filed: owed, or about to be tried again
}

func (c Counts) minus(d Counts) Counts {
	return Counts{c.Filed - d.Filed, c.Tray - d.Tray, c.Known - d.Known, c.Aside}
}

// add counts what became of a batch of mails.
func (c *Counts) add(filed []threads.Filed) {
	for _, f := range filed {
		switch {
		case f.Known:
			c.Known++
		case f.Thread == "":
			c.Tray++
			fallthrough
		default:
			c.Filed++
		}
	}
}

// statusBoard is a Status that many may look at.
type statusBoard struct {
	mu  sync.Mutex
	now func() time.Time
	s   Status
}

// Status tells how the reading goes.
func (p *Poller) Status() Status {
	p.status.mu.Lock()
	defer p.status.mu.Unlock()
	if p.status.s.State == "" {
		return Status{State: "stopped"}
	}
	return p.status.s
}

func (b *statusBoard) change(f func(*Status)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.s)
}

func (b *statusBoard) set(state string) {
	b.change(func(s *Status) {
		if s.State != state {
			s.State, s.Since = state, b.now()
		}
	})
}

// answered notes a sign of life of the server.
func (b *statusBoard) answered() { b.change(func(s *Status) { s.Seen = b.now() }) }

// fine ends a trouble with the server; that with single mails stays. all says
// that it is known of every mail what it is.
func (b *statusBoard) fine(words string, read time.Time, all bool) {
	b.change(func(s *Status) {
		s.Seen, s.Trouble = b.now(), words
		if all {
			s.Read = read
		}
	})
}
