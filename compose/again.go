package compose

import (
	"context"
	"fmt"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// Again makes a letter of a report out to somebody who was not among its
// recipients, such as a second contact of a client whose address is dead. Its
// words, pictures, attachments and Message-ID are those of the letter that went
// to the first; its address for answers and its buttons are its own.
func (a *Approver) Again(ctx context.Context, r threads.Report, first threads.Letter, to, from threads.Address, ours string, zone *time.Location) (threads.Letter, error) {
	fail := func(err error) (threads.Letter, error) {
		return threads.Letter{}, fmt.Errorf("make the letter of report %s out to %s: %w", r.ID, to.Address, err)
	}
	past, err := a.cfg.Archive.Reports(ctx, r.Project, seriesLength)
	if err != nil {
		return fail(err)
	}
	_, checkpoint, err := a.checkpoint(ctx, 0)
	if err != nil {
		return fail(err)
	}
	in := a.input(a.cfg.Now(), from, ours, zone, checkpoint)
	in.Series, in.Salt = SeriesOf(past, bornAt(r)), []byte("again "+first.ID)
	s, err := newSheet(rewritten(r, first, to), in)
	if err != nil {
		return fail(err)
	}
	s.ids.report, s.ids.messageID = r.ID, r.MessageID
	letters, err := s.letters()
	if err != nil {
		return fail(err)
	}
	return letters[0], nil
}

// bornAt is the Date of a report's letters.
func bornAt(r threads.Report) time.Time {
	if born, ok := threads.Born(r.ID); ok {
		return born
	}
	return r.ApprovedAt
}

// rewritten is a report as its letter has it, for somebody else.
func rewritten(r threads.Report, first threads.Letter, to threads.Address) *Rendered {
	m := mail.Parse(first.Raw, mail.Limits{})
	out := &Rendered{Project: r.Project, Period: r.Period, Status: r.Status, Subject: m.Subject, Language: r.Language,
		HTML: m.HTML, Text: m.Text, Points: r.Points, To: []threads.Address{to}}
	if len(m.ReplyTo) > 0 {
		out.ReplyTo = m.ReplyTo[0].Address
	}
	for _, p := range m.Parts {
		if p.Type == signatureType && p.Name == signatureName {
			continue // of the first letter; this one gets its own
		}
		out.Files = append(out.Files, File{Name: p.Name, Type: p.Type, ContentID: p.ContentID, Body: p.Body})
	}
	return out
}
