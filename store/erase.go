package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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

// eraseRaw empties the bytes of a mail, with those of its pieces that no other
// mail has.
func (t *tx) eraseRaw(message, sha string) error {
	var body []byte
	if err := t.one(`select body from raw where sha = $1`, []any{sha}, &body); err != nil {
		return err
	}
	gone := append(piecesIn(body), sha)
	used, err := t.usedElsewhere(message, sha, gone)
	if err != nil {
		return err
	}
	gone = slices.DeleteFunc(gone, func(piece string) bool { return used[piece] })
	if err := t.let(gone...); err != nil {
		return err
	}
	for _, sha := range gone {
		if _, err := t.exec(`update raw set body = $2 where sha = $1`, sha, []byte{}); err != nil {
			return err
		}
	}
	return nil
}

// usedElsewhere are those of the bytes of a mail that others have too: as a
// piece, or as all of a mail.
func (t *tx) usedElsewhere(message, sha string, bytes []string) (used map[string]bool, err error) {
	used = map[string]bool{}
	lists, err := t.rows(`select sha, body from raw where size > 1048576`) // see raw_large; a row is read only while it is looked at
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, lists.Close()) }()
	for lists.Next() {
		var other string
		var body []byte
		if err := lists.Scan(&other, &body); err != nil {
			return nil, err
		}
		for _, piece := range piecesIn(body) {
			if other != sha && slices.Contains(bytes, piece) {
				used[piece] = true
			}
		}
	}
	if err := lists.Err(); err != nil {
		return nil, err
	}
	whole, err := collect(t, scalar[string], `select sha from message where `+t.dialect.in("sha", 1)+` and id <> $2 and length(body) > 0
		union select l.sha from letter l join report r on r.id = l.report where `+t.dialect.in("l.sha", 1)+` and length(r.salt) > 0`, list(t.dialect, bytes), message)
	for _, piece := range whole {
		used[piece] = true
	}
	return used, err
}

// bury writes the tombstone.
func (t *tx) bury(m *threads.Message, e threads.Erasure) error {
	e.Reason, e.By, e.At = cleanText(strings.TrimSpace(e.Reason)), cleanText(e.By), t.at
	salt := t.salt()
	_, err := t.exec(`insert into erased (message, cause, reason, login, at_ms, salt) values ($1, $2, $3, $4, $5, $6)`,
		e.Message, string(e.Cause), e.Reason, e.By, ms(e.At), salt)
	if err != nil {
		return err
	}
	t.record(erasedEntry(&e, m.Project, m.Thread, salt))
	return nil
}

// tombstones fills in what is known of mails that were erased.
func (t *tx) tombstones(mails []threads.Message) error {
	of := map[string]*threads.Erasure{}
	for i := range mails {
		if e := mails[i].Erased; e != nil {
			of[e.Message] = e
		}
	}
	if len(of) == 0 {
		return nil
	}
	found, err := collect(t, scanErasure, `select `+erasureColumns+` from erased where `+t.dialect.in("message", 1), list(t.dialect, sortedKeys(of)))
	if err != nil {
		return fmt.Errorf("read why mail was erased: %w", err)
	}
	for _, e := range found {
		*of[e.Message] = e
	}
	return nil
}

// Erasures returns the tombstones of all erased mail, the first in front.
func (s *Store) Erasures(ctx context.Context) ([]threads.Erasure, error) {
	all, err := read(ctx, s, scanErasure, `select `+erasureColumns+` from erased order by at_ms, message`)
	if err != nil {
		return nil, fmt.Errorf("list what was erased: %w", err)
	}
	return all, nil
}

const erasureColumns = `message, cause, reason, login, at_ms`

func scanErasure(row scanner) (e threads.Erasure, err error) {
	var at int64
	err = row.Scan(&e.Message, &e.Cause, &e.Reason, &e.By, &at)
	e.At = moment(at)
	return e, err
}

func wasErased(m *threads.Message) error {
	return fmt.Errorf("%w: mail %s was erased by %s on %s", threads.ErrConflict, m.ID, m.Erased.By, m.Erased.At.Format(time.DateOnly))
}
