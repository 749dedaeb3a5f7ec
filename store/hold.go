package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rapport/threads"
)

const holdColumns = `id, project, thread, reason, login, set_at, lifted_by, lifted_at`

func scanHold(row scanner) (h threads.Hold, err error) {
	var set, lifted int64
	err = row.Scan(&h.ID, &h.Project, &h.Thread, &h.Reason, &h.By, &set, &h.LiftedBy, &lifted)
	h.At, h.LiftedAt = moment(set), moment(lifted)
	return h, err
}

func (t *tx) holds(where string, args ...any) ([]threads.Hold, error) {
	out, err := collect(t, scanHold, `select `+holdColumns+` from hold `+where+` order by id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the holds: %w", err)
	}
	return out, nil
}

// held is the hold that keeps the mail of a thread, nil if none does. A hold on
// a thread goes with it into the one that it is merged into.
func (t *tx) held(project, thread string) (*threads.Hold, error) {
	all, err := t.holds(`where lifted_at = 0 and project = $1 and (thread = '' or $2 <> '' and thread in
		(select id from thread where id = $2 or merged_to = $2))`, project, thread)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Held is the hold that keeps the mail of a thread, if one does.
func (s *Store) Held(ctx context.Context, project, thread string) (h threads.Hold, held bool, err error) {
	err = s.view(ctx, func(t *tx) error {
		found, err := t.held(project, thread)
		if found != nil {
			h, held = *found, true
		}
		return err
	})
	return h, held, err
}

// mayLeave refuses to take mail away from under a hold.
func (t *tx) mayLeave(before, after *threads.Message) error {
	if before.Project == after.Project && before.Thread == after.Thread {
		return nil
	}
	h, err := t.held(before.Project, before.Thread)
	if err != nil || h == nil {
		return err
	}
	if still, err := t.held(after.Project, after.Thread); err != nil || still != nil {
		return err
	}
	return fmt.Errorf("%w: mail %s is held by %s (%s); it can be filed elsewhere once that is lifted", threads.ErrConflict, before.ID, h.ID, h.Reason)
}

// Holds returns all holds, those that were lifted too, the first in front. Of a
// thread that was merged into another the other is named.
func (s *Store) Holds(ctx context.Context) (out []threads.Hold, err error) {
	err = s.view(ctx, func(t *tx) error {
		if out, err = t.holds(""); err != nil {
			return err
		}
		for i := range out {
			if out[i].Thread == "" {
				continue
			}
			r, err := t.findThread(out[i].Thread)
			if err != nil && !errors.Is(err, threads.ErrNotFound) { // of some days a scope sees no thread
				return err
			}
			if err == nil {
				out[i].Thread = r.ID
			}
		}
		return nil
	})
	return out, err
}

// Hold keeps mail of a project, or of one of its threads, from being erased.
func (s *Store) Hold(ctx context.Context, h threads.Hold) (threads.Hold, error) {
	err := s.write(ctx, func(t *tx) error {
		if h.Thread != "" {
			r, err := t.findThread(h.Thread)
			if err != nil {
				return err
			}
			h.Project, h.Thread = r.Project, r.ID
		}
		if _, err := t.counter(h.Project); err != nil { // what is erased at this moment goes first
			return err
		}
		h.ID, h.At = t.ids.New(threads.HoldPrefix), t.at
		h.Reason, h.By = cleanText(strings.TrimSpace(h.Reason)), cleanText(h.By)
		salt := t.salt()
		_, err := t.exec(`insert into hold (id, project, thread, reason, login, set_at, salt) values ($1, $2, $3, $4, $5, $6, $7)`,
			h.ID, h.Project, h.Thread, h.Reason, h.By, ms(h.At), salt)
		if err != nil {
			return err
		}
		t.record(holdEntry(&h, salt))
		return nil
	})
	if err != nil {
		return threads.Hold{}, fmt.Errorf("hold mail of %s: %w", h.Project, err)
	}
	return h, nil
}

// Lift ends a hold, by its id or a unique beginning of it. It is ErrConflict if
// it was lifted before.
func (s *Store) Lift(ctx context.Context, id, by string) (h threads.Hold, err error) {
	err = s.write(ctx, func(t *tx) error {
		found, err := t.find("hold", threads.HoldPrefix, id)
		if err != nil {
			return err
		}
		all, err := t.holds(`where id = $1`, found)
		if err != nil {
			return err
		}
		if h = all[0]; !h.LiftedAt.IsZero() {
			return fmt.Errorf("%w: it was lifted by %s on %s", threads.ErrConflict, h.LiftedBy, h.LiftedAt.Format("2006-01-02"))
		}
		h.LiftedBy, h.LiftedAt = cleanText(by), t.at
		salt := t.salt()
		if _, err := t.exec(`update hold set lifted_by = $2, lifted_at = $3, lifted_salt = $4 where id = $1`, h.ID, h.LiftedBy, ms(t.at), salt); err != nil {
			return err
		}
		t.record(liftEntry(&h, salt))
		return nil
	})
	if err != nil {
		return threads.Hold{}, fmt.Errorf("lift hold %s: %w", id, err)
	}
	return h, nil
}
