package threads

import (
	"cmp"
	"slices"
	"time"
)

// noteCounts is how long a note of absence counts that names no day, and how
// long after a letter one can be the answer to it.
const noteCounts = 14 * 24 * time.Hour

// clocksDiffer is how much earlier than our letter an answer to it may seem to
// have come in: it has the time of the client's mailbox server, in whole seconds.
const clocksDiffer = 5 * time.Minute

// Absence is a note that says that somebody is away, and whom it names instead.
type Absence struct {
	Away    *Away     // nil if the note names no day
	Message string    // id of the note
	Instead []Address // of the client's; the note may name others too
}

// Absent finds in a contact's mails, the latest first, the note that they are
// away now or will be, nil if there is none. Where it names no day, a mail of
// theirs takes it back.
func (p *Project) Absent(mails []Message, now time.Time) *Absence {
	today := now.In(cmp.Or(p.Zone, time.UTC)).Format(time.DateOnly)
	for i := range mails {
		m := &mails[i]
		switch {
		case m.Class != ClassOutOfOffice && m.Away == nil, m.Away != nil && m.Away.Last() < today:
			continue
		case m.Away == nil && (now.Sub(m.Received) > noteCounts || slices.ContainsFunc(mails[:i], byHand)):
			return nil
		}
		a := &Absence{Away: m.Away, Message: m.ID}
		for _, address := range addressesIn(m.NewText) {
			to := Address{Address: address}
			if c := p.Contact(address); c != nil {
				to.Name = c.Name
			}
			if p.Belongs(address) && !to.Is(m.From) && !slices.ContainsFunc(a.Instead, to.Is) {
				a.Instead = append(a.Instead, to)
			}
		}
		return a
	}
	return nil
}

func byHand(m Message) bool { return m.Class == ClassPerson && m.Direction == In }

// Absentee is the note of absence with which the recipient of a letter answered
// it, or that counted when it went; nil if there is none, if they have written
// since, or if it names nobody who has not got the report.
func (p *Project) Absentee(r *Report, mails []Message, now time.Time) *Absence {
	a, went := p.Absent(mails, now), r.Went()
	if a == nil {
		return nil
	}
	i := slices.IndexFunc(mails, func(m Message) bool { return m.ID == a.Message })
	if slices.ContainsFunc(mails[:i], func(m Message) bool { return byHand(m) && m.Received.After(went) }) {
		return nil
	}
	after := mails[i].Received.Sub(went)
	if (after < -clocksDiffer || after > noteCounts) && (a.Away == nil || !a.Away.On(went.In(cmp.Or(p.Zone, time.UTC)).Format(time.DateOnly))) {
		return nil
	}
	a.Instead = slices.DeleteFunc(a.Instead, func(to Address) bool {
		return slices.ContainsFunc(r.Deliveries, func(d Delivery) bool { return d.Recipient.Is(to) })
	})
	if len(a.Instead) == 0 {
		return nil
	}
	return a
}
