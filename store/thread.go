package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

const threadColumns = `id, project, subject, first_ord, last_ord, messages, open_items, people, merged_to`

func scanThread(row scanner) (*threadRow, error) {
	r := &threadRow{}
	var people string
	err := row.Scan(&r.ID, &r.Project, &r.Subject, &r.first, &r.last, &r.Messages, &r.Open, &people, &r.mergedTo)
	if err != nil {
		return nil, err
	}
	r.Created, r.Updated = ordTime(r.first), ordTime(r.last)
	return r, fromJSON(people, &r.People)
}

// thread reads a thread, once in a batch.
func (f *filing) thread(id string) (*threadRow, error) {
	if r := f.threads[id]; r != nil {
		return r, nil
	}
	r, err := f.readThread(id)
	if err != nil {
		return nil, err
	}
	f.threads[id] = r
	return r, nil
}

func (t *tx) readThread(id string) (*threadRow, error) {
	found, err := collect(t, scanThread, `select `+threadColumns+` from thread where id = $1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read thread %s: %w", id, err)
	}
	return found[0], nil
}

func (t *tx) putThread(r *threadRow) error {
	people, err := toJSON(r.People)
	if err != nil {
		return err
	}
	_, err = t.exec(`insert into thread (`+threadColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (id) do update set subject = excluded.subject, first_ord = excluded.first_ord, last_ord = excluded.last_ord,
		messages = excluded.messages, open_items = excluded.open_items, people = excluded.people, merged_to = excluded.merged_to`,
		r.ID, r.Project, r.Subject, r.first, r.last, r.Messages, r.Open, people, r.mergedTo)
	if err != nil {
		return fmt.Errorf("store thread %s: %w", r.ID, err)
	}
	return nil
}

// Threads returns threads of a project, the latest first; of all projects if
// the query names none.
func (s *Store) Threads(ctx context.Context, q threads.ThreadQuery) (out []threads.Thread, err error) {
	err = s.view(ctx, func(t *tx) error {
		before := int64(1<<63 - 1)
		if q.Before != "" {
			last, err := t.findThread(q.Before)
			if err != nil {
				return err
			}
			before = last.last
		}
		where, args := `$1 = ''`, []any{q.Project, before, atMost(q.Limit)}
		if q.Project != "" {
			where = `project = $1`
		}
		rows, err := collect(t, scanThread, `select `+threadColumns+` from thread
			where `+where+` and merged_to = '' and last_ord < $2 order by last_ord desc limit $3`, args...)
		for _, r := range rows {
			out = append(out, r.Thread)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list threads of %q: %w", q.Project, err)
	}
	return out, nil
}

// Thread returns a thread and its messages, oldest first, by its id or a unique
// beginning of it. A thread that was merged into another leads there.
func (s *Store) Thread(ctx context.Context, id string) (th threads.Thread, mails []threads.Message, err error) {
	err = s.view(ctx, func(t *tx) error {
		r, err := t.findThread(id)
		if err != nil {
			return err
		}
		th = r.Thread
		mails, err = t.messages(`where thread = $1 order by ord`, r.ID)
		if err != nil {
			return fmt.Errorf("read the mail of thread %s: %w", r.ID, err)
		}
		return t.tombstones(mails)
	})
	return th, mails, err
}

func (t *tx) findThread(id string) (*threadRow, error) {
	id, err := t.find("thread", threads.ThreadPrefix, id)
	if err != nil {
		return nil, err
	}
	r, err := t.readThread(id)
	if err == nil && r.mergedTo != "" {
		return t.readThread(r.mergedTo)
	}
	return r, err
}
