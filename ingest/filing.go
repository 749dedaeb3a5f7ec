package ingest

import (
	"fmt"
	"strings"

	"rapport/ingest/extract"
	"rapport/mail"
	"rapport/threads"
)

// filing turns a decided mail into what is stored of it.
func (p *Pipeline) filing(r *routed) threads.Filing {
	f := threads.Filing{Raw: r.Raw, Position: r.Position, Source: r.Source, Outcome: r.outcome, UsedID: r.usedID}
	f.Message = threads.Message{Direction: r.direction, RawSHA: r.sha, Size: int64(len(r.Raw))}
	if r.stored {
		return f // the archive has everything else
	}
	m := &f.Message
	p.fillHeader(m, r)
	m.Class, m.ClassReason = r.class, r.reason
	m.Evidence, m.Tray, m.Authentication = r.evidence, r.tray, r.authentication
	if r.project != nil {
		m.Project = r.project.Key
	}
	m.Text = r.mail.Text
	if r.author.forward != nil {
		m.Text = withForwarded(r.mail.Text, r.author.forward.Text)
	}
	m.Attachments = attachments(r.mail.Parts)
	m.Faults = append(faults(r.mail.Faults), r.faults...)
	p.fillWords(&f, r)
	return f
}

// fillHeader copies who wrote when to whom.
func (p *Pipeline) fillHeader(m *threads.Message, r *routed) {
	in := r.mail
	m.MessageID, m.Subject = in.MessageID, in.Subject
	m.InReplyTo = capped(in.InReplyTo)
	m.References = capped(in.References)
	if more := r.alsoAbout(); len(more) > 0 {
		m.References = distinct(append(m.References, more...))
	}
	m.From = address(r.author.Address)
	if r.author.forwarder != nil {
		sender := address(*r.author.forwarder)
		m.Sender = &sender
	}
	m.To, m.Cc = addresses(in.To), addresses(in.Cc)
	m.Date, m.Received = in.Date, r.InternalDate.UTC()
	if r.author.forward != nil && !r.author.forward.Date.IsZero() {
		m.Date = r.author.forward.Date
	}
	if m.Received.IsZero() {
		m.Received = m.Date.UTC()
	}
	if m.Received.IsZero() {
		m.Received = p.now().UTC()
	}
	if m.Date.IsZero() {
		m.Date = m.Received
	}
}

// alsoAbout are ids that the mail's own References lack and that tell which
// thread it is of: the letter a machine reports on, the mail that a manager
// passed on, and the letter that its reply address names.
func (r *routed) alsoAbout() []string {
	var ids []string
	for _, d := range r.deliveries {
		ids = append(ids, d.MessageID)
	}
	if returned := r.returned(); returned != nil {
		ids = append(ids, returned.MessageID)
	}
	if inner := r.author.inner; inner != nil {
		ids = append(ids, capped(inner.References)...)
		ids = append(ids, inner.MessageID)
	}
	return distinct(append(ids, r.answered...))
}

// fillWords finds the new words and the items in them. Mail of our own has no
// items: it is not the client who speaks.
func (p *Pipeline) fillWords(f *threads.Filing, r *routed) {
	in := extract.Input{Mail: r.mail, Class: r.class, Sent: r.sent, Earlier: r.earlier, Corrections: r.corrections}
	if r.project != nil {
		in.Zone, in.Language = r.project.Zone, r.project.Language
	}
	if fwd := r.author.forward; fwd != nil {
		in.Mail = forwardedMail(r.mail, fwd, r.author.inner)
	}
	in.Unlisted = r.author.ours || r.project == nil || r.twin
	out, err := p.read(in)
	m := &f.Message
	if err != nil {
		out = extract.Result{NewText: m.Text}
		m.Faults = append(m.Faults, threads.Fault{Code: "not-understood", Detail: err.Error()})
	}
	if out.Note != "" {
		m.Faults = append(m.Faults, threads.Fault{Code: "reader-fallback", Detail: out.Note})
	}
	if out.Left > 0 && !in.Unlisted {
		m.Faults = append(m.Faults, threads.Fault{Code: "points-too-many", Detail: fmt.Sprintf("after %d items, %d more sentences were not taken apart; the last item stands for them", len(out.Items)-1, out.Left)})
	}
	m.Language, m.NewText, m.Folds = out.Language, out.NewText, out.Folds
	if r.class == threads.ClassOutOfOffice || r.class == threads.ClassAutoReply {
		m.Away = extract.Away(m.Subject, m.NewText, m.Date)
	}
	if fwd := r.author.forward; fwd != nil && strings.TrimSpace(fwd.Comment) != "" {
		m.Folds = append([]threads.Fold{{Reason: "forwarder's note", Text: fwd.Comment}}, m.Folds...)
	}
	if in.Unlisted {
		return
	}
	f.Items, m.Rating = out.Items, out.Rating
	for i := range f.Items {
		item := &f.Items[i]
		item.Project, item.State, item.At = m.Project, item.Kind.FirstState(), m.Date
	}
}

// read calls Extract. It promises not to panic; if it does, the mail is shown
// whole and without items rather than lost.
func (p *Pipeline) read(in extract.Input) (out extract.Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("looking for items failed (%v); the whole text is shown instead", v)
		}
	}()
	return p.extract(in), nil
}

// forwardedMail is the client's mail inside of a forward, as it is to be read.
func forwardedMail(m *mail.Message, fwd *mail.Forwarded, inner *mail.Message) *mail.Message {
	if inner != nil && strings.EqualFold(firstAddress(inner.From), fwd.From.Address) {
		return inner
	}
	out := *m
	out.From, out.Subject, out.Date = []mail.Address{fwd.From}, fwd.Subject, fwd.Date
	if out.Date.IsZero() {
		out.Date = m.Date
	}
	out.Text, out.TextFrom, out.HTML = fwd.Text, "plain", ""
	return &out
}

func firstAddress(list []mail.Address) string {
	if len(list) == 0 {
		return ""
	}
	return list[0].Address
}

// withForwarded is all readable text of a forward: an attached mail's text is
// not part of the body.
func withForwarded(text, forwarded string) string {
	if strings.Contains(text, strings.TrimSpace(forwarded)) {
		return text
	}
	return strings.TrimRight(text, "\n") + "\n\n" + forwarded
}
