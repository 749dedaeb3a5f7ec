package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"rapport/ingest/authentic"
	"rapport/mail"
	"rapport/threads"
)

// parsed is a mail after its structure was read, before anything was decided.
type parsed struct {
	Received
	sha        string
	stored     bool // the archive has these very bytes
	mail       *mail.Message
	class      threads.Class
	reason     string
	deliveries []mail.Delivery // what a bounce or receipt says about letters
	attached   *mail.Message   // the first attached mail, or the header of one
	faults     []threads.Fault

	authentication *threads.Authentication // nil: nobody has looked
}

// parseAll reads mails on all processors. Bytes that the archive has already
// are not read again.
func (p *Pipeline) parseAll(ctx context.Context, received []Received) []parsed {
	out := make([]parsed, len(received))
	parallel(len(received), func(i int) { out[i] = p.parse(ctx, received[i]) })
	return out
}

func (p *Pipeline) parse(ctx context.Context, r Received) parsed {
	sum := sha256.Sum256(r.Raw)
	x := parsed{Received: r, sha: hex.EncodeToString(sum[:])}
	// An error here only means that the mail is read once more than needed: the
	// archive decides again when it files.
	if _, known, err := p.archive.HasRaw(ctx, x.sha); err == nil && known && !r.again {
		x.stored = true
		return x
	}
	x.read(p.limits)
	x.authentication = p.authentication(ctx, &x)
	return x
}

// authentication is whether the mail comes from whom it says. Of a mail that is
// read again, our servers' words are read again, if anything is known of them;
// what DNS had said when it came stays.
func (p *Pipeline) authentication(ctx context.Context, x *parsed) *threads.Authentication {
	in := authentic.Input{Raw: x.Raw, Mail: x.mail, Received: x.InternalDate}
	before := x.Received.authentication
	switch {
	case before != nil:
		in.Mailbox = before.Mailbox
	case x.Position != nil: // an imported mail may have lain elsewhere for years
		in.Mailbox, in.DNS = x.Position.Mailbox, true
	}
	found := p.authenticate(ctx, in)
	if before != nil && (found == nil || len(before.Signatures) > 0 || before.PolicyAt != "" || found.SameAs(before)) {
		return before
	}
	return found
}

// read fills in what the bytes say. Package mail promises not to panic; should
// it do so all the same, the mail is kept whole and shown as unreadable.
func (x *parsed) read(limits mail.Limits) {
	defer func() {
		if v := recover(); v != nil {
			x.mail, x.class, x.reason = &mail.Message{}, threads.ClassPerson, ""
			x.deliveries, x.attached = nil, nil
			x.faults = append(x.faults, threads.Fault{Code: "unreadable", Detail: fmt.Sprintf("the mail could not be read (%v); its source is kept", v)})
		}
	}()
	x.mail = mail.Parse(x.Raw, limits)
	verdict := mail.Classify(x.mail)
	x.class, x.reason = threads.Class(verdict.Class), verdict.Reason
	if x.aboutDelivery() {
		x.deliveries = mail.Deliveries(x.mail)
	}
	x.attached = attachedMail(x.mail, limits)
}

// aboutDelivery reports whether a machine tells what became of a letter.
func (x *parsed) aboutDelivery() bool {
	return x.class == threads.ClassBounce || x.class == threads.ClassDelay || x.class == threads.ClassReceipt
}

// returned is the letter, or its header, that a bounce gives back (RFC 6522
// section 3, third part); nil if there is none.
func (x *parsed) returned() *mail.Message {
	if x.aboutDelivery() {
		return x.attached
	}
	return nil
}

// attachedMail reads the first mail that is attached, or returns nil.
func attachedMail(m *mail.Message, limits mail.Limits) *mail.Message {
	for _, part := range m.Parts {
		if part.Type == "message/rfc822" || part.Type == "message/global" || part.Type == "text/rfc822-headers" {
			return mail.Parse(part.Body, limits)
		}
	}
	return nil
}
