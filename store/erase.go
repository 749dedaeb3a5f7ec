package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// Erase takes out of the archive what these mails said: their bytes, text,
// names, words in the index and salts, their items, and with a report's own
// mail its draft, letters and recipients. A tombstone stays of each, and its
// line in the log. All of them are erased, or none: it is ErrConflict if a hold
// keeps one, if one was erased before, or if letters of a report still wait.
//
// What was deleted may still lie in the free space of the database's files
// until Scrub was called.
func (s *Store) Erase(ctx context.Context, messages []string, e threads.Erasure) error {
	err := s.write(ctx, func(t *tx) error { return t.eraseMails(messages, e) })
	if err != nil {
		return fmt.Errorf("erase %d mails: %w", len(messages), err)
	}
	return nil
}

// EraseThread erases all mail of a thread, as Erase does, and tells how much
// there was. It is ErrConflict if mail came into the thread at that time or
// later: then its time is not over.
func (s *Store) EraseThread(ctx context.Context, thread string, quietSince time.Time, e threads.Erasure) (n int, err error) {
	err = s.write(ctx, func(t *tx) error {
		r, err := t.findThread(thread)
		if err != nil {
			return err
		}
		if _, err := t.counter(r.Project); err != nil { // from here on no mail is filed into it
			return err
		}
		if r, err = t.findThread(r.ID); err != nil {
			return err
		}
		if !r.Updated.Before(quietSince) {
			return fmt.Errorf("%w: its last mail came on %s", threads.ErrConflict, r.Updated.Format(time.DateOnly))
		}
		mails, err := collect(t, scalar[string], `select id from message where thread = $1 and length(body) > 0 order by ord`, r.ID)
		if err != nil {
			return err
		}
		n = len(mails)
		return t.eraseMails(mails, e)
	})
	if err != nil {
		return 0, fmt.Errorf("erase thread %s: %w", thread, err)
	}
	return n, nil
}

// eraseMails erases mails. It looks for holds while it has the projects: a hold
// waits for that, or is there before.
func (t *tx) eraseMails(ids []string, e threads.Erasure) error {
	var filings []threads.Filing
	for _, id := range ids {
		m, err := t.message(id)
		if err != nil {
			return err
		}
		filings = append(filings, threads.Filing{Message: threads.Message{ID: m.ID, Project: m.Project}})
	}
	r, err := t.startRefiling(filings)
	if err != nil {
		return err
	}
	for _, id := range ids {
		m, err := t.message(id)
		if err == nil {
			err = t.mayErase(&m)
		}
		if err != nil {
			return err
		}
		e.Message = id
		if err := r.erase(&m, e); err != nil {
			return fmt.Errorf("message %s: %w", id, err)
		}
	}
	if err := r.end(); err != nil {
		return err
	}
	if _, err := t.exec(`delete from erasing`); err != nil {
		return err
	}
	_, err = t.exec(`insert into remnant (since) values ($1)`, ms(t.at))
	return err
}

// mayErase says why a mail must stay.
func (t *tx) mayErase(m *threads.Message) error {
	if m.Erased != nil {
		return wasErased(m)
	}
	if h, err := t.held(m.Project, m.Thread); err != nil {
		return err
	} else if h != nil {
		return fmt.Errorf("%w: mail %s is held by %s (%s, set by %s on %s); it can be erased once that is lifted",
			threads.ErrConflict, m.ID, h.ID, h.Reason, h.By, h.At.Format(time.DateOnly))
	}
	waiting, err := collect(t, scalar[string], `select r.id from report r join letter l on l.report = r.id join delivery d on d.letter = l.id
		where r.message = $1 and r.cancelled_at = 0 and `+t.dialect.in("d.state", 2), m.ID, list(t.dialect, onTheWay))
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		return fmt.Errorf("%w: letters of report %s are still on their way; cancel it, or wait until they are settled", threads.ErrConflict, waiting[0])
	}
	return nil
}

// onTheWay are the states of a letter whose bytes are still needed.
var onTheWay = []string{string(threads.Held), string(threads.Queued), string(threads.Sending), string(threads.Deferring), string(threads.Unknown)}

// erase empties all that a mail has left in the archive.
func (r *refiling) erase(m *threads.Message, e threads.Erasure) error {
	was, err := r.snapshot(m.ID)
	if err != nil {
		return err
	}
	r.touch(m.Project, m.Thread)
	for _, step := range []func() error{
		func() error { return r.eraseItems(was.Items) },
		func() error { return r.eraseReport(m.ID) },
		func() error { return r.eraseRaw(m.ID, m.RawSHA) },
		func() error { return r.eraseChanges(m.ID) },
		func() error { return r.eraseNotices(m.ID) },
		func() error { return r.eraseRow(m) },
		func() error { return r.bury(m, e) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// let opens the guards for rows until the end of the transaction.
func (t *tx) let(what ...string) error {
	for _, id := range what {
		if _, err := t.exec(`insert into erasing (what) values ($1) on conflict do nothing`, id); err != nil {
			return err
		}
	}
	return nil
}

// eraseRow empties the mail's row and takes it out of the index. Its place, the
// times at which it came, its SHA-256 and where it lies on its server stay: what
// is fetched again is known, and not filed a second time.
func (t *tx) eraseRow(m *threads.Message) error {
	var ord int64
	if err := t.one(`select ord from message where id = $1`, []any{m.ID}, &ord); err != nil {
		return err
	}
	if err := t.dialect.unindex(t, ord); err != nil {
		return fmt.Errorf("take it out of the index: %w", err)
	}
	_, err := t.exec(`update message set message_id = '', from_name = '', from_address = '', sent_at = received, sent_zone = 0, source = '',
		subject = '', salt = $2, body = $2, rating = 0, rated = '', dismissed = case when project = '' then 1 else 0 end where id = $1`, m.ID, []byte{})
	if err != nil {
		return err
	}
	if _, err := t.exec(`delete from search_repair where message = $1`, m.ID); err != nil {
		return err
	}
	_, err = t.exec(`update folder_mail set gone = true where message = $1`, m.ID)
	return err
}
