package ingest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ledger keeps account of the mails above the cursor while a mailbox is read.
// The cursor passes a mail only when it is settled: filed, gone, or given up. A
// mail that cannot be read is put aside and tried again, later each time, while
// the mails behind it are filed.
type ledger struct {
	listed  []uint32 // UIDs on the server above the cursor, ascending
	settled map[uint32]bool
	asides  map[uint32]*aside
	retry   time.Duration // before an aside mail is tried again, at first
}

// aside is a mail that could not be read or filed.
type aside struct {
	attempts int
	due      time.Time
	words    string
	gaveUp   bool // it will not be tried again
}

// mostAttempts: the pauses grow fourfold up to six hours, so a mail is given up
// after about a day.
const (
	mostAttempts = 9
	longestRetry = 6 * time.Hour
)

// reset forgets everything: the UIDs mean other mails now.
func (l *ledger) reset() { *l = ledger{retry: l.retry} }

// list takes what is on the server above the cursor. Mails that have gone since
// need no further attention.
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
	for uid, a := range l.asides {
		if !there[uid] && !a.gaveUp {
			delete(l.asides, uid)
		}
	}
}

// todo are the mails to read now: new ones, and those aside whose time has come
// apart from them, since one of them may end the connection.
func (l *ledger) todo(now time.Time) (fresh, again []uint32) {
	for _, uid := range l.listed {
		a := l.asides[uid]
		switch {
		case l.settled[uid] || a != nil && a.gaveUp:
		case a == nil:
			fresh = append(fresh, uid)
		case !now.Before(a.due):
			again = append(again, uid)
		}
	}
	return fresh, again
}

// upTo is how far the cursor may go once these UIDs are settled as well.
func (l *ledger) upTo(last uint32, settling []uint32) uint32 {
	more := make(map[uint32]bool, len(settling))
	for _, uid := range settling {
		more[uid] = true
	}
	for _, uid := range l.listed {
		if uid <= last {
			continue
		}
		if a := l.asides[uid]; !l.settled[uid] && !more[uid] && (a == nil || !a.gaveUp) {
			break
		}
		last = uid
	}
	return last
}

// settle notes what was committed. Below the cursor nothing has to be remembered.
func (l *ledger) settle(uids []uint32, cursor uint32) {
	if l.settled == nil {
		l.settled = map[uint32]bool{}
	}
	for _, uid := range uids {
		l.settled[uid] = true
		if a := l.asides[uid]; a != nil && !a.gaveUp {
			delete(l.asides, uid)
		}
	}
	passed, _ := slices.BinarySearch(l.listed, cursor+1)
	if cursor == ^uint32(0) {
		passed = len(l.listed)
	}
	for _, uid := range l.listed[:passed] {
		delete(l.settled, uid)
	}
	l.listed = l.listed[passed:]
}

// putAside notes that a mail failed once more, and reports whether it is given up.
func (l *ledger) putAside(uid uint32, words string, now time.Time) (gaveUp bool) {
	if l.asides == nil {
		l.asides = map[uint32]*aside{}
	}
	a := l.asides[uid]
	if a == nil {
		a = &aside{}
		l.asides[uid] = a
	}
	pause := l.retry
	for range a.attempts {
		pause = min(4*pause, longestRetry)
	}
	a.attempts++
	a.due, a.words = now.Add(pause), words
	a.gaveUp = a.attempts >= mostAttempts
	return a.gaveUp
}

// giveUp notes that a mail will never be read.
func (l *ledger) giveUp(uid uint32, words string) {
	if l.asides == nil {
		l.asides = map[uint32]*aside{}
	}
	l.asides[uid] = &aside{words: words, gaveUp: true}
}

// next is when the next aside mail is due; false if there is none.
func (l *ledger) next() (due time.Time, ok bool) {
	for _, a := range l.asides {
		if !a.gaveUp && (!ok || a.due.Before(due)) {
			due, ok = a.due, true
		}
	}
	return due, ok
}

// words tell people about the mails that could not be read.
func (l *ledger) words(now time.Time) string {
	var uids []uint32
	for uid := range l.asides {
		uids = append(uids, uid)
	}
	slices.Sort(uids)
	var lines []string
	for i, uid := range uids {
		if i == 5 {
			lines = append(lines, fmt.Sprintf("and %d more", len(uids)-i))
			break
		}
		a := l.asides[uid]
		line := fmt.Sprintf("mail with UID %d cannot be read: %s", uid, a.words)
		if a.gaveUp {
			line += "; look at it with a mail program"
		} else {
			line += fmt.Sprintf("; tried %d times, next in %s", a.attempts, max(a.due.Sub(now), 0).Round(time.Second))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
