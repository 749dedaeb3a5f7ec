package store

import (
	"errors"
	"fmt"

	"rapport/threads"
)

// replaceItems gives a message the items of its filing. An item of the same
// kind and words in the same project stays what it is, with its number and its
// answers, and so does one that a manager has corrected. One that was answered
// is never taken away: the client knows it.
func (r *refiling) replaceItems(p *prepared, old []threads.Item) error {
	m := &p.Message
	var fresh []threads.Item
	old, byHand, err := r.byHand(p, old)
	if err != nil {
		return err
	}
	for i := range p.Items {
		item := p.Items[i]
		if overlaps(item, byHand) {
			continue // a manager has read these words
		}
		at := -1
		for j := range old {
			if m.Project == old[j].Project && old[j].Kind == item.Kind && old[j].Text == cleanText(item.Text) {
				at = j
				break
			}
		}
		if at < 0 {
			fresh = append(fresh, item)
			continue
		}
		if err := r.moveItem(old[at].ID, m.Thread, item.Start, item.End); err != nil {
			return err
		}
		old = append(old[:at:at], old[at+1:]...)
	}
	for _, item := range old {
		if err := r.dropItem(item, m); err != nil {
			return err
		}
	}
	return r.addItems(p, fresh)
}

// dropItem takes an item away that its mail no longer has.
func (r *refiling) dropItem(item threads.Item, m *threads.Message) error {
	err := r.removeItem(item)
	if !errors.Is(err, threads.ErrConflict) || m.Project != item.Project {
		return err
	}
	return r.moveItem(item.ID, m.Thread, item.Start, item.End) // answered: it stays
}

// removeItem deletes an item that has no answers.
func (t *tx) removeItem(item threads.Item) error {
	var answers int
	if err := t.one(`select count(*) from answer where item = $1`, []any{item.ID}, &answers); err != nil {
		return err
	}
	if answers > 0 {
		return fmt.Errorf("%w: %s of %s was answered", threads.ErrConflict, item.Label(), item.Project)
	}
	if _, err := t.exec(`delete from item where id = $1`, item.ID); err != nil {
		return fmt.Errorf("take away item %s: %w", item.Label(), err)
	}
	t.record(threads.Entry{Type: threads.EntryItemGone, Project: item.Project, Subject: item.ID, Ref: item.Message})
	return nil
}

func (t *tx) moveItem(id, thread string, start, end int) error {
	_, err := t.exec(`update item set thread = $2, first = $3, past = $4 where id = $1`, id, thread, start, end)
	if err != nil {
		return fmt.Errorf("move item %s: %w", id, err)
	}
	return nil
}

// addItems adds what is new. Threads are counted afterwards.
func (r *refiling) addItems(p *prepared, fresh []threads.Item) error {
	if len(fresh) == 0 || p.Message.Project == "" {
		return nil
	}
	if r.threads[p.Message.Thread] == nil {
		r.threads[p.Message.Thread] = &threadRow{}
	}
	p.Items = fresh
	return r.putItems(p)
}

// restore makes messages what they were, and returns what they have been till now.
func (t *tx) restore(before []was) (undone []was, err error) {
	var filings []threads.Filing
	for _, w := range before {
		filings = append(filings, threads.Filing{Message: w.Message})
	}
	r, err := t.startRefiling(filings)
	if err != nil {
		return nil, err
	}
	for _, w := range before {
		now, err := t.snapshot(w.Message.ID)
		if err != nil {
			return nil, err
		}
		undone = append(undone, now)
		if err := r.restoreItems(w.Items, now.Items); err != nil {
			return nil, fmt.Errorf("message %s: %w", w.Message.ID, err)
		}
		r.touch(now.Message.Project, now.Message.Thread)
		r.touch(w.Message.Project, w.Message.Thread)
		if err := r.restoreMessage(w); err != nil {
			return nil, fmt.Errorf("message %s: %w", w.Message.ID, err)
		}
	}
	return undone, r.end()
}

func (r *refiling) restoreMessage(w was) error {
	p, err := r.again(threads.Filing{Message: w.Message})
	if err != nil {
		return err
	}
	return r.updateMessage(p, w.Dismissed)
}

// restoreItems brings back the items that a message had, under their old
// numbers, and takes away those that it has got since.
func (r *refiling) restoreItems(old, now []threads.Item) error {
	had := map[string]bool{}
	for _, i := range old {
		had[i.ID] = true
	}
	has := map[string]bool{}
	for _, i := range now {
		has[i.ID] = true
		if !had[i.ID] {
			if err := r.removeItem(i); err != nil {
				return err
			}
		}
	}
	for _, i := range old {
		var err error
		if has[i.ID] {
			err = r.rewriteItem(&i)
		} else {
			err = r.insertItem(&i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
