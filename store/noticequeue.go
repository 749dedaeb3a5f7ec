package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// NoticeQueue is the outbox of notices, as compose.Outbox works on one. It is
// kept apart from that of letters, of which each belongs to an approved report.
// A notice of which nobody knows whether it went stays unknown: one that never
// comes does less harm than one that comes twice.
type NoticeQueue struct{ s *Store }

// NoticeQueue is the outbox of notices.
func (s *Store) NoticeQueue() NoticeQueue { return NoticeQueue{s} }

// Lease takes the next notice that is due, as Store.Lease takes a letter.
func (q NoticeQueue) Lease(ctx context.Context, owner string, ttl time.Duration) (d threads.Delivery, l threads.Letter, err error) {
	err = q.s.write(ctx, func(t *tx) error {
		taken, err := collect(t, scalar[string], `update notice_delivery set state = $1, attempts = attempts + 1, fence = fence + 1,
			owner = $2, until = $3, changed_at = $4
			where notice = (select notice from notice_delivery where state in ($5, $6) and next_at <= $4
				and exists (select 1 from notice n where n.id = notice_delivery.notice and length(n.salt) > 0) order by next_at, notice limit 1`+t.dialect.skip+`)
			returning notice`, string(threads.Sending), owner, ms(t.at.Add(ttl)), ms(t.at), string(threads.Queued), string(threads.Deferring))
		if err == nil && len(taken) == 0 {
			err = threads.ErrNotFound
		}
		if err != nil {
			return err
		}
		n, err := t.notice(taken[0])
		if err != nil {
			return err
		}
		l = threads.Letter{ID: n.ID, Project: n.Project, Recipient: n.To, MessageID: n.MessageID, SHA: n.SHA, Raw: n.Raw}
		d, err = t.noticeDelivery(taken[0])
		return err
	})
	if err != nil {
		return threads.Delivery{}, threads.Letter{}, fmt.Errorf("lease a notice: %w", err)
	}
	return d, l, nil
}

// noticeDelivery reads and holds one row of the outbox of notices.
func (t *tx) noticeDelivery(id string) (d threads.Delivery, err error) {
	var next, changed int64
	err = t.one(`select notice, state, attempts, next_at, words, changed_at, fence from notice_delivery where notice = $1`+t.dialect.lock, []any{id},
		&d.Letter, &d.State, &d.Attempts, &next, &d.Words, &changed, &d.Fence)
	if err != nil {
		return d, fmt.Errorf("delivery of notice %s: %w", id, err)
	}
	d.Next, d.Changed = moment(next), moment(changed)
	err = t.one(`select name, address from notice where id = $1`, []any{id}, &d.Recipient.Name, &d.Recipient.Address)
	return d, err
}

// Expire makes unknown what is in sending and whose lease is over.
func (q NoticeQueue) Expire(ctx context.Context) (n int, err error) {
	err = q.s.write(ctx, func(t *tx) error {
		n = 0
		late, err := collect(t, scalar[string], `select notice from notice_delivery where state = $1 and until <= $2 order by notice`+t.dialect.skip,
			string(threads.Sending), ms(t.at))
		if err != nil {
			return err
		}
		for _, id := range late {
			d, err := t.noticeDelivery(id)
			if err != nil {
				return err
			}
			if err := t.noticeStep(&d, threads.Unknown, senderSilent); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("end old leases of notices: %w", err)
	}
	return n, nil
}

// Settle writes what became of a leased notice, as Store.Settle does.
func (q NoticeQueue) Settle(ctx context.Context, d threads.Delivery) error {
	err := q.s.write(ctx, func(t *tx) error {
		now, err := t.noticeDelivery(d.Letter)
		if err != nil {
			return err
		}
		if d.State == threads.Held {
			return fmt.Errorf("%w: nobody releases a notice again", threads.ErrConflict)
		}
		if err := t.settles(&now, &d); err != nil {
			return err
		}
		return t.noticeStep(&d, d.State, d.Words)
	})
	if err != nil {
		return fmt.Errorf("settle notice %s: %w", d.Letter, err)
	}
	return nil
}

// Unsettled is empty: what is unknown stays so, see NoticeQueue.
func (q NoticeQueue) Unsettled(context.Context) ([]threads.Delivery, error) { return nil, nil }

// Resolve settles a notice whose lease was over before its end could be stored:
// only that the server took it is taken as proof.
func (q NoticeQueue) Resolve(ctx context.Context, id string, state threads.DeliveryState, words string) error {
	err := q.s.write(ctx, func(t *tx) error {
		d, err := t.noticeDelivery(id)
		switch {
		case err != nil:
			return err
		case d.State != threads.Unknown || state != threads.Taken:
			return fmt.Errorf("%w: it is %s", threads.ErrConflict, d.State)
		}
		return t.noticeStep(&d, state, words)
	})
	if err != nil {
		return fmt.Errorf("resolve notice %s: %w", id, err)
	}
	return nil
}

// noticeStep moves a notice, keeps the step in its history and in the log.
func (t *tx) noticeStep(d *threads.Delivery, state threads.DeliveryState, words string) error {
	words = cleanText(words)
	next := ms(d.Next)
	if state.Final() || state == threads.Unknown {
		next = 0
	}
	_, err := t.exec(`update notice_delivery set state = $2, words = $3, next_at = $4, changed_at = $5, owner = '', until = 0, attempts = $6 where notice = $1`,
		d.Letter, string(state), words, next, ms(t.at), d.Attempts)
	if err != nil {
		return fmt.Errorf("move notice %s to %s: %w", d.Letter, state, err)
	}
	var n int
	var project string
	if err := t.one(`select coalesce(max(n), 0) + 1 from notice_event where notice = $1`, []any{d.Letter}, &n); err != nil {
		return fmt.Errorf("read the history of notice %s: %w", d.Letter, err)
	}
	if err := t.one(`select project from notice where id = $1`, []any{d.Letter}, &project); err != nil {
		return fmt.Errorf("notice %s: %w", d.Letter, err)
	}
	salt := t.salt()
	_, err = t.exec(`insert into notice_event (notice, n, at_ms, state, words, salt) values ($1, $2, $3, $4, $5, $6)`,
		d.Letter, n, ms(t.at), string(state), words, salt)
	if err != nil {
		return fmt.Errorf("keep what happened to notice %s: %w", d.Letter, err)
	}
	t.record(threads.Entry{Type: threads.EntryNoticeDelivery, Project: project, Subject: d.Letter, State: string(state),
		Commit: threads.Commit(salt, []byte(words))})
	return nil
}

// NoticeOf finds what was sent by itself under one of these Message-IDs, "" if
// nothing was.
func (s *Store) NoticeOf(ctx context.Context, messageIDs []string) (id string, to threads.Address, err error) {
	err = s.view(ctx, func(t *tx) error {
		return t.one(`select id, name, address from notice where message_id <> '' and `+t.dialect.in("message_id", 1)+` limit 1`,
			[]any{list(t.dialect, cleanList(messageIDs))}, &id, &to.Name, &to.Address)
	})
	if errors.Is(err, threads.ErrNotFound) {
		return "", to, nil
	}
	return id, to, err
}

// noticeOutcome takes what a filed mail tells about a notice.
func (t *tx) noticeOutcome(o *threads.Outcome) error {
	d, err := t.noticeDelivery(o.Letter)
	if errors.Is(err, threads.ErrNotFound) {
		t.log.Info("outcome.unknown-letter")
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case o.State == threads.Bounced && d.State != threads.Held:
		return t.noticeStep(&d, threads.Bounced, o.Words)
	case o.State == threads.Taken && (d.State == threads.Sending || d.State == threads.Unknown):
		return t.noticeStep(&d, threads.Taken, o.Words)
	}
	return nil
}
