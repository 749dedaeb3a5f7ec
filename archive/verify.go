package archive

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"rapport/threads"
)

// Source is a store at one moment, row by row.
type Source interface {
	Head() (size int64, root []byte, err error)
	Leaves(do func(n int64, line []byte) error) error
	Tiles(do func(level int, n int64, data []byte) error) error
	Checkpoints(do func(signed []byte) error) error
	Stamps(do func(size int64, token []byte) error) error
	Records(do func(threads.Record) error) error
	Raws(do func(sha string, check func() error) error) error // check may run beside others
}

// Finding is something that is not as the log says.
type Finding struct {
	Place string `json:"place"` // "message m…", "line 17 of the log"
	Words string `json:"words"`
}

// Result is what a check has found.
type Result struct {
	Size        int64          `json:"lines"`        // of the log
	Access      int64          `json:"access_lines"` // of the log of who came in
	Root        tlog.Hash      `json:"-"`
	Checkpoints int            `json:"checkpoints"`
	Stamps      []Stamp        `json:"time_stamps,omitempty"` // of checkpoints, the oldest first
	Rows        map[string]int `json:"rows"`                  // checked, by kind
	Raws        int            `json:"raw_mails"`
	Recoveries  []string       `json:"recoveries,omitempty"` // what was published once and is lost, as the log says itself
	Findings    []Finding      `json:"findings"`
	Total       int            `json:"total"` // findings, of which the first are listed
}

// maxFindings is how many are listed: in a broken store everything is one.
const maxFindings = 100

func (r *Result) find(place, format string, args ...any) {
	if r.Total++; len(r.Findings) < maxFindings {
		r.Findings = append(r.Findings, Finding{place, fmt.Sprintf(format, args...)})
	}
}

// Include takes in what was found in the log of accesses.
func (r *Result) Include(access *Result) {
	r.Access = access.Size
	r.Checkpoints += access.Checkpoints
	r.Stamps = append(r.Stamps, access.Stamps...)
	for _, words := range access.Recoveries {
		r.Recoveries = append(r.Recoveries, "access log: "+words)
	}
	for kind, n := range access.Rows {
		r.Rows[kind] += n
	}
	for _, f := range access.Findings {
		r.find("access log: "+f.Place, "%s", f.Words)
	}
	r.Total += access.Total - len(access.Findings)
}

// Check holds a store against its log.
type Check struct {
	Key       *PublicKey                        // nil: signatures are not looked at
	Witnesses []Verifier                        // each must have cosigned some checkpoint
	Roots     *x509.CertPool                    // of authorities for time-stamps; nil: who they are is not looked at
	Published [][]byte                          // checkpoints that others have kept
	Progress  func(step string, done, of int64) // may be nil; called now and then

	access bool // it is the log of accesses that is checked
}

// Access is the same check for the log of accesses.
func (c *Check) Access() (*Check, error) {
	a := *c
	a.access = true
	if c.Key == nil {
		return &a, nil
	}
	var err error
	a.Key, err = c.Key.Access()
	return &a, err
}

// progress tells how far a step is, if it has anything to do.
func (c *Check) progress(step string, done, of int64) {
	if c.Progress == nil || of == 0 || done%5000 != 0 && done != of {
		return
	}
	if c.access {
		step = "access " + step
	}
	c.Progress(step, done, of)
}

// Run checks everything. An error means that it could not be read to the end;
// what is wrong with what was read is in the findings.
func (c *Check) Run(ctx context.Context, s Source) (*Result, error) {
	r := &Result{Rows: map[string]int{}}
	l := newLedger()
	tree, err := c.readLog(ctx, s, r, l)
	if err != nil {
		return nil, err
	}
	if err := c.checkTree(s, r, tree); err != nil {
		return nil, err
	}
	if err := c.checkSigned(s, r, tree, l.successions); err != nil {
		return nil, err
	}
	if err := c.checkRecords(ctx, s, r, l); err != nil {
		return nil, err
	}
	if err := c.checkRaws(ctx, s, r); err != nil {
		return nil, err
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return strings.Compare(a.Place, b.Place) })
	return r, nil
}

// checkRecords holds every row against the ledger, then asks the ledger for
// what had no row.
func (c *Check) checkRecords(ctx context.Context, s Source, r *Result, l *ledger) error {
	done, of := int64(0), int64(len(l.accounts))
	err := s.Records(func(rec threads.Record) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		kind, _ := class(rec.Entry.Type)
		r.Rows[string(kind)]++
		if wrong := l.compare(&rec); wrong != "" {
			r.find(place(kind, rec.Entry.Subject, rec.N), "%s", wrong)
		}
		if done++; done < of {
			c.progress("rows", done, of)
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.progress("rows", of, of)
	l.missing(func(k key, a *account) {
		r.find(place(threads.EntryType(l.text(k.class)), l.text(k.subject), int(k.n)), "it was removed: line %d of the log is about it, and it is not there", a.last)
	})
	return nil
}

// place names a thing for people; n is 0 unless it is one of several.
func place(class threads.EntryType, subject string, n int) string {
	name := map[threads.EntryType]string{
		threads.EntryMailIn: "message", threads.EntryItem: "item", threads.EntryAnswer: "answer to item",
		threads.EntryReportApproved: "report", threads.EntryReportReleased: "release of report", threads.EntryReportCancelled: "withdrawal of report",
		threads.EntryLetter: "letter", threads.EntryDelivery: "delivery of letter", threads.EntryChange: "change", threads.EntryUndo: "undoing of change",
		threads.EntryOwed: "owed mail", threads.EntryCoverage: "account of a mailbox",
		threads.EntryNotice: "notice", threads.EntryNoticeDelivery: "delivery of notice",
		threads.EntryErased: "tombstone of message", threads.EntryHold: "hold", threads.EntryHoldLifted: "lifting of hold",
		threads.EntrySignedIn: "sign-in", threads.EntrySignedOut: "sign-out", threads.EntryDenied: "refusal", threads.EntryLink: "link for signing in",
		threads.EntryPassword: "new password", threads.EntryDisabled: "shutting out",
		threads.EntryRead: "reading", threads.EntrySearched: "search", threads.EntryExported: "export", threads.EntryMissed: "missed page",
	}[class]
	if n > 0 {
		return fmt.Sprintf("%s %s, %d", name, subject, n)
	}
	return name + " " + subject
}
