package imap

import (
	"bufio"
	"bytes"
	"mime"
	"strings"
	"time"

	goimap "github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-message/textproto"

	"rapport/threads"
)

// Search finds mails of the folder. Words are looked for in what was read from
// the mail, so that no encoding hides them.
func (s *session) Search(kind imapserver.NumKind, criteria *goimap.SearchCriteria, options *goimap.SearchOptions) (*goimap.SearchData, error) {
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
	for _, i := range s.box.pick(goimap.SeqSet{{Start: 1, Stop: 0}}) {
		c := &candidate{session: s, at: i, FolderMail: &s.box.mails[i]}
		ok := c.matches(criteria)
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

// maxWords bounds how many words are looked for at once, each in every mail.
const maxWords = 50

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

// candidate is a mail that is looked at; it is read when a criterion needs it.
type candidate struct {
	*session
	*threads.FolderMail
	at      int
	message *threads.Message
	header  *textproto.Header
	err     error
}

func (c *candidate) read() *threads.Message {
	if c.message == nil {
		ctx, cancel := c.context()
		defer cancel()
		m, err := c.reader.Mails.Message(ctx, c.ID)
		if err != nil && c.err == nil {
			c.err = err
		}
		c.message = &m
	}
	return c.message
}

func (c *candidate) fields() *textproto.Header {
	if c.header == nil {
		raw, err := c.raw(c.ID)
		if err != nil && c.err == nil {
			c.err = err
		}
		h, _ := textproto.ReadHeader(bufio.NewReader(bytes.NewReader(raw)))
		c.header = &h
	}
	return c.header
}

// matches asks what is cheap first (RFC 9051 section 6.4.4).
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
		if !between(c.read().Date, q.SentSince, q.SentBefore) {
			return false
		}
	}
	return c.says(q)
}

// says looks for words, and for the other criteria in this one.
func (c *candidate) says(q *goimap.SearchCriteria) bool {
	for _, h := range q.Header {
		if !c.hasField(h.Key, h.Value) {
			return false
		}
	}
	for _, words := range q.Body {
		if !contains(c.read().Text, words) {
			return false
		}
	}
	for _, words := range q.Text {
		m := c.read()
		if !contains(m.Text, words) && !contains(m.Subject, words) && !contains(m.From.Name+" "+m.From.Address, words) && !c.anyField(words) {
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

func (c *candidate) hasField(key, words string) bool {
	for f := c.fields().FieldsByKey(key); f.Next(); {
		if words == "" || contains(decoded(f.Value()), words) {
			return true
		}
	}
	return false
}

func (c *candidate) anyField(words string) bool {
	for f := c.fields().Fields(); f.Next(); {
		if contains(decoded(f.Value()), words) {
			return true
		}
	}
	return false
}

// decoded reads encoded words (RFC 2047) in the charsets of the standard
// library; a value in another one is looked at as it stands.
func decoded(value string) string {
	if text, err := new(mime.WordDecoder).DecodeHeader(value); err == nil {
		return text
	}
	return value
}

func contains(text, words string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(words))
}

// between compares days, without regard to times and zones.
func between(t, since, before time.Time) bool {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return (since.IsZero() || !day.Before(since)) && (before.IsZero() || day.Before(before))
}
