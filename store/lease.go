package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// Lease takes the next letter that is due, for at most ttl: its row is then
// "sending" under a new fence. It is ErrNotFound when nothing is due.
func (s *Store) Lease(ctx context.Context, owner string, ttl time.Duration) (d threads.Delivery, l threads.Letter, err error) {
	err = s.write(ctx, func(t *tx) error {
		taken, err := collect(t, scalar[string], `update delivery set state = $1, attempts = attempts + 1, fence = fence + 1,
			owner = $2, until = $3, changed_at = $4
			where letter = (select letter from delivery where state in ($5, $6) and next_at <= $4 order by next_at, letter limit 1`+t.dialect.skip+`)
			returning letter`, string(threads.Sending), owner, ms(t.at.Add(ttl)), ms(t.at), string(threads.Queued), string(threads.Deferring))
		if err == nil && len(taken) == 0 {
			err = threads.ErrNotFound
		}
		if err != nil {
			return err
		}
		if l, err = t.letter(taken[0]); err != nil {
			return err
		}
		var sendAt, released, again int64
		err = t.one(`select send_at, any_hour, released_at, again_at from report where id = $1`, []any{l.Report}, &sendAt, &l.AnyHour, &released, &again)
		if err != nil {
			return err
		}
		l.SendAt, l.At = moment(sendAt), moment(max(released, again))
		d, err = t.delivery(taken[0])
		return err
	})
	if err != nil {
		return threads.Delivery{}, threads.Letter{}, fmt.Errorf("lease a letter: %w", err)
	}
	return d, l, nil
}

// delivery reads and holds one row of the outbox.
func (t *tx) delivery(letter string) (threads.Delivery, error) {
	if t.dialect.lock != "" {
		if _, err := collect(t, scalar[string], `select letter from delivery where letter = $1`+t.dialect.lock, letter); err != nil {
			return threads.Delivery{}, fmt.Errorf("hold letter %s: %w", letter, err)
		}
	}
	found, err := t.deliveries(`where d.letter = $1`, letter)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("letter %s: %w", letter, threads.ErrNotFound)
	}
	if err != nil {
		return threads.Delivery{}, err
	}
	return found[0], nil
}

// senderSilent are our words for what was in sending when its lease ended.
const senderSilent = "the sender did not tell what became of it"

// Expire turns rows whose lease is over into "unknown": whoever had them may
// have given the letter to the server. It tells how many there were.
func (s *Store) Expire(ctx context.Context) (n int, err error) {
	err = s.write(ctx, func(t *tx) error {
		n = 0
		late, err := collect(t, scalar[string], `select letter from delivery where state = $1 and until <= $2 order by letter`+t.dialect.skip,
			string(threads.Sending), ms(t.at))
		if err != nil {
			return err
		}
		for _, letter := range late {
			d, err := t.delivery(letter)
			if err != nil {
				return err
			}
			if err := t.step(&d, threads.Unknown, senderSilent); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("end old leases: %w", err)
	}
	return n, nil
}

// Settle writes what became of a leased letter: d's State, Words and Next. It
// is ErrFenced if the lease was lost, or another proof has settled it since.
func (s *Store) Settle(ctx context.Context, d threads.Delivery) error {
	err := s.write(ctx, func(t *tx) error {
		now, err := t.delivery(d.Letter)
		if err != nil {
			return err
		}
		if err := t.settles(&now, &d); err != nil {
			return err
		}
		return t.step(&d, d.State, d.Words)
	})
	if err != nil {
		return fmt.Errorf("settle letter %s: %w", d.Letter, err)
	}
	return nil
}

// settles tells why d may not settle what stands in the outbox now, and fills
// in when it is tried again, and how often it was.
func (t *tx) settles(now, d *threads.Delivery) error {
	if now.State != threads.Sending || now.Fence != d.Fence {
		return threads.ErrFenced
	}
	d.Attempts = now.Attempts
	if d.Uncounted {
		d.Attempts--
	}
	switch d.State {
	case threads.Taken, threads.Refused, threads.Unknown, threads.Held:
	case threads.Queued, threads.Deferring:
		if d.Next.IsZero() {
			d.Next = t.at
		}
	default:
		return fmt.Errorf("%w: %q is no outcome of sending", threads.ErrConflict, d.State)
	}
	return nil
}

// Resolve settles a row in "unknown" by proof: the server has the letter
// (accepted), or has it not, and the same bytes are sent again (queued). It is
// ErrConflict if the row is no longer unknown.
func (s *Store) Resolve(ctx context.Context, letter string, state threads.DeliveryState, words string) error {
	err := s.write(ctx, func(t *tx) error {
		d, err := t.delivery(letter)
		switch {
		case err != nil:
			return err
		case d.State != threads.Unknown:
			return fmt.Errorf("%w: it is %s, not unknown", threads.ErrConflict, d.State)
		case state != threads.Taken && state != threads.Queued:
			return fmt.Errorf("%w: %q does not resolve it", threads.ErrConflict, state)
		}
		d.Next = t.at
		return t.step(&d, state, words)
	})
	if err != nil {
		return fmt.Errorf("resolve letter %s: %w", letter, err)
	}
	return nil
}

// outcome takes what a filed message tells about a delivery of ours. News of a
// letter that is not ours changes nothing.
func (t *tx) outcome(m *threads.Message, o *threads.Outcome) error {
	if o == nil || o.Letter == "" {
		return nil
	}
	if o.Letter[0] == threads.NoticePrefix {
		return t.noticeOutcome(o)
	}
	d, err := t.delivery(o.Letter)
	if errors.Is(err, threads.ErrNotFound) {
		t.log.Info("outcome.unknown-letter", "message", m.ID)
		return nil
	}
	if err != nil {
		return err
	}
	went := d.State != threads.Held && d.State != threads.Cancelled // else it is a forgery or a mistake
	if o.Opened && went {
		if err := t.opened(&d, o.Words); err != nil {
			return err
		}
	}
	switch {
	case o.State == threads.Bounced && went:
		return t.step(&d, threads.Bounced, o.Words)
	case o.State == threads.Taken && (d.State == threads.Sending || d.State == threads.Unknown || waiting(d.State) && d.Attempts > 0):
		return t.step(&d, threads.Taken, o.Words)
	case (m.Class == threads.ClassDelay || m.Class == threads.ClassReceipt && !o.Opened) && went:
		return t.event(&d, string(m.Class), cleanText(o.Words)) // their server goes on trying, or has it: no state of ours
	}
	return nil
}

// waiting: to be sent again. The proof that an earlier attempt has reached the
// server may come only now.
func waiting(s threads.DeliveryState) bool { return s == threads.Queued || s == threads.Deferring }

// opened notes that a read receipt came.
func (t *tx) opened(d *threads.Delivery, words string) error {
	if d.Opened {
		return nil
	}
	if _, err := t.exec(`update delivery set opened = $2, changed_at = $3 where letter = $1`, d.Letter, true, ms(t.at)); err != nil {
		return fmt.Errorf("note that letter %s was opened: %w", d.Letter, err)
	}
	return t.event(d, "opened", cleanText(words))
}
