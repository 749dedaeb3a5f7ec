package ingest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// ledger keeps account of the mails that are not filed yet while a mailbox is
// read. The cursor passes a mail only when it is settled, that is filed or gone,
// or noted in the archive as owed. A mail that cannot be read is put aside and
// tried again, later each time, while the mails behind it are filed.
type ledger struct {
	listed   []uint32 // UIDs on the server above the cursor, ascending
	settled  map[uint32]bool
	asides   map[uint32]*aside
	retry    time.Duration // before an aside mail is tried again, at first
	recalled bool          // what the archive has noted as owed is among the asides
}

// aside is a mail that could not be read or filed.
type aside struct {
	owed      threads.Owed
	attempts  int
	due       time.Time
	noted     *threads.Owed // as the archive has it; nil if it has not
	headTried bool          // its header was asked for
}

// The first failure may be over in a moment (Exchange announces mails before
// they can be read), and is not written down; the second is. The pauses grow
// fourfold up to six hours.
const (
	notedAfter   = 2
	longestRetry = 6 * time.Hour
)

// toNote reports whether the archive is to be told of it, or of another reason.
// The words of a connection that broke differ each time.
func (a *aside) toNote() bool {
	o, n := a.owed, a.noted
	if n == nil {
		return a.attempts >= notedAfter || o.Why == threads.WhyTooLarge
	}
	return n.Why != o.Why || n.From != o.From || n.Subject != o.Subject || o.Why == threads.WhyTooLarge && n.Words != o.Words
}

// reset forgets everything: the UIDs mean other mails now, or another process
// has read on.
func (l *ledger) reset() { *l = ledger{retry: l.retry} }

// recall takes up what an earlier process has noted; it is tried again at once.
func (l *ledger) recall(owed []threads.Owed) {
	for _, o := range owed {
		if l.asides[o.UID] == nil {
			l.put(o.UID, &aside{owed: o, noted: &o})
		}
	}
	l.recalled = true
}

func (l *ledger) put(uid uint32, a *aside) {
	if l.asides == nil {
		l.asides = map[uint32]*aside{}
	}
	l.asides[uid] = a
}

// list takes what is on the server above the cursor. Mails that have gone since
// need no further attention; one that is aside is looked for when it is due.
func (l *ledger) list(uids []uint32) {
	l.listed = uids
	there := make(map[uint32]bool, len(uids))
	for _, uid := range uids {
		there[uid] = true
	}
	for uid := range l.settled {
		if !there[uid] {
			delete(l.settled, uid)
		}
	}
}

// todo are the mails to read now: new ones, and those aside whose time has come
// apart from them, since one of them may end the connection.
func (l *ledger) todo(now time.Time) (fresh, again []uint32) {
	for _, uid := range l.listed {
		if !l.settled[uid] && l.asides[uid] == nil {
			fresh = append(fresh, uid)
		}
	}
	for uid, a := range l.asides {
		if !now.Before(a.due) {
			again = append(again, uid)
		}
	}
	slices.Sort(again)
	return fresh, again
}

// passing makes the cursor pass what may be passed once these UIDs are settled
// as well: it says how far the cursor may go, and what it leaves owed.
func (l *ledger) passing(c threads.Cursor, settling []uint32) threads.Cursor {
	more := make(map[uint32]bool, len(settling))
	for _, uid := range settling {
		more[uid] = true
		if a := l.asides[uid]; a != nil && a.noted != nil {
			c.Settled = append(c.Settled, uid)
		}
	}
	for uid, a := range l.asides {
		if a.toNote() && !more[uid] {
			c.Owing = append(c.Owing, a.owed)
			more[uid] = true
		}
	}
	for _, uid := range l.listed {
		if a := l.asides[uid]; !l.settled[uid] && !more[uid] && (a == nil || a.noted == nil) {
			break
		}
		c.LastUID = max(c.LastUID, uid)
	}
	return c
}

// passed notes what was committed. Below the cursor nothing that is settled has
// to be remembered.
func (l *ledger) passed(c threads.Cursor, settled []uint32) {
	for _, o := range c.Owing {
		l.asides[o.UID].noted = &o
	}
	if l.settled == nil {
		l.settled = map[uint32]bool{}
	}
	for _, uid := range settled {
		l.settled[uid] = true
		delete(l.asides, uid)
	}
	for len(l.listed) > 0 && l.listed[0] <= c.LastUID {
		l.listed = l.listed[1:]
	}
	for uid := range l.settled {
		if uid <= c.LastUID {
			delete(l.settled, uid)
		}
	}
}

// putAside notes that a mail failed once more. What is known of it already, but
// for the reason, stays known.
func (l *ledger) putAside(o threads.Owed, now time.Time) {
	a := l.asides[o.UID]
	if a == nil {
		a = &aside{}
		l.put(o.UID, a)
	}
	if o.Size == 0 {
		o.Size = a.owed.Size
	}
	if o.From.Address == "" && o.Subject == "" {
		o.From, o.Subject = a.owed.From, a.owed.Subject
	}
	pause := l.retry
	for range a.attempts {
		pause = min(4*pause, longestRetry)
	}
	if o.Why == threads.WhyTooLarge {
		pause = longestRetry
	}
	a.attempts++
	a.owed, a.due = o, now.Add(pause)
}

// leave makes all that is aside be noted, since nobody will try it again soon.
func (l *ledger) leave() {
	for _, a := range l.asides {
		a.attempts = max(a.attempts, notedAfter)
	}
}

// next is when the next aside mail is due; false if there is none.
func (l *ledger) next() (due time.Time, ok bool) {
	for _, a := range l.asides {
		if !ok || a.due.Before(due) {
			due, ok = a.due, true
		}
	}
	return due, ok
}

// unread reports whether there is a mail on the server that may be of ours: all
// that is known of it is that it is there.
func (l *ledger) unread(ours func(address string) bool) bool {
	for _, a := range l.asides {
		if a.owed.Why != threads.WhyTooLarge || a.owed.From.Address == "" || ours(a.owed.From.Address) {
			return true
		}
	}
	return false
}

// words tell people about the mails that could not be read and are not noted as
// owed yet.
func (l *ledger) words(now time.Time) string {
	var lines []string
	for _, uid := range slices.Sorted(maps.Keys(l.asides)) {
		if a := l.asides[uid]; a.noted == nil {
			lines = append(lines, fmt.Sprintf("mail with UID %d cannot be filed: %s; tried %d times, next in %s",
				uid, a.owed.Words, a.attempts, max(a.due.Sub(now), 0).Round(time.Second)))
		}
	}
	if more := len(lines) - 5; more > 0 {
		lines = append(lines[:5], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}
