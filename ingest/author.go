package ingest

import (
	"rapport/mail"
	"rapport/threads"
)

// author is who wrote a mail, as far as that decides where it belongs.
// Reply-To has no say in it: it names where an answer goes, and strangers put
// anything there.
type author struct {
	mail.Address
	all  []string // every address of every From field: each must belong to the project
	ours bool     // one of us

	forwarder *mail.Address   // our person who passed the client's mail on
	forward   *mail.Forwarded // what was passed on
	inner     *mail.Message   // the mail passed on, when it came as an attachment
}

// authorOf finds out who wrote a mail.
func (b *batch) authorOf(x *parsed) author {
	a := author{}
	for _, from := range fromFields(x.mail) {
		if a.Address.Address == "" {
			a.Address = from
		}
		a.all = append(a.all, from.Address)
	}
	a.ours = b.allOurs(a.all)
	if a.ours && x.class == threads.ClassPerson && b.passesOn(x.mail) {
		if f, ok := mail.Forward(x.mail); ok && f.From.Address != "" && !b.dir.IsOurs(f.From.Address) {
			forwarder := a.Address
			return author{Address: f.From, all: []string{f.From.Address}, forwarder: &forwarder, forward: &f, inner: x.attached}
		}
	}
	return a
}

// fromFields are the addresses of all From fields: a second field is an attempt
// to show one sender and be judged by another.
func fromFields(m *mail.Message) []mail.Address {
	fields := m.Header.All("From")
	if len(fields) < 2 {
		return m.From
	}
	var all []mail.Address
	for _, f := range fields {
		list, _ := mail.AddressList(f)
		all = append(all, list...)
	}
	return all
}

// allOurs reports whether a mail comes from us: from a manager or from an
// address of the agency. Auditors change nothing, so their mail has no say.
func (b *batch) allOurs(addresses []string) bool {
	for _, address := range addresses {
		if p := b.dir.PersonAt(address); p != nil && p.Role == "auditor" || !b.dir.IsOurs(address) {
			return false
		}
	}
	return len(addresses) > 0
}

// passesOn reports whether a mail of ours can be a client's mail that was sent
// on to our mailbox. An answer to a client is not: Outlook quotes in an answer
// as it does in a forward.
func (b *batch) passesOn(m *mail.Message) bool {
	if len(m.InReplyTo) > 0 && !mail.IsForward(m.Subject) {
		return false
	}
	return !b.toClient(m)
}

// toClient reports whether somebody of a client is among the recipients.
func (b *batch) toClient(m *mail.Message) bool {
	for _, list := range [][]mail.Address{m.To, m.Cc, m.Bcc} {
		for _, a := range list {
			for i := range b.dir.Projects {
				if b.dir.Projects[i].Belongs(a.Address) {
					return true
				}
			}
		}
	}
	return false
}

// belongs reports whether a mail's author is of the project: every address it
// claims to come from has to be.
func (a *author) belongs(p *threads.Project) bool {
	for _, address := range a.all {
		if !p.Belongs(address) {
			return false
		}
	}
	return len(a.all) > 0
}
