package archive

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rapport/threads"
)

// walk gives the files of a bundle in their order, which is that of the list.
type walk struct {
	u    *unpacker
	list *bufio.Reader
	left int64
}

// next gives the next file, which must have this name.
func (w *walk) next(name string) (*entry, error) {
	if w.left == 0 {
		return nil, fmt.Errorf("%s: it is not in the bundle", name)
	}
	w.left--
	e, err := readEntry(w.list)
	if err == nil && e.name != name {
		err = fmt.Errorf("%s: it is not where the list demands it; there is %s", name, e.name)
	}
	return e, err
}

// content reads the next file.
func (w *walk) content(name string) ([]byte, error) {
	e, err := w.next(name)
	if err != nil {
		return nil, err
	}
	return w.u.content(e)
}

// proven reads the next proof, which must show that a line is in the signed log;
// it returns the line and the salt of its commitment.
func (u *unpacker) proven(name, text string) (line Line, salt []byte, err error) {
	e, err := u.files.next(name)
	if err != nil {
		return line, nil, err
	}
	marshalled, err := u.small(e)
	if err != nil {
		return line, nil, err
	}
	proof, err := ParseProof(marshalled)
	if err == nil && string(proof.Checkpoint) != string(u.bundle.checkpoint) {
		err = errors.New("it leads to another checkpoint")
	}
	if err == nil {
		err = proof.checkIn(u.checkpoint, []byte(text))
	}
	if err == nil {
		line, err = ParseLine(proof.Index, []byte(text))
		salt = proof.Extra
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return line, salt, err
}

// record proves that a line is in the log, what it is about, and what it commits
// to, if to anything.
func (u *unpacker) record(b *BundledRecord, of threads.EntryType, subject string) (Line, error) {
	return u.line(b, of, subject, false)
}

// line is record; closed lines are those of which nobody can tell any more to
// what they commit.
func (u *unpacker) line(b *BundledRecord, of threads.EntryType, subject string, closed bool) (Line, error) {
	line, salt, err := u.proven(b.Proof, b.Line)
	if err != nil {
		return line, err
	}
	is, _ := class(line.Type)
	said, _ := class(b.Type)
	switch {
	case is != of || said != of || line.Subject != subject || b.Subject != subject:
		err = errors.New("the line is about something else")
	case line.Commit == "" && b.Value != "" || line.Commit != "" && !closed && threads.Commit(salt, []byte(b.Value)) != line.Commit:
		err = errors.New("the line commits to something else")
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", b.Proof, err)
	}
	return line, err
}

// account proves what a mailbox was signed for.
func (u *unpacker) account(b *BundledRecord) error {
	_, err := u.record(b, threads.EntryCoverage, b.Subject)
	u.accounts = append(u.accounts, *b)
	return err
}

// change proves a decision, and that it was undone.
func (u *unpacker) change(c *BundledChange) error {
	made, undone := false, false
	for i := range c.Records {
		b := &c.Records[i]
		of, _ := class(b.Type)
		_, err := u.record(b, of, c.ID)
		switch {
		case err != nil:
			return err
		case of == threads.EntryChange:
			made = saysChange(b.Value, &c.Change)
		case of == threads.EntryUndo:
			undone = b.Value == c.UndoneBy
		}
	}
	if !made {
		return fmt.Errorf("change %s: it is not what the log says", c.ID)
	}
	if undone == c.UndoneAt.IsZero() {
		return fmt.Errorf("undoing of change %s: it is not what the log says", c.ID)
	}
	for _, m := range c.Messages {
		u.changes[m] = append(u.changes[m], c)
	}
	return nil
}

// report proves what the log says of the report that a mail is.
func (u *unpacker) report(b *BundledRecord) error {
	of, _ := class(b.Type)
	if !slices.Contains(reportTypes, of) {
		return fmt.Errorf("%s: it is about no report", b.Proof)
	}
	_, err := u.record(b, of, b.Subject)
	if said, ok := readSaid(b.Value); err == nil && b.To != nil && !(ok && of == threads.EntryLetter && said.Recipient == threads.Digest(b.To.Name, b.To.Address)) {
		err = fmt.Errorf("%s: the letter is for somebody else", b.Proof)
	}
	if err == nil && b.By != saysBy(of, b.Value) {
		err = fmt.Errorf("%s: it was somebody else who did it", b.Proof)
	}
	return err
}

var reportTypes = []threads.EntryType{threads.EntryReportApproved, threads.EntryReportReleased, threads.EntryReportCancelled, threads.EntryLetter, threads.EntryDelivery}

// said is what the log commits to of an item, an answer or a decision.
type said struct {
	Number   int      `json:"number"`
	N        int      `json:"n"`
	Message  string   `json:"message"`
	Kind     string   `json:"kind"`
	Facet    string   `json:"facet"`
	Start    int      `json:"start"`
	End      int      `json:"end"`
	Said     int64    `json:"said"`
	Given    int64    `json:"given"`
	Report   string   `json:"report"`
	Messages []string `json:"messages"`
	Made     int64    `json:"made"`
	Words    string   `json:"words"` // a digest
	Via      string   `json:"via"`

	Recipient string `json:"recipient"` // a digest
	By        string `json:"by"`        // who approved the letter; not in the first form of letters

	V         int    `json:"v"` // what follows is of the second form of items
	Urgent    bool   `json:"urgent"`
	Sure      bool   `json:"sure"`
	Why       string `json:"why"`
	Dismissed bool   `json:"dismissed"`
}

func readSaid(value string) (s said, ok bool) {
	return s, json.Unmarshal([]byte(value), &s) == nil
}

func saysItem(value string, i *threads.Item) bool {
	s, ok := readSaid(value)
	return ok && s.Number == i.Number && s.Message == i.Message && s.Kind == string(i.Kind) && s.Facet == string(i.Facet) &&
		s.Said == i.At.UnixMilli() && s.Words == threads.Digest(i.Text, i.Due, i.About, i.Report, i.Point) &&
		(s.V < 2 || s.Start == i.Start && s.End == i.End && s.Urgent == i.Urgent && s.Sure == i.Sure && s.Why == i.Why &&
			s.Dismissed == (i.State == threads.Dismissed))
}

func saysAnswer(value string, n int, a *threads.Answer) bool {
	s, ok := readSaid(value)
	return ok && s.N == n && s.Given == a.At.UnixMilli() && s.Report == a.Report && s.Words == threads.Digest(string(a.Word), a.Reason, a.Next, a.Date, a.By)
}

// saysBy is who did what a line about a report or a letter says, "" where it
// commits to nobody that could be read: an approval has a digest of all that was
// approved, and its letters have the name.
func saysBy(of threads.EntryType, value string) string {
	switch of {
	case threads.EntryReportReleased, threads.EntryReportCancelled:
		return value
	case threads.EntryLetter:
		s, _ := readSaid(value)
		return s.By
	}
	return ""
}

// saysChange: of the mails of a decision a bundle names only its own.
func saysChange(value string, c *threads.Change) bool {
	s, ok := readSaid(value)
	other := func(id string) bool { return !slices.Contains(s.Messages, id) }
	return ok && s.Made == c.At.UnixMilli() && s.Words == threads.Digest(c.Name, c.Address, c.By) && s.Via == c.Via && !slices.ContainsFunc(c.Messages, other)
}
