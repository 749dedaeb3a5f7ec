package store

import (
	"encoding/json"
	"fmt"

	"rapport/threads"
)

// evidence is a canonical value, of which the log has a salted hash: one JSON
// object with its keys in this order. Whoever has the row and its salt can make
// it again and compare.
func evidence(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: evidence of strings and numbers does not marshal: %v", err)) // cannot happen
	}
	return b
}

// The forms of what the log commits to about what is written today. The form of
// each row is kept with it: what was logged stays provable.
const (
	mailForm   = 3
	itemForm   = 2
	letterForm = 2
)

// mailEvidence covers the raw bytes, the times that are not in them, where the
// mail came from, and what was read from it. Form 1 has only hashes of what was
// read. In form 2 stands, beside that, why it was filed and what is known of its
// sender, so that whoever gets the mail in a bundle can hold that against the
// log too; in form 3, whether it is kept out of the tray.
func mailEvidence(p *prepared, body string) []byte {
	m := &p.Message
	_, zone := m.Date.Zone()
	first := mailValue{1, m.RawSHA, m.Size, string(m.Direction), string(m.Class), ms(m.Date), zone, ms(m.Received), cleanText(p.Source),
		threads.Digest(m.MessageID, m.From.Name, m.From.Address, m.Subject, body)}
	if p.form < 2 {
		return evidence(first)
	}
	first.V = p.form
	return evidence(struct {
		mailValue
		Why       []threads.Evidence      `json:"why,omitempty"`
		Tray      *threads.Tray           `json:"tray,omitempty"`
		Auth      *threads.Authentication `json:"authentication,omitempty"`
		Dismissed bool                    `json:"dismissed,omitempty"`
	}{first, m.Evidence, m.Tray, m.Authentication, p.dismissed && p.form > 2})
}

type mailValue struct {
	V         int    `json:"v"`
	SHA256    string `json:"sha256"`
	Size      int64  `json:"size"`
	Direction string `json:"direction"`
	Class     string `json:"class"`
	Sent      int64  `json:"sent"`
	Zone      int    `json:"zone"`
	Received  int64  `json:"received"`
	Source    string `json:"source"`
	Fields    string `json:"fields"`
}

// mailEntry records a mail.
func mailEntry(p *prepared) threads.Entry {
	m := &p.Message
	e := threads.Entry{Type: threads.EntryMailIn, Project: m.Project, Subject: m.ID, Ref: m.Thread, Commit: p.commit}
	switch {
	case m.Direction == threads.Out:
		e.Type = threads.EntryMailOut
	case m.Project == "":
		e.Type = threads.EntryMailTray
	}
	return e
}

// itemEntry records an item as it was found. Its salt is its message's.
func itemEntry(i *threads.Item, salt []byte) threads.Entry {
	return itemEntryIn(itemForm, i, salt)
}

func itemEntryIn(form int, i *threads.Item, salt []byte) threads.Entry {
	return threads.Entry{Type: threads.EntryItem, Project: i.Project, Subject: i.ID, Ref: i.Message,
		State: string(i.Kind), Commit: threads.Commit(salt, itemValue(form, i))}
}

// itemValue covers what was read and what managers can correct. Its answers
// have lines of their own.
func itemValue(form int, i *threads.Item) []byte {
	type value struct {
		V       int    `json:"v"`
		Number  int    `json:"number"`
		Message string `json:"message"`
		Kind    string `json:"kind"`
		Facet   string `json:"facet"`
		Start   int    `json:"start"`
		End     int    `json:"end"`
		Said    int64  `json:"said"`
		Words   string `json:"words"`
	}
	v := value{form, i.Number, i.Message, string(i.Kind), string(i.Facet), i.Start, i.End, ms(i.At),
		threads.Digest(i.Text, i.Due, i.About, i.Report, i.Point)}
	if form < 2 {
		return evidence(v)
	}
	return evidence(struct {
		value
		Urgent    bool   `json:"urgent"`
		Sure      bool   `json:"sure"`
		Why       string `json:"why"`
		Dismissed bool   `json:"dismissed"`
	}{v, i.Urgent, i.Sure, i.Why, i.State == threads.Dismissed})
}

// answerEntry records an answer.
func answerEntry(project string, n int, a *threads.Answer, salt []byte) threads.Entry {
	return threads.Entry{Type: threads.EntryAnswer, Project: project, Subject: a.Item, Ref: a.Report,
		State: string(a.Word), Commit: threads.Commit(salt, answerValue(n, a))}
}

func answerValue(n int, a *threads.Answer) []byte {
	return evidence(struct {
		V      int    `json:"v"`
		N      int    `json:"n"`
		Given  int64  `json:"given"`
		Report string `json:"report"`
		Words  string `json:"words"`
	}{1, n, ms(a.At), a.Report, threads.Digest(string(a.Word), a.Reason, a.Next, a.Date, a.By)})
}

// reportEntry records a report's approval; message is the one that it is.
func reportEntry(r *threads.Report, message, points string, salt []byte) threads.Entry {
	return threads.Entry{Type: threads.EntryReportApproved, Project: r.Project, Subject: r.ID, Ref: message, Commit: threads.Commit(salt, reportValue(r, points))}
}

func reportValue(r *threads.Report, points string) []byte {
	return evidence(struct {
		V        int    `json:"v"`
		Number   int    `json:"number"`
		Draft    string `json:"draft"`
		Approved int64  `json:"approved"`
		Fields   string `json:"fields"`
	}{1, r.Number, r.DraftSHA, ms(r.ApprovedAt),
		threads.Digest(r.Subject, r.Period, r.Status, r.Language, r.MessageID, r.Draft, r.Text, points, r.ApprovedBy)})
}

// releaseEntry records that a report was let go, and by whom. Without a salt it
// is one of those that did not say it yet.
func releaseEntry(r *threads.Report, by string, salt []byte) threads.Entry {
	e := threads.Entry{Type: threads.EntryReportReleased, Project: r.Project, Subject: r.ID}
	if len(salt) > 0 {
		e.Commit = threads.Commit(salt, []byte(by))
	}
	return e
}

// letterEntry records a letter of a report: its bytes, whom it is for, and who
// approved it.
func letterEntry(l *letterRow, salt []byte) threads.Entry {
	return threads.Entry{Type: threads.EntryLetter, Project: l.Project, Subject: l.ID, Ref: l.Report, Commit: threads.Commit(salt, letterValue(l))}
}

func letterValue(l *letterRow) []byte {
	type value struct {
		V         int    `json:"v"`
		SHA256    string `json:"sha256"`
		Recipient string `json:"recipient"`
	}
	v := value{l.form, l.SHA, threads.Digest(l.Recipient.Name, l.Recipient.Address)}
	if l.form < 2 {
		return evidence(v)
	}
	return evidence(struct {
		value
		N         int    `json:"n"`
		MessageID string `json:"message_id"`
		By        string `json:"by"`
	}{v, l.n, l.MessageID, l.By})
}

// changeEntry records a manager's change; its commitment covers who made it.
func changeEntry(c *threads.Change, salt []byte) threads.Entry {
	return threads.Entry{At: c.At, Type: threads.EntryChange, Project: c.Project, Subject: c.ID, Ref: c.Thread,
		State: string(c.Kind), Commit: threads.Commit(salt, changeValue(c))}
}

func changeValue(c *threads.Change) []byte {
	return evidence(struct {
		V        int      `json:"v"`
		Messages []string `json:"messages"`
		Made     int64    `json:"made"`
		Words    string   `json:"words"`
		Via      string   `json:"via,omitempty"`
	}{1, c.Messages, ms(c.At), threads.Digest(c.Name, c.Address, c.By), c.Via})
}

// undoEntry records that a change was taken back, and by whom. Its salt is the
// change's.
func undoEntry(c *threads.Change, salt []byte) threads.Entry {
	return threads.Entry{At: c.UndoneAt, Type: threads.EntryUndo, Project: c.Project, Subject: c.ID,
		Commit: threads.Commit(salt, undoValue(c))}
}

func undoValue(c *threads.Change) []byte { return []byte(cleanText(c.UndoneBy)) }
