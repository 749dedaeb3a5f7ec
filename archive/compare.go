package archive

import (
	"fmt"
	"slices"
	"time"

	"rapport/threads"
)

// compare holds a row against its lines and says what is wrong, "" if nothing.
func (l *ledger) compare(r *threads.Record) string {
	e := &r.Entry
	of, _ := class(e.Type)
	a := l.find(of, e.Subject, r.N)
	if a == nil {
		return "it has no line in the log"
	}
	if a.seen {
		return "it is there twice"
	}
	a.seen = true
	if wrong := l.compareErased(r); wrong != "" {
		return wrong
	}
	switch of {
	case threads.EntryMailIn:
		return l.compareMail(a, r)
	case threads.EntryItem:
		return l.compareItem(a, r)
	case threads.EntryErased:
		e.Ref = l.before(a, e.Ref)
	case threads.EntryReportApproved:
		if l.is(a.ref, "") { // lines did not always have it
			e.Ref = ""
		}
	case threads.EntryHold:
		if into := l.thread(a.ref, a.last); !l.is(into, r.Keeps) {
			return fmt.Sprintf("it keeps the mail of thread %q now, and by the log that of %q", r.Keeps, l.text(into))
		}
	case threads.EntryOwed:
		if a.gone {
			return fmt.Sprintf("line %d of the log says that it is settled", a.last)
		}
	case threads.EntryChange:
		if a.last < l.change {
			return fmt.Sprintf("it stands before another that line %d of the log has before it", l.change)
		}
		l.change = a.last
		for _, m := range r.Covers {
			if n, ok := l.undos[e.Subject]; ok {
				l.undone[m] = max(l.undone[m], n)
			}
		}
	}
	return l.differs(a, e, len(r.Erased) > 0)
}

// before is the thread that the last line says, if the mail has gone from there
// to the given one by merges; otherwise the given one.
func (l *ledger) before(a *account, thread string) string {
	if l.is(l.thread(a.ref, a.last), thread) {
		return l.text(a.ref)
	}
	return thread
}

// compareErased: a row that says nothing any more must belong to mail that the
// log says was erased, and then has nothing to compare; and of erased mail the
// row must say nothing.
func (l *ledger) compareErased(r *threads.Record) string {
	for _, m := range r.Erased {
		if l.find(threads.EntryErased, m, 0) == nil {
			return "its content is gone, and no line of the log says that it was erased"
		}
	}
	if r.Says {
		return "it was erased, and says something again"
	}
	of, _ := class(r.Entry.Type)
	if of != threads.EntryMailIn || len(r.Erased) > 0 {
		return ""
	}
	if e := l.find(threads.EntryErased, r.Entry.Subject, 0); e != nil {
		return fmt.Sprintf("line %d of the log says that it was erased, and it is there", e.last)
	}
	return ""
}

// differs compares all that a line says; what it commits to only if that was not
// compared before.
func (l *ledger) differs(a *account, e *threads.Entry, committed bool) string {
	where := fmt.Sprintf(", line %d of the log says otherwise", a.last)
	switch {
	case !committed && digestOf(e.Commit) != a.commit:
		return fmt.Sprintf("it was changed: its content is not what line %d of the log commits to", a.last)
	case !l.is(a.project, e.Project):
		return fmt.Sprintf("it is in the project %q", e.Project) + where
	case !l.is(a.ref, e.Ref):
		return fmt.Sprintf("it belongs to %q", e.Ref) + where
	case !l.is(a.state, e.State):
		return fmt.Sprintf("its state is %q", e.State) + where
	case !e.At.IsZero() && !e.At.Equal(time.UnixMilli(a.lastAt)):
		return "its time is " + e.At.Format("2006-01-02 15:04:05.000") + where
	}
	return ""
}

// compareMail: the last line counts for what the mail is now, the first for
// when it came.
func (l *ledger) compareMail(a *account, r *threads.Record) string {
	e := r.Entry
	if !l.is(a.kind, string(threads.EntryRefiled)) && !l.is(a.kind, string(e.Type)) {
		return fmt.Sprintf("it is a %s, line %d of the log says %s", e.Type, a.last, l.text(a.kind))
	}
	if !e.At.Equal(time.UnixMilli(a.firstAt)) {
		return fmt.Sprintf("it was filed at another time than line %d of the log says", a.first)
	}
	e.At = time.Time{} // of the first line, compared
	e.Ref = l.before(a, e.Ref)
	return l.differs(a, &e, len(r.Erased) > 0)
}

// compareItem: of an earlier form, an undone change brought back what an item
// was before without a line of its own, and words found again may stand at
// another place.
func (l *ledger) compareItem(a *account, r *threads.Record) string {
	e := r.Entry
	restored := r.Earlier && l.undone[e.Ref] > a.last
	if a.gone && !restored {
		return fmt.Sprintf("line %d of the log says that it is gone", a.last)
	}
	valid := []digest{a.commit}
	if restored {
		valid = append(valid, l.older[a.first]...)
		e.State = l.text(a.state) // the kind, which is in the commitment too
	}
	opens := func(value []byte) bool { return slices.Contains(valid, digestOf(threads.Commit(r.Salt, value))) }
	committed := len(r.Erased) > 0 || opens(r.Value) || slices.ContainsFunc(r.Moved, opens)
	return l.differs(a, &e, committed)
}

// missing calls do for every thing in the log whose row was not found.
func (l *ledger) missing(do func(k key, a *account)) {
	for k, i := range l.index {
		if a := &l.accounts[i]; !a.seen && !a.gone {
			do(k, a)
		}
	}
}
