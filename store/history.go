package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// History tells how a mail came to where it is filed. id is whole.
func (s *Store) History(ctx context.Context, id string) (h threads.History, err error) {
	err = s.view(ctx, func(t *tx) error {
		var filed int64
		if err := t.one(`select source, filed_at from message where id = $1`, []any{id}, &h.Source, &filed); err != nil {
			return err
		}
		h.Filed = moment(filed)
		h.Positions, err = collect(t, scanPosition, `select mailbox, uidvalidity, uid from mail_position where message = $1
			order by mailbox, uidvalidity, uid`, id)
		if err != nil {
			return err
		}
		if h.Changes, err = t.changesOf([]string{id}); err != nil {
			return err
		}
		h.Lines, err = t.linesOf(id, h)
		return err
	})
	if err != nil {
		return h, fmt.Errorf("read how message %s came here: %w", id, err)
	}
	return h, nil
}

func scanPosition(row scanner) (p threads.Position, err error) {
	return p, row.Scan(&p.Mailbox, &p.UIDValidity, &p.UID)
}

// changesAsked bounds the mails of one question.
const changesAsked = 100

// ChangesOf returns what was decided by hand about any of these mails, the
// first in front. Of very many mails it looks at the first hundred.
func (s *Store) ChangesOf(ctx context.Context, messages []string) (out []threads.Change, err error) {
	err = s.view(ctx, func(t *tx) error {
		out, err = t.changesOf(messages[:min(len(messages), changesAsked)])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was decided: %w", err)
	}
	return out, nil
}

// changesOf finds ids in the lists of the changes, which are JSON.
func (t *tx) changesOf(messages []string) ([]threads.Change, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	var about []string
	var args []any
	for i, m := range messages {
		about = append(about, fmt.Sprintf(`replace(messages, $%d, '') <> messages`, i+1))
		args = append(args, `"`+m+`"`)
	}
	return collect(t, scanChange, `select `+changeColumns+` from change where `+strings.Join(about, " or ")+` order by n`, args...)
}

// linesOf finds the lines of the log about a mail: those of the moments at which
// it was filed or changed.
func (t *tx) linesOf(id string, h threads.History) ([]threads.LogRow, error) {
	erased, err := t.erasureOf(id)
	if err != nil {
		return nil, err
	}
	moments, subjects := changedAt(h.Changes)
	return t.linesAbout(append(append(moments, erased...), h.Filed), append(subjects, id), id)
}

// erasureOf is when a mail was erased, if it was.
func (t *tx) erasureOf(message string) (at []time.Time, err error) {
	erased, err := collect(t, scanErasure, `select `+erasureColumns+` from erased where message = $1`, message)
	for _, e := range erased {
		at = append(at, e.At)
	}
	return at, err
}

// changedAt are the moments at which changes were made or taken back, and the
// changes' ids.
func changedAt(changes []threads.Change) (moments []time.Time, ids []string) {
	for _, c := range changes {
		ids, moments = append(ids, c.ID), append(moments, c.At)
		if !c.UndoneAt.IsZero() {
			moments = append(moments, c.UndoneAt)
		}
	}
	return moments, ids
}

// linesAbout finds the lines of some moments that are about one of the subjects,
// or refer to ref. The log is not searched whole.
func (t *tx) linesAbout(moments []time.Time, subjects []string, ref string) (out []threads.LogRow, err error) {
	slices.SortFunc(moments, time.Time.Compare)
	for _, at := range slices.CompactFunc(moments, time.Time.Equal) {
		lines, err := t.linesAt(at)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			var entry struct{ Subject, Ref string }
			if json.Unmarshal(l.Line, &entry) == nil && (ref != "" && entry.Ref == ref || slices.Contains(subjects, entry.Subject)) {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// mostAtOnce bounds the lines that are looked at for one moment: a batch has at
// most fifty mails with their items.
const mostAtOnce = 5000

// linesAt are the lines of one moment.
func (t *tx) linesAt(at time.Time) ([]threads.LogRow, error) {
	from, err := t.lineAt(at)
	if err != nil {
		return nil, err
	}
	lines, err := collect(t, scanLine, `select n, line from log_leaf where log = $1 and n >= $2 order by n limit $3`, archiveLog, from, mostAtOnce)
	if end := slices.IndexFunc(lines, func(l threads.LogRow) bool { return lineTime(l) != at.UTC().Format(threads.EntryTime) }); end >= 0 {
		lines = lines[:end]
	}
	return lines, err
}
