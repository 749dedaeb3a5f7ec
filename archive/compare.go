package archive

import (
	"fmt"
	"slices"

	"rapport/threads"
)

// compare holds a row against its lines and says what is wrong, "" if nothing.
func (l *ledger) compare(r *threads.Record) string {
	e := &r.Entry
	of, _ := class(e.Type)
	a := l.accounts[key{of, e.Subject, r.N}]
	if a == nil {
		return "it has no line in the log"
	}
	if a.seen {
		return "it is there twice"
	}
	a.seen = true
	if wrong := l.compareErased(a, r); wrong != "" {
		return wrong
	}
	switch of {
	case threads.EntryMailIn:
		return l.compareMail(a, r)
	case threads.EntryItem:
		return l.compareItem(a, r)
	case threads.EntryErased:
		if e.Ref == l.thread(a.last.Ref, a.last.N) {
			e.Ref = a.last.Ref
		}
	case threads.EntryReportApproved:
		if a.last.Ref == "" { // lines did not always have it
			e.Ref = ""
		}
	case threads.EntryOwed:
		if a.gone {
			return fmt.Sprintf("line %d of the log says that it is settled", a.last.N)
		}
	case threads.EntryChange:
		if a.last.N < l.change {
			return fmt.Sprintf("it stands before another that line %d of the log has before it", l.change)
		}
		l.change = a.last.N
		for _, m := range r.Covers {
			if n, ok := l.undos[e.Subject]; ok {
				l.undone[m] = max(l.undone[m], n)
			}
		}
	}
	return a.differs(e)
}

// compareErased: a row that says nothing any more must belong to mail that the
// log says was erased, and then has nothing to compare; and of erased mail the
// row must say nothing.
func (l *ledger) compareErased(a *account, r *threads.Record) string {
	for _, m := range r.Erased {
		if l.accounts[key{threads.EntryErased, m, 0}] == nil {
			return "its content is gone, and no line of the log says that it was erased"
		}
	}
	if r.Says {
		return "it was erased, and says something again"
	}
	if len(r.Erased) > 0 {
		r.Entry.Commit = a.last.Commit
		return ""
	}
	of, _ := class(r.Entry.Type)
	if e := l.accounts[key{threads.EntryErased, r.Entry.Subject, 0}]; e != nil && of == threads.EntryMailIn {
		return fmt.Sprintf("line %d of the log says that it was erased, and it is there", e.last.N)
	}
	return ""
}

// differs compares all that a line says.
func (a *account) differs(e *threads.Entry) string {
	line := &a.last
	where := fmt.Sprintf(", line %d of the log says otherwise", line.N)
	switch {
	case e.Commit != line.Commit:
		return "it was changed: its content is not what" + fmt.Sprintf(" line %d of the log commits to", line.N)
	case e.Project != line.Project:
		return fmt.Sprintf("it is in the project %q", e.Project) + where
	case e.Ref != line.Ref:
		return fmt.Sprintf("it belongs to %q", e.Ref) + where
	case e.State != line.State:
		return fmt.Sprintf("its state is %q", e.State) + where
	case !e.At.IsZero() && !e.At.Equal(line.At):
		return "its time is " + e.At.Format("2006-01-02 15:04:05.000") + where
	}
	return ""
}

// compareMail: the last line counts for what the mail is now, the first for
// when it came.
func (l *ledger) compareMail(a *account, r *threads.Record) string {
	e := r.Entry
	if a.last.Type != threads.EntryRefiled && a.last.Type != e.Type {
		return fmt.Sprintf("it is a %s, line %d of the log says %s", e.Type, a.last.N, a.last.Type)
	}
	if !e.At.Equal(a.first.At) {
		return fmt.Sprintf("it was filed at another time than line %d of the log says", a.first.N)
	}
	e.At = a.last.At
	if e.Ref == l.thread(a.last.Ref, a.last.N) {
		e.Ref = a.last.Ref
	}
	return a.differs(&e)
}

// compareItem: of an earlier form, an undone change brought back what an item
// was before without a line of its own, and words found again may stand at
// another place.
func (l *ledger) compareItem(a *account, r *threads.Record) string {
	e := r.Entry
	restored := r.Earlier && l.undone[e.Ref] > a.last.N
	if a.gone && !restored {
		return fmt.Sprintf("line %d of the log says that it is gone", a.last.N)
	}
	valid := []string{a.last.Commit}
	if restored {
		valid = append(valid, a.older...)
	}
	for _, value := range append([][]byte{r.Value}, r.Moved...) {
		if slices.Contains(valid, threads.Commit(r.Salt, value)) {
			e.Commit = a.last.Commit
			break
		}
	}
	if restored {
		e.State = a.last.State // the kind, which is in the commitment too
	}
	return a.differs(&e)
}

// missing calls do for every thing in the log whose row was not found.
func (l *ledger) missing(do func(k key, a *account)) {
	for k, a := range l.accounts {
		if !a.seen && !a.gone {
			do(k, a)
		}
	}
}
