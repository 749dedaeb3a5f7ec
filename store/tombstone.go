package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport/threads"
)

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
