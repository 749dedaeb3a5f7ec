package archive

import (
	"encoding/json"
	"fmt"
	"time"

	"rapport/threads"
)

// Line is a line of the log, read.
type Line struct {
	N int64 // its place in the log, from 0
	threads.Entry
}

// ParseLine reads a line. It must be written as Entry.Line writes it, so that
// nobody can read it otherwise than it was hashed.
func ParseLine(n int64, line []byte) (Line, error) {
	var l struct {
		V       int       `json:"v"`
		At      time.Time `json:"at"`
		Type    string    `json:"type"`
		Project string    `json:"project"`
		Subject string    `json:"subject"`
		Ref     string    `json:"ref"`
		Commit  string    `json:"commit"`
		State   string    `json:"state"`
	}
	if err := json.Unmarshal(line, &l); err != nil {
		return Line{}, fmt.Errorf("it is no JSON object: %w", err)
	}
	e := threads.Entry{At: l.At.UTC(), Type: threads.EntryType(l.Type), Project: l.Project, Subject: l.Subject, Ref: l.Ref,
		Commit: l.Commit, State: l.State}
	if string(e.Line()) != string(line) {
		return Line{}, fmt.Errorf("it is not in its canonical form")
	}
	return Line{n, e}, nil
}

// key is what a row and its lines have in common: what they are about, and
// which of several it is.
type key struct {
	class   threads.EntryType
	subject string
	n       int
}

// account is what the log says of one thing.
type account struct {
	first, last Line
	older       []string // commitments before the last
	gone        bool     // the last line says that it is no longer there
	seen        bool     // its row was found
}

// ledger is the log, sorted by what its lines are about.
type ledger struct {
	accounts map[key]*account
	count    map[key]int // lines of things that are numbered
	merges   map[string][]Line
	undone   map[string]int64 // message → the last line that undoes a change of it
	undos    map[string]int64 // change → the line that undoes it
	change   int64            // the line of the change that was compared last

	successions []succession
}

func newLedger() *ledger {
	return &ledger{accounts: map[key]*account{}, count: map[key]int{}, merges: map[string][]Line{},
		undone: map[string]int64{}, undos: map[string]int64{}}
}

// class is the one type for lines about the same row.
func class(t threads.EntryType) (of threads.EntryType, numbered bool) {
	switch t {
	case threads.EntryMailOut, threads.EntryMailTray, threads.EntryRefiled:
		return threads.EntryMailIn, false
	case threads.EntryItemCorrected, threads.EntryItemGone:
		return threads.EntryItem, false
	case threads.EntrySettled:
		return threads.EntryOwed, false
	case threads.EntryAnswer, threads.EntryDelivery, threads.EntryNoticeDelivery:
		return t, true
	}
	return t, false
}

// add enters a line.
func (l *ledger) add(line Line) error {
	switch line.Type {
	case threads.EntryThreadMerged:
		l.merges[line.Subject] = append(l.merges[line.Subject], line)
		return nil
	case threads.EntryKeyChanged, threads.EntryLogRecovered:
		s, err := readSuccession(line)
		if err == nil {
			l.successions = append(l.successions, s)
		}
		return err
	case threads.EntryMailIn, threads.EntryMailOut, threads.EntryMailTray, threads.EntryRefiled, threads.EntryItem, threads.EntryItemCorrected,
		threads.EntryItemGone, threads.EntryAnswer, threads.EntryReportApproved, threads.EntryReportReleased, threads.EntryReportCancelled,
		threads.EntryLetter, threads.EntryDelivery, threads.EntryChange, threads.EntryOwed, threads.EntrySettled, threads.EntryCoverage,
		threads.EntryNotice, threads.EntryNoticeDelivery, threads.EntryErased, threads.EntryHold, threads.EntryHoldLifted,
		threads.EntrySignedIn, threads.EntrySignedOut, threads.EntryDenied, threads.EntryLink, threads.EntryPassword, threads.EntryDisabled,
		threads.EntryRead, threads.EntrySearched, threads.EntryExported, threads.EntryMissed:
	case threads.EntryUndo:
		l.undos[line.Subject] = line.N
	default:
		return fmt.Errorf("it is of the type %q, which this program does not know", line.Type)
	}
	of, numbered := class(line.Type)
	k := key{of, line.Subject, 0}
	if numbered {
		l.count[k]++
		k.n = l.count[k]
	}
	a := l.accounts[k]
	if a == nil {
		l.accounts[k] = &account{first: line, last: line, gone: line.Type == threads.EntryItemGone}
		return nil
	}
	return a.add(line)
}

// add enters a further line about the same thing.
func (a *account) add(line Line) error {
	switch line.Type {
	case threads.EntryItemGone, threads.EntrySettled:
		a.gone = true
		a.last.N = line.N
		return nil
	case threads.EntryRefiled, threads.EntryItemCorrected:
	default:
		return fmt.Errorf("%s %s was logged before, in line %d", line.Type, line.Subject, a.first.N)
	}
	if line.Type == threads.EntryItemCorrected {
		a.older = append(a.older, a.last.Commit)
	}
	a.last, a.gone = line, false
	return nil
}

// thread is where a thread has gone by merges after a line.
func (l *ledger) thread(id string, after int64) string {
	for range len(l.merges) + 1 {
		next := ""
		for _, m := range l.merges[id] {
			if m.N >= after {
				next, after = m.Ref, m.N
				break
			}
		}
		if next == "" {
			return id
		}
		id = next
	}
	return id
}
