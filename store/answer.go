package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// AnswerItem writes down the manager's word on an item. Earlier answers stay
// behind it.
func (s *Store) AnswerItem(ctx context.Context, a threads.Answer) (item threads.Item, err error) {
	err = s.write(ctx, func(t *tx) error {
		if item, err = t.item(a.Item); err != nil {
			return err
		}
		if _, err := t.counter(item.Project); err != nil { // one answer at a time
			return err
		}
		if err := t.answer(a); err != nil {
			return err
		}
		item, err = t.item(a.Item)
		return err
	})
	if err != nil {
		return threads.Item{}, fmt.Errorf("answer item %s: %w", a.Item, err)
	}
	return item, nil
}

// answer adds an answer and settles its item. The caller holds the project.
func (t *tx) answer(a threads.Answer) error {
	if err := a.Check(); err != nil {
		return err
	}
	item, err := t.item(a.Item)
	if err != nil {
		return err
	}
	if m, err := t.message(item.Message); err != nil {
		return err
	} else if m.Erased != nil {
		return wasErased(&m)
	}
	if a.At.IsZero() {
		a.At = t.at
	}
	for _, s := range []*string{&a.Reason, &a.Next, &a.Date, &a.By} {
		*s = cleanText(*s)
	}
	var n int
	if err := t.one(`select coalesce(max(n), 0) + 1 from answer where item = $1`, []any{item.ID}, &n); err != nil {
		return err
	}
	salt := t.salt()
	_, err = t.exec(`insert into answer (item, n, word, reason, next_step, day, login, given_at, report, salt)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		item.ID, n, string(a.Word), a.Reason, a.Next, a.Date, a.By, ms(a.At), a.Report, salt)
	if err != nil {
		return fmt.Errorf("store the answer: %w", err)
	}
	t.record(answerEntry(item.Project, n, &a, salt))
	return t.setAnswer(&item, n)
}

// setAnswer makes the n-th answer the one that counts; 0 opens the item again.
func (t *tx) setAnswer(i *threads.Item, n int) error {
	was := i.State
	i.State = stands(i, n)
	if _, err := t.exec(`update item set state = $2, answer = $3 where id = $1`, i.ID, string(i.State), n); err != nil {
		return fmt.Errorf("settle item %s: %w", i.Label(), err)
	}
	if was == threads.Dismissed && n > 0 {
		var salt []byte
		if err := t.one(`select salt from message where id = $1`, []any{i.Message}, &salt); err != nil {
			return err
		}
		if err := t.rewriteItem(i, salt); err != nil { // it is one all the same, and the log says so
			return err
		}
	}
	_, err := t.exec(`update thread set open_items = (select count(*) from item where item.thread = thread.id and state = $2)
		where id = $1`, i.Thread, string(threads.Open))
	if err != nil {
		return fmt.Errorf("count the open items of thread %s: %w", i.Thread, err)
	}
	return nil
}

// withdrawAnswers takes back what a cancelled report would have told: the
// client has never read it. The answers stay in the archive; the latest of
// another origin counts again.
func (t *tx) withdrawAnswers(report string) error {
	items, err := collect(t, scalar[string], `select distinct item from answer where report = $1 order by item`, report)
	if err != nil {
		return fmt.Errorf("find the answers of report %s: %w", report, err)
	}
	for _, id := range items {
		item, err := t.item(id)
		if err != nil {
			return err
		}
		var n int
		err = t.one(`select coalesce(max(a.n), 0) from answer a left join report r on r.id = a.report
			where a.item = $1 and coalesce(r.cancelled_at, 0) = 0`, []any{id}, &n)
		if err != nil {
			return err
		}
		if err := t.setAnswer(&item, n); err != nil {
			return err
		}
	}
	return nil
}
