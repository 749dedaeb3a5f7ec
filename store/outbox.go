package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

const deliveryColumns = `d.letter, l.report, l.name, l.address, d.state, d.attempts, d.next_at, d.words, d.changed_at, d.opened, d.fence`

func scanDelivery(row scanner) (d threads.Delivery, err error) {
	var next, changed int64
	err = row.Scan(&d.Letter, &d.Report, &d.Recipient.Name, &d.Recipient.Address, &d.State, &d.Attempts, &next, &d.Words, &changed, &d.Opened, &d.Fence)
	d.Next, d.Changed = moment(next), moment(changed)
	return d, err
}

// deliveries reads rows of the outbox in the order of their letters. Within a
// report it holds them in this order too, so that writers never deadlock.
func (t *tx) deliveries(where string, args ...any) ([]threads.Delivery, error) {
	out, err := collect(t, scanDelivery, `select `+deliveryColumns+` from delivery d join letter l on l.id = d.letter `+where+` order by l.report, l.n`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return out, nil
}

// heldDeliveries reads a report's rows and holds them until the end.
func (t *tx) heldDeliveries(report string) ([]threads.Delivery, error) {
	if t.dialect.lock != "" {
		_, err := collect(t, scalar[string], `select letter from delivery where letter in (select id from letter where report = $1)
			order by letter`+t.dialect.lock, report)
		if err != nil {
			return nil, fmt.Errorf("hold the outbox: %w", err)
		}
	}
	return t.deliveries(`where l.report = $1`, report)
}

// DeliveriesOf returns the rows of the report with that Message-ID.
func (s *Store) DeliveriesOf(ctx context.Context, messageID string) (out []threads.Delivery, err error) {
	err = s.view(ctx, func(t *tx) error {
		out, err = t.deliveries(`where l.report in (select id from report where message_id = $1 and message_id <> '')`, messageID)
		return err
	})
	return out, err
}

// Unsettled returns the rows of which nobody knows whether the server has taken
// the letter.
func (s *Store) Unsettled(ctx context.Context) (out []threads.Delivery, err error) {
	err = s.view(ctx, func(t *tx) error {
		out, err = t.deliveries(`where d.state = $1`, string(threads.Unknown))
		return err
	})
	return out, err
}

// Release lets a report go out: what is held is queued until it may go. Of a
// report that was released before, the letters that have not been tried, or wait
// for an answer because their time was missed, go when it says now. A release of
// what is held is ErrConflict if nothing is.
func (s *Store) Release(ctx context.Context, report string, how threads.Release) (r threads.Report, err error) {
	err = s.write(ctx, func(t *tx) error {
		if r, err = t.writableReport(report); err != nil {
			return err
		}
		if r.State == threads.ReportCancelled {
			return fmt.Errorf("%w: it is cancelled", threads.ErrConflict)
		}
		by, salt := cleanText(how.ReleasedBy), t.salt()
		n, err := t.exec(`update report set released_at = $2, released_by = $3, release_salt = $4 where id = $1 and released_at = 0`, r.ID, ms(t.at), by, salt)
		if err != nil {
			return err
		}
		if n > 0 {
			t.record(releaseEntry(&r, by, salt))
		}
		if err := t.queue(&r, r.Deliveries, how, n == 0); err != nil {
			return err
		}
		r, err = t.report(r.ID)
		return err
	})
	if err != nil {
		return threads.Report{}, fmt.Errorf("release report %s: %w", report, err)
	}
	return r, nil
}

// queue lets letters go when the release says. again adds it to their history:
// the first time is told by the report's own entry.
func (t *tx) queue(r *threads.Report, letters []threads.Delivery, how threads.Release, again bool) error {
	moved := false
	for _, d := range letters {
		waits := d.State == threads.Queued && d.Attempts == 0 && (d.Next.After(t.at) || how.SendAt.After(t.at))
		if d.State != threads.Held && (how.Held || !waits) {
			continue
		}
		moved, d.Next = true, t.at
		if how.SendAt.After(t.at) {
			d.Next = how.SendAt
		}
		if again {
			if err := t.step(&d, threads.Queued, threads.ReleasedAgain+how.ReleasedBy); err != nil {
				return err
			}
			continue
		}
		_, err := t.exec(`update delivery set state = $2, next_at = $3, changed_at = $4 where letter = $1`, d.Letter, string(threads.Queued), ms(d.Next), ms(t.at))
		if err != nil {
			return fmt.Errorf("queue letter %s: %w", d.Letter, err)
		}
	}
	switch {
	case !moved && how.Held:
		return fmt.Errorf("%w: no letter of it is held", threads.ErrConflict)
	case !moved:
		return nil
	}
	if how.SendAt.IsZero() {
		how.SendAt = r.SendAt // it is still the report for that time
		if r.SendAt.After(t.at) {
			how.SendAt = t.at
		}
	}
	if _, err := t.exec(`update report set send_at = $2, any_hour = $3 where id = $1`, r.ID, ms(how.SendAt), how.AnyHour); err != nil {
		return fmt.Errorf("set the time of report %s: %w", r.ID, err)
	}
	if !again {
		return nil
	}
	if _, err := t.exec(`update report set again_at = $2 where id = $1`, r.ID, ms(t.at)); err != nil {
		return fmt.Errorf("release report %s again: %w", r.ID, err)
	}
	return nil
}

// Cancel withdraws a report of which nothing went out, and the answers it would
// have told. It is ErrConflict once a letter is, or may be, with a server.
func (s *Store) Cancel(ctx context.Context, report, by string) (r threads.Report, err error) {
	err = s.write(ctx, func(t *tx) error {
		if r, err = t.writableReport(report); err != nil || r.State == threads.ReportCancelled {
			return err
		}
		for _, d := range r.Deliveries {
			switch d.State {
			case threads.Held, threads.Queued, threads.Deferring:
				if err := t.step(&d, threads.Cancelled, "cancelled"); err != nil {
					return err
				}
			case threads.Refused: // nothing of it went out
			default:
				return fmt.Errorf("%w: the letter to %s is %s", threads.ErrConflict, d.Recipient, d.State)
			}
		}
		salt := t.salt()
		if _, err := t.exec(`update report set cancelled_at = $2, cancelled_by = $3, cancel_salt = $4 where id = $1`, r.ID, ms(t.at), by, salt); err != nil {
			return err
		}
		t.record(threads.Entry{Type: threads.EntryReportCancelled, Project: r.Project, Subject: r.ID,
			Commit: threads.Commit(salt, []byte(cleanText(by)))})
		if err := t.withdrawAnswers(r.ID); err != nil {
			return err
		}
		r, err = t.report(r.ID)
		return err
	})
	if err != nil {
		return threads.Report{}, fmt.Errorf("cancel report %s: %w", report, err)
	}
	return r, nil
}

// writableReport finds a report and holds its project, then its outbox rows.
func (t *tx) writableReport(id string) (threads.Report, error) {
	id, err := t.find("report", threads.ReportPrefix, id)
	if err != nil {
		return threads.Report{}, err
	}
	r, err := t.report(id)
	if err != nil {
		return r, err
	}
	if _, err := t.counter(r.Project); err != nil {
		return r, err
	}
	if _, err := t.heldDeliveries(id); err != nil {
		return r, err
	}
	return t.report(id)
}

// step moves a delivery, keeps the step in its history and in the log. The
// words are the other side's; the log has only a commitment to them.
func (t *tx) step(d *threads.Delivery, state threads.DeliveryState, words string) error {
	words = cleanText(words)
	next := ms(d.Next)
	if state.Final() || state == threads.Unknown {
		next = 0
	}
	_, err := t.exec(`update delivery set state = $2, words = $3, next_at = $4, changed_at = $5, owner = '', until = 0, attempts = $6 where letter = $1`,
		d.Letter, string(state), words, next, ms(t.at), d.Attempts)
	if err != nil {
		return fmt.Errorf("move letter %s to %s: %w", d.Letter, state, err)
	}
	return t.event(d, string(state), words)
}

// event adds a line to the history of a delivery and to the log.
func (t *tx) event(d *threads.Delivery, state, words string) error {
	var n int
	var project string
	if err := t.one(`select coalesce(max(n), 0) + 1 from delivery_event where letter = $1`, []any{d.Letter}, &n); err != nil {
		return fmt.Errorf("read the history of letter %s: %w", d.Letter, err)
	}
	if err := t.one(`select project from letter where id = $1`, []any{d.Letter}, &project); err != nil {
		return fmt.Errorf("letter %s: %w", d.Letter, err)
	}
	salt := t.salt()
	_, err := t.exec(`insert into delivery_event (letter, n, at_ms, state, words, salt) values ($1, $2, $3, $4, $5, $6)`,
		d.Letter, n, ms(t.at), state, words, salt)
	if err != nil {
		return fmt.Errorf("keep what happened to letter %s: %w", d.Letter, err)
	}
	t.record(threads.Entry{Type: threads.EntryDelivery, Project: project, Subject: d.Letter, Ref: d.Report, State: state,
		Commit: threads.Commit(salt, []byte(words))})
	return nil
}
