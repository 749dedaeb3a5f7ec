package compose

import (
	"slices"
	"strings"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// Sent is a report that went out before, as later letters refer to it.
type Sent struct {
	MessageID string    // without angle brackets
	At        time.Time // the Date of its letters
}

// Series are the reports before this one in the same conversation, oldest
// first. An empty series begins a new conversation.
type Series []Sent

// keptReferences is how many ids References has beside the root. Some servers
// cut long headers, and mail programs look at both ends only.
const keptReferences = 10

// afterAll is now, or the second after a report that was written just now: a
// Date has no fractions, and two of the same second could not follow each other.
func afterAll(past []threads.Report, now time.Time) time.Time {
	at := now.Truncate(time.Second)
	for _, r := range past {
		born, ok := threads.Born(r.ID)
		if next := born.Truncate(time.Second).Add(time.Second); ok && next.After(at) && next.Before(now.Add(time.Minute)) {
			at = next
		}
	}
	return at
}

// SeriesOf picks the reports of a project that a letter written at that moment
// follows, out of the archive's list. Later ones are left out, so that a letter
// built again has the same bytes. A cancelled report was never sent.
func SeriesOf(reports []threads.Report, at time.Time) Series {
	var s Series
	for _, r := range reports {
		born := bornAt(r)
		if r.State == threads.ReportCancelled || r.MessageID == "" || !born.Before(at.Truncate(time.Second)) {
			continue
		}
		s = append(s, Sent{MessageID: r.MessageID, At: born})
	}
	slices.SortFunc(s, func(a, b Sent) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.MessageID, b.MessageID)
	})
	return s
}

// references are the root and the latest ids of the series.
func (s Series) references() []string {
	var ids []string
	for i, p := range s {
		if i == 0 || i >= len(s)-keptReferences {
			ids = append(ids, p.MessageID)
		}
	}
	return ids
}

// fields are the headers that keep a series together: In-Reply-To and
// References for Apple Mail, Gmail and everybody else (RFC 5322 section 3.6.4),
// Thread-Topic and Thread-Index for Outlook.
//
// The signed reply address of the letter stands first among the References,
// where programs that shorten the list leave it (section 3.6.4 has the oldest
// first): an answer brings it back although a server on the way may have taken
// the plus part off the address. To a mail program it is an ancestor that has
// not come.
func (s Series) fields(subject, messageID, reply string, at time.Time) map[string]string {
	f := map[string]string{
		"Thread-Topic": mail.BaseSubject(subject), // as Outlook has it: without "Re:"
		"Thread-Index": s.index(messageID, at),
	}
	references := s.references()
	if reply != "" {
		references = append([]string{reply}, references...)
	}
	if len(references) > 0 {
		f["References"] = "<" + strings.Join(references, "> <") + ">"
	}
	if len(s) > 0 {
		f["In-Reply-To"] = "<" + s[len(s)-1].MessageID + ">"
	}
	return f
}
