package store

import (
	"context"
	"fmt"
	"slices"

	"rapport/threads"
)

// Correct changes what the items of one mail are, as a manager reads it, in one
// transaction with its entries in the log. It is a change like others: Undo
// takes it back, and its sentences no longer count as examples then.
func (s *Store) Correct(ctx context.Context, c threads.Correction) (change threads.Change, err error) {
	err = s.write(ctx, func(t *tx) error {
		message, err := t.correctedMail(c)
		if err != nil {
			return err
		}
		r, err := t.startRefiling([]threads.Filing{{Message: message}}) // holds the project
		if err != nil {
			return err
		}
		old, err := r.snapshot(message.ID)
		if err != nil {
			return err
		}
		a := amendment{Correction: c, message: old.Message, items: slices.Clone(old.Items)}
		if err := a.run(); err != nil {
			return err
		}
		if err := r.putAmended(&a, old); err != nil {
			return err
		}
		change = threads.Change{ID: t.ids.New(threads.ChangePrefix), Kind: threads.ChangeCorrect, Name: a.told,
			Project: message.Project, Messages: []string{message.ID}, By: c.By, At: t.at}
		if err := t.putChange(&change, []was{old}); err != nil {
			return err
		}
		return t.putExamples(change.ID, &a)
	})
	if err != nil {
		return threads.Change{}, fmt.Errorf("correct: %w", err)
	}
	return change, nil
}

// correctedMail finds the mail that a correction is about.
func (t *tx) correctedMail(c threads.Correction) (threads.Message, error) {
	id := c.Message
	if c.Item != "" {
		item, err := t.item(c.Item)
		if err != nil {
			return threads.Message{}, err
		}
		id = item.Message
	} else if whole, err := t.find("message", threads.MessagePrefix, id); err != nil {
		return threads.Message{}, err
	} else {
		id = whole
	}
	return t.message(id)
}

// putAmended writes the items that differ from before.
func (r *refiling) putAmended(a *amendment, old was) error {
	m := &a.message
	var salt []byte
	if err := r.one(`select salt from message where id = $1`, []any{m.ID}, &salt); err != nil {
		return err
	}
	before := map[string]threads.Item{}
	for _, i := range old.Items {
		before[i.ID] = i
	}
	for n := range a.items {
		i := &a.items[n]
		was, kept := before[i.ID]
		switch {
		case !kept:
			r.complete(i, m)
			if err := r.insertItem(i); err != nil {
				return err
			}
			r.record(itemEntry(i, salt))
		case *i != was:
			if err := r.rewriteItem(i, salt); err != nil {
				return err
			}
		}
		delete(before, i.ID)
	}
	for _, id := range sortedKeys(before) {
		if err := r.removeItem(before[id]); err != nil {
			return err
		}
	}
	r.touch(m.Project, m.Thread)
	return r.end()
}

// rewriteItem makes an item's row what i says, and writes a line of what it is
// now. An answer stays, and with it the state, which is i's too then.
func (t *tx) rewriteItem(i *threads.Item, salt []byte) error {
	_, err := t.exec(`update item set thread = $2, kind = $3, facet = $4, words = $5, first = $6, past = $7, urgent = $8, due = $9,
		sure = $10, why = $11, state = $12, evidence = $13 where id = $1`,
		i.ID, i.Thread, string(i.Kind), string(i.Facet), i.Text, i.Start, i.End, i.Urgent, i.Due, i.Sure, i.Why, string(i.State), itemForm)
	if err != nil {
		return fmt.Errorf("correct item %s: %w", i.Label(), err)
	}
	e := itemEntry(i, salt)
	e.Type = threads.EntryItemCorrected
	t.record(e)
	return nil
}

// ChangeOf returns one change by its id or a unique beginning of it.
func (s *Store) ChangeOf(ctx context.Context, id string) (c threads.Change, err error) {
	err = s.view(ctx, func(t *tx) error {
		if id, err = t.find("change", threads.ChangePrefix, id); err != nil {
			return err
		}
		c, _, err = t.change(id)
		return err
	})
	return c, err
}
