package archive

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
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
	class, subject name
	n              uint32
}

// account is what the log says of one thing. There is one for nearly every line
// of the log, so it has only what is compared, and no pointers.
type account struct {
	first, last     int64 // lines
	firstAt, lastAt int64 // their times, Unix milliseconds

	// What the last line says.
	kind, project, ref, state name
	commit                    digest

	gone bool // the last line says that it is no longer there
	seen bool // its row was found
}

// digest stands for what a line commits to: SHA-256 of the text, whatever that is.
type digest [sha256.Size]byte

func digestOf(commit string) digest { return sha256.Sum256([]byte(commit)) }

// merge is a line that joins a thread to another.
type merge struct {
	line int64
	into name
}

// ledger is the log, sorted by what its lines are about.
type ledger struct {
	*names
	accounts []account
	index    map[key]uint32     // into accounts
	count    map[key]uint32     // lines of things that are numbered
	older    map[int64][]digest // by the first line about an item: what it was committed to before the last
	merges   map[name][]merge
	undone   map[string]int64 // message → the last line that undoes a change of it
	undos    map[string]int64 // change → the line that undoes it
	change   int64            // the line of the change that was compared last

	successions []succession
}

func newLedger() *ledger {
	return &ledger{names: newNames(), index: map[key]uint32{}, count: map[key]uint32{}, older: map[int64][]digest{}, merges: map[name][]merge{},
		undone: map[string]int64{}, undos: map[string]int64{}}
}

// find returns the account of a thing, nil if no line is about it.
func (l *ledger) find(class threads.EntryType, subject string, n int) *account {
	of, known := l.names.find(string(class))
	about, named := l.names.find(subject)
	i, ok := l.index[key{of, about, uint32(n)}]
	if !known || !named || !ok {
		return nil
	}
	return &l.accounts[i]
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
		from := l.names.add(line.Subject)
		l.merges[from] = append(l.merges[from], merge{line.N, l.names.add(line.Ref)})
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
	k := key{class: l.names.add(string(of)), subject: l.names.add(line.Subject)}
	if numbered {
		l.count[k]++
		k.n = l.count[k]
	}
	i, ok := l.index[k]
	if !ok {
		l.index[k] = uint32(len(l.accounts))
		a := account{first: line.N, firstAt: line.At.UnixMilli()}
		l.note(&a, line)
		a.gone = line.Type == threads.EntryItemGone
		l.accounts = append(l.accounts, a)
		return nil
	}
	return l.addTo(&l.accounts[i], line)
}

// note keeps what the latest line about a thing says.
func (l *ledger) note(a *account, line Line) {
	a.last, a.lastAt, a.gone = line.N, line.At.UnixMilli(), false
	a.kind, a.project = l.names.add(string(line.Type)), l.names.add(line.Project)
	a.ref, a.state, a.commit = l.names.add(line.Ref), l.names.add(line.State), digestOf(line.Commit)
}

// addTo enters a further line about the same thing.
func (l *ledger) addTo(a *account, line Line) error {
	switch line.Type {
	case threads.EntryItemGone, threads.EntrySettled:
		a.gone = true
		a.last = line.N
		return nil
	case threads.EntryRefiled, threads.EntryItemCorrected:
	default:
		return fmt.Errorf("%s %s was logged before, in line %d", line.Type, line.Subject, a.first)
	}
	if line.Type == threads.EntryItemCorrected {
		l.older[a.first] = append(l.older[a.first], a.commit)
	}
	l.note(a, line)
	return nil
}

// thread is where a thread has gone by merges after a line.
func (l *ledger) thread(id name, after int64) name {
	for range len(l.merges) + 1 {
		i := slices.IndexFunc(l.merges[id], func(m merge) bool { return m.line >= after })
		if i < 0 {
			return id
		}
		id, after = l.merges[id][i].into, l.merges[id][i].line
	}
	return id
}
