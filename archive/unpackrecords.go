package archive

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rapport/threads"
)

// checkRecords proves each record, then holds what the manifest tells of items,
// answers and decisions against the records.
func (m *Manifest) checkRecords(files map[string]*zip.File, v Verifier) error {
	proven := map[key][]*BundledRecord{}
	for i := range m.Records {
		b := &m.Records[i]
		line, err := b.check(m, files, v)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Proof, err)
		}
		proven[keyOf(&line.Entry)] = append(proven[keyOf(&line.Entry)], b)
	}
	holds := func(of threads.EntryType, subject string, says func(value string) bool) bool {
		return slices.ContainsFunc(proven[key{of, subject, 0}], func(b *BundledRecord) bool { return says(b.Value) })
	}
	for i := range m.Items {
		item := &m.Items[i]
		if !holds(threads.EntryItem, item.ID, func(value string) bool { return saysItem(value, item) }) {
			return fmt.Errorf("item %s: it is not what the log says", item.ID)
		}
		if a := item.Answer; a != nil && !holds(threads.EntryAnswer, item.ID, func(value string) bool { return saysAnswer(value, a) }) {
			return fmt.Errorf("answer to item %s: it is not what the log says", item.ID)
		}
	}
	for i := range m.Changes {
		c := &m.Changes[i]
		if !holds(threads.EntryChange, c.ID, func(value string) bool { return saysChange(value, c) }) {
			return fmt.Errorf("change %s: it is not what the log says", c.ID)
		}
		if !c.UndoneAt.IsZero() && !holds(threads.EntryUndo, c.ID, func(value string) bool { return value == c.UndoneBy }) {
			return fmt.Errorf("undoing of change %s: it is not what the log says", c.ID)
		}
	}
	return nil
}

// check proves that a record's line is in the log and commits to its value.
func (b *BundledRecord) check(m *Manifest, files map[string]*zip.File, v Verifier) (Line, error) {
	line, salt, err := proven(b.Proof, b.Line, files, v)
	of, _ := class(b.Type)
	switch {
	case err != nil:
	case keyOf(&line.Entry).class != of || line.Subject != b.Subject:
		err = errors.New("the line is about something else")
	case threads.Commit(salt, []byte(b.Value)) != line.Commit:
		err = errors.New("the line commits to something else")
	}
	return line, err
}

// said is what the log commits to of an item, an answer or a decision.
type said struct {
	Number   int      `json:"number"`
	Message  string   `json:"message"`
	Kind     string   `json:"kind"`
	Facet    string   `json:"facet"`
	Said     int64    `json:"said"`
	Given    int64    `json:"given"`
	Report   string   `json:"report"`
	Messages []string `json:"messages"`
	Made     int64    `json:"made"`
	Words    string   `json:"words"` // a digest
	Via      string   `json:"via"`
}

func readSaid(value string) (s said, ok bool) {
	return s, json.Unmarshal([]byte(value), &s) == nil
}

func saysItem(value string, i *threads.Item) bool {
	s, ok := readSaid(value)
	return ok && s.Number == i.Number && s.Message == i.Message && s.Kind == string(i.Kind) && s.Facet == string(i.Facet) &&
		s.Said == i.At.UnixMilli() && s.Words == threads.Digest(i.Text, i.Due, i.About, i.Report, i.Point)
}

func saysAnswer(value string, a *threads.Answer) bool {
	s, ok := readSaid(value)
	return ok && s.Given == a.At.UnixMilli() && s.Report == a.Report && s.Words == threads.Digest(string(a.Word), a.Reason, a.Next, a.Date, a.By)
}

// saysChange: of the mails of a decision a bundle names only its own.
func saysChange(value string, c *threads.Change) bool {
	s, ok := readSaid(value)
	other := func(id string) bool { return !slices.Contains(s.Messages, id) }
	return ok && s.Made == c.At.UnixMilli() && s.Words == threads.Digest(c.Name, c.Address, c.By) && s.Via == c.Via && !slices.ContainsFunc(c.Messages, other)
}
