package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// ItemHistory tells what became of an item, by its whole id: every answer, what
// was decided by hand about its mail, and the lines of the log about it.
func (s *Store) ItemHistory(ctx context.Context, id string) (h threads.ItemHistory, err error) {
	err = s.view(ctx, func(t *tx) error {
		item, err := t.item(id)
		if err != nil {
			return err
		}
		h.Answers, err = collect(t, scanAnswer, `select item, word, reason, next_step, day, login, given_at, report from answer where item = $1 order by n`, id)
		if err != nil {
			return err
		}
		if h.Changes, err = t.changesOf([]string{item.Message}); err != nil {
			return err
		}
		h.Lines, err = t.itemLines(item, h)
		return err
	})
	if err != nil {
		return h, fmt.Errorf("read the history of item %s: %w", id, err)
	}
	return h, nil
}

func scanAnswer(row scanner) (a threads.Answer, err error) {
	var given int64
	err = row.Scan(&a.Item, &a.Word, &a.Reason, &a.Next, &a.Date, &a.By, &given, &a.Report)
	a.At = moment(given)
	return a, err
}

// itemLines are the lines about an item: of the moment at which its mail was
// filed, of its answers and the reports that carried them, of the changes and of
// the erasure of its mail.
func (t *tx) itemLines(item threads.Item, h threads.ItemHistory) ([]threads.LogRow, error) {
	var filed int64
	if err := t.one(`select filed_at from message where id = $1`, []any{item.Message}, &filed); err != nil {
		return nil, err
	}
	moments, subjects := changedAt(h.Changes)
	erased, err := t.erasureOf(item.Message)
	if err != nil {
		return nil, err
	}
	moments = append(append(moments, erased...), moment(filed))
	for _, a := range h.Answers {
		moments = append(moments, a.At)
	}
	carried, err := collect(t, scalar[int64], `select m.filed_at from answer a join report r on r.id = a.report join message m on m.id = r.message where a.item = $1`, item.ID)
	if err != nil {
		return nil, err
	}
	for _, at := range carried {
		moments = append(moments, moment(at))
	}
	return t.linesAbout(moments, append(subjects, item.ID), "")
}
