package store

import (
	"bytes"
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
		if err := r.moveItem(p, old[at], item.Start, item.End); err != nil {
			return err
		}
		old = append(old[:at:at], old[at+1:]...)
	}
	for _, item := range old {
		if err := r.dropItem(p, item); err != nil {
			return err
		}
	}
	return r.addItems(p, fresh)
}

// dropItem takes an item away that its mail no longer has.
func (r *refiling) dropItem(p *prepared, item threads.Item) error {
	err := r.removeItem(item)
	if !errors.Is(err, threads.ErrConflict) || p.Message.Project != item.Project {
		return err
	}
	return r.moveItem(p, item, item.Start, item.End) // answered: it stays
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

// moveItem takes an item with its mail to another thread, or to the place where
// a later reading finds its words; of that the log has a line.
func (r *refiling) moveItem(p *prepared, i threads.Item, start, end int) error {
	i.Thread = p.Message.Thread
	if i.Start != start || i.End != end {
		i.Start, i.End = start, end
		return r.rewriteItem(&i, p.salt)
	}
	if _, err := r.exec(`update item set thread = $2 where id = $1`, i.ID, i.Thread); err != nil {
		return fmt.Errorf("move item %s: %w", i.Label(), err)
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
		p, err := r.again(threads.Filing{Message: w.Message}, w.Dismissed)
		if err == nil {
			err = r.mayLeave(&now.Message, &w.Message)
		}
		if err == nil {
			err = r.restoreItems(p, w.Items, now.Items)
		}
		if err == nil {
			err = r.updateMessage(p)
		}
		if err != nil {
			return nil, fmt.Errorf("message %s: %w", w.Message.ID, err)
		}
		r.touch(now.Message.Project, now.Message.Thread)
		r.touch(w.Message.Project, w.Message.Thread)
	}
	return undone, r.end()
}

// restoreItems brings back the items that a message had, under their old
// numbers, and takes away those that it has got since. What is answered by now
// stays so.
func (r *refiling) restoreItems(p *prepared, old, now []threads.Item) error {
	has := map[string]threads.Item{}
	for _, i := range now {
		has[i.ID] = i
	}
	for _, i := range old {
		is, there := has[i.ID]
		delete(has, i.ID)
		n := 0
		if is.Answer != nil {
			n = 1
		}
		i.State, i.Thread = stands(&i, n), p.Message.Thread
		if there && bytes.Equal(itemValue(itemForm, &i), itemValue(itemForm, &is)) {
			if err := r.moveItem(p, i, i.Start, i.End); err != nil {
				return err
			}
			continue
		}
		if !there {
			if err := r.insertItem(&i); err != nil {
				return err
			}
		}
		if err := r.rewriteItem(&i, p.salt); err != nil {
			return err
		}
	}
	for _, id := range sortedKeys(has) {
		if err := r.removeItem(has[id]); err != nil {
			return err
		}
	}
	return nil
}
