package ingest

import (
	"context"
	"fmt"
	"strings"

	"rapport/mail"
	"rapport/threads"
)

// findOutcome ties a bounce, delay or receipt to the letter and the recipient
// that it is about: by the signed reply address in the letter it gives back,
// else by Message-ID and recipient. What is tied to nothing of ours changes
// nothing.
func (b *batch) findOutcome(ctx context.Context, r *routed) error {
	if !r.aboutDelivery() {
		return nil
	}
	if r.project == nil {
		return b.noticeOutcome(ctx, r) // else nobody's word counts from the tray
	}
	for _, letter := range r.letters {
		if letter.Project == r.project.Key {
			d := newsOf(r.deliveries, letter.Recipient.Address)
			r.outcome = outcome(r.class, letter.ID, letter.Recipient.Address, d)
			return nil
		}
	}
	for _, d := range r.deliveries {
		row, err := b.deliveryOf(ctx, r, d)
		if row == nil {
			if err != nil {
				return err
			}
			continue
		}
		r.outcome = outcome(r.class, row.Letter, row.Recipient.Address, d)
		return nil
	}
	return b.noticeOutcome(ctx, r)
}

// noticeOutcome ties the news to what was sent by itself. Its Message-ID is
// random: who knows it has got the mail.
func (b *batch) noticeOutcome(ctx context.Context, r *routed) error {
	var ids []string
	for _, d := range r.deliveries {
		ids = append(ids, d.MessageID)
	}
	if returned := r.returned(); returned != nil {
		ids = append(ids, returned.MessageID)
	}
	if ids = distinct(ids); len(ids) == 0 {
		return nil
	}
	id, to, err := b.p.archive.NoticeOf(ctx, ids)
	if err != nil || id == "" {
		return err
	}
	r.outcome = outcome(r.class, id, to.Address, newsOf(r.deliveries, to.Address))
	return nil
}

// deliveryOf finds the outbox row that the news is about. The recipient has to
// fit; if there is but one row, a letter that was forwarded at the client's
// side may bounce under another address.
func (b *batch) deliveryOf(ctx context.Context, r *routed, d mail.Delivery) (*threads.Delivery, error) {
	ids := []string{d.MessageID}
	if returned := r.returned(); returned != nil {
		ids = append(ids, returned.MessageID)
	}
	if d.MessageID == "" {
		ids = append(ids, r.mail.InReplyTo...)
		ids = append(ids, r.mail.References...)
	}
	for _, id := range distinct(ids) {
		if !b.weSent(id, r.project.Key) {
			continue
		}
		rows, err := b.p.archive.DeliveriesOf(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("look up the deliveries of %s: %w", id, err)
		}
		for i := range rows {
			if strings.EqualFold(rows[i].Recipient.Address, d.Recipient) || len(rows) == 1 {
				return &rows[i], nil
			}
		}
	}
	return nil, nil
}

// weSent reports whether the archive sent a letter with this Message-ID in the project.
func (b *batch) weSent(id, project string) bool {
	for _, k := range b.known[id] {
		if k.Direction == threads.Out && k.Project == project {
			return true
		}
	}
	return false
}

// newsOf is what the mail says about a recipient, or its only news.
func newsOf(deliveries []mail.Delivery, recipient string) mail.Delivery {
	for _, d := range deliveries {
		if strings.EqualFold(d.Recipient, recipient) {
			return d
		}
	}
	if len(deliveries) > 0 {
		return deliveries[0]
	}
	return mail.Delivery{}
}

// outcome puts the news into words. A delay and a receipt both say that the
// letter was taken: it must not be sent again. A receipt may also say that it
// was delivered, or deleted unread (RFC 8098 section 3.2.6.2).
func outcome(class threads.Class, letter, recipient string, d mail.Delivery) *threads.Outcome {
	words := strings.TrimSpace(strings.Join([]string{d.Action, d.Status, d.Words}, " "))
	o := &threads.Outcome{Letter: letter, Recipient: recipient, State: threads.Taken, Words: words, Opened: class == threads.ClassReceipt && d.Action == "displayed"}
	if class == threads.ClassBounce {
		o.State = threads.Bounced
	}
	return o
}
