package imap

import (
	"context"
	"errors"
	"strings"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"

	"rapport/threads"
)

// Bounds of one SEARCH.
const (
	maxWords    = 50     // looked for at once
	mostRead    = 100000 // mails and headers that are read
	mostHeaders = 5000   // headers that are read only because TEXT looks through them, too
)

// beyond is the answer to a SEARCH that would read too much (RFC 9051 section
// 7.1, LIMIT).
var beyond = &goimap.Error{Type: goimap.StatusResponseTypeNo, Code: goimap.ResponseCodeLimit, Text: "That would look through too much; narrow it down with SINCE, BEFORE or UID"}

// search is one SEARCH command.
type search struct {
	*session
	found         map[string]map[string]bool // by words: ids of the mails that may have them, nil for any
	read, headers int                        // so far
}

// Search finds mails of the folder (RFC 9051 section 6.4.4). Words are looked
// for in what was read from the mail, so that no encoding hides them.
func (s *session) Search(kind imapserver.NumKind, criteria *goimap.SearchCriteria, _ *goimap.SearchOptions) (*goimap.SearchData, error) {
	if words(criteria) > maxWords {
		return nil, tooMuch
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := s.note(threads.EntrySearched, ""); err != nil {
		return nil, err
	}
	d := &goimap.SearchData{}
	var seqs goimap.SeqSet
	var uids goimap.UIDSet
	command := &search{session: s, found: map[string]map[string]bool{}}
	for _, i := range s.box.pick(goimap.SeqSet{{Start: 1, Stop: 0}}) {
		c := &candidate{search: command, at: i, FolderMail: &s.box.mails[i]}
		ok := c.matches(criteria)
		if errors.Is(c.err, threads.ErrNotFound) {
			continue // it was erased, of which the client will hear
		}
		if c.err != nil {
			return nil, c.err
		}
		if !ok {
			continue
		}
		n := uint32(i + 1)
		if kind == imapserver.NumKindUID {
			n = c.UID
			uids.AddNum(goimap.UID(n))
		} else {
			seqs.AddNum(n)
		}
		if d.Count++; d.Count == 1 {
			d.Min = n
		}
		d.Max = n
	}
	if d.All = seqs; kind == imapserver.NumKindUID {
		d.All = uids
	}
	return d, nil
}

// words counts the criteria for which mails are read.
func words(q *goimap.SearchCriteria) int {
	n := len(q.Header) + len(q.Body) + len(q.Text)
	for i := range q.Not {
		n += words(&q.Not[i])
	}
	for i := range q.Or {
		n += words(&q.Or[i][0]) + words(&q.Or[i][1])
	}
	return n
}

// matches asks what is cheap first. Of its flags a mail has \Seen only.
//
// SMALLER is lost where a date or LARGER stands behind it in the command: so does
// SearchCriteria.And of go-imap v2.0.0-beta.8. More is found then, never less.
func (c *candidate) matches(q *goimap.SearchCriteria) bool {
	if c.err != nil {
		return false
	}
	for _, set := range q.SeqNum {
		if !c.box.in(c.at, set) {
			return false
		}
	}
	for _, set := range q.UID {
		if !c.box.in(c.at, set) {
			return false
		}
	}
	if !between(c.Received, q.Since, q.Before) || q.Larger != 0 && c.Size <= q.Larger || q.Smaller != 0 && c.Size >= q.Smaller {
		return false
	}
	for _, f := range q.Flag {
		if !strings.EqualFold(string(f), string(goimap.FlagSeen)) {
			return false
		}
	}
	for _, f := range q.NotFlag {
		if strings.EqualFold(string(f), string(goimap.FlagSeen)) {
			return false
		}
	}
	if !q.SentSince.IsZero() || !q.SentBefore.IsZero() {
		if !between(c.mail().Date, q.SentSince, q.SentBefore) {
			return false
		}
	}
	return c.says(q)
}

// says looks for words, and for the other criteria in this one.
func (c *candidate) says(q *goimap.SearchCriteria) bool {
	for _, words := range q.Body {
		if !c.inText(words) {
			return false
		}
	}
	for _, h := range q.Header {
		if !c.hasField(h.Key, h.Value) {
			return false
		}
	}
	for _, words := range q.Text {
		if !c.anywhere(words) {
			return false
		}
	}
	for i := range q.Not {
		if c.matches(&q.Not[i]) {
			return false
		}
	}
	for i := range q.Or {
		if !c.matches(&q.Or[i][0]) && !c.matches(&q.Or[i][1]) {
			return false
		}
	}
	return true
}

// mayHave asks the index of words, once for all mails. By it, BODY and TEXT find
// words by their beginnings and not by their ends, which RFC 9051 leaves to the
// server.
func (c *candidate) mayHave(words string) bool {
	ids, asked := c.found[words]
	if !asked {
		ctx, cancel := context.WithTimeout(c.server.ctx, patience)
		defer cancel()
		all, ok, err := c.reader.Mails.Having(ctx, c.box.project, words)
		if err != nil {
			c.err = err
			return false
		}
		if ok {
			ids = make(map[string]bool, len(all))
			for _, id := range all {
				ids[id] = true
			}
		}
		c.found[words] = ids
	}
	return ids == nil || ids[c.ID]
}

// between compares days, without regard to times and zones.
func between(t, since, before time.Time) bool {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}
