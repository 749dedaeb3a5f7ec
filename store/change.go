package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/threads"
)

// was is what a message was before a change: enough to undo it.
type was struct {
	Message   threads.Message
	Items     []threads.Item
	Dismissed bool
}

// Change files messages otherwise than they were, in one transaction with its
// entries in the log. refilings are the messages as they are to be, each with
// its ID; their raw bytes stay what they are. It is ErrConflict if an item that
// would go away was answered: the client has read that answer.
func (s *Store) Change(ctx context.Context, c threads.Change, refilings []threads.Filing) (threads.Change, error) {
	err := s.write(ctx, func(t *tx) error {
		c.ID, c.At, c.Messages = t.ids.New(threads.ChangePrefix), t.at, nil
		r, err := t.startRefiling(refilings)
		if err != nil {
			return err
		}
		var before []was
		for _, f := range refilings {
			old, err := r.refile(f, c.Kind)
			if err != nil {
				return fmt.Errorf("message %s: %w", f.Message.ID, err)
			}
			before = append(before, old)
			c.Messages = append(c.Messages, f.Message.ID)
		}
		if err := r.end(); err != nil {
			return err
		}
		return t.putChange(&c, before)
	})
	if err != nil {
		return threads.Change{}, fmt.Errorf("%s: %w", c.Kind, err)
	}
	return c, nil
}

// putChange writes down a change; the log commits to who made it.
func (t *tx) putChange(c *threads.Change, before []was) error {
	messages, err := toJSON(c.Messages)
	if err != nil {
		return err
	}
	snapshot, err := toJSON(before)
	if err != nil {
		return err
	}
	salt := t.salt()
	_, err = t.exec(`insert into change (id, n, kind, project, name, address, thread, messages, before, login, made_at, salt, via)
		values ($1, (select coalesce(max(n), 0) + 1 from change), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		c.ID, string(c.Kind), c.Project, c.Name, c.Address, c.Thread, messages, snapshot, c.By, ms(c.At), salt, c.Via)
	if err != nil {
		return err
	}
	t.record(changeEntry(c, salt))
	return nil
}

// Undo takes a change back: every message is what it was before, with its old
// items and their numbers. It is ErrConflict if it was undone already, or if a
// later change has touched one of its messages: that one goes first.
func (s *Store) Undo(ctx context.Context, id, by string) (c threads.Change, err error) {
	err = s.write(ctx, func(t *tx) error {
		id, err := t.find("change", threads.ChangePrefix, id)
		if err != nil {
			return err
		}
		var before []was
		if c, before, err = t.change(id); err != nil {
			return err
		}
		if err := t.mayUndo(c); err != nil {
			return err
		}
		if len(before) == 0 && len(c.Messages) > 0 {
			return fmt.Errorf("%w: the mail that it was about was erased", threads.ErrConflict)
		}
		undone, err := t.restore(before)
		if err != nil {
			return err
		}
		between, err := toJSON(undone)
		if err != nil {
			return err
		}
		c.UndoneBy, c.UndoneAt = by, t.at
		var salt []byte
		if err := t.one(`update change set undone_by = $2, undone_at = $3, undone = $4 where id = $1 returning salt`,
			[]any{c.ID, by, ms(t.at), between}, &salt); err != nil {
			return err
		}
		t.record(undoEntry(&c, salt))
		return nil
	})
	if err != nil {
		return threads.Change{}, fmt.Errorf("undo %s: %w", id, err)
	}
	return c, nil
}

func (t *tx) mayUndo(c threads.Change) error {
	if !c.UndoneAt.IsZero() {
		return fmt.Errorf("%w: it was undone by %s already", threads.ErrConflict, c.UndoneBy)
	}
	later, err := collect(t, scanChange, `select `+changeColumns+` from change
		where n > (select n from change where id = $1) and undone_at = 0 order by n desc`, c.ID)
	if err != nil {
		return err
	}
	for _, other := range later {
		for _, m := range c.Messages {
			if slices.Contains(other.Messages, m) {
				return fmt.Errorf("%w: the later change %s is about the same mail; undo that one first", threads.ErrConflict, other.ID)
			}
		}
	}
	return nil
}

const changeColumns = `id, kind, project, name, address, thread, messages, login, made_at, undone_by, undone_at, via`

func scanChange(row scanner) (threads.Change, error) {
	c, messages, err := scanChangeRow(row)
	if err == nil {
		err = fromJSON(messages, &c.Messages)
	}
	return c, err
}

// scanChangeRow leaves the messages as they stand in the row.
func scanChangeRow(row scanner) (c threads.Change, messages string, err error) {
	var made, undone int64
	err = row.Scan(&c.ID, &c.Kind, &c.Project, &c.Name, &c.Address, &c.Thread, &messages, &c.By, &made, &c.UndoneBy, &undone, &c.Via)
	c.At, c.UndoneAt = moment(made), moment(undone)
	return c, messages, err
}

// change reads a change, and what its messages were before.
func (t *tx) change(id string) (threads.Change, []was, error) {
	found, err := collect(t, scanChange, `select `+changeColumns+` from change where id = $1`, id)
	if err != nil {
		return threads.Change{}, nil, err
	}
	if len(found) == 0 {
		return threads.Change{}, nil, threads.ErrNotFound
	}
	var snapshot string
	if err := t.one(`select before from change where id = $1`, []any{id}, &snapshot); err != nil {
		return threads.Change{}, nil, err
	}
	var before []was
	return found[0], before, fromJSON(snapshot, &before)
}

// Changes returns what managers decided, the latest first.
func (s *Store) Changes(ctx context.Context, limit int) ([]threads.Change, error) {
	out, err := read(ctx, s, scanChange, `select `+changeColumns+` from change order by n desc limit $1`, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read the changes: %w", err)
	}
	return out, nil
}

// Choices returns what managers have decided about senders and not undone. Of
// several decisions about one sender the latest counts.
func (s *Store) Choices(ctx context.Context) (threads.Choices, error) {
	all, err := read(ctx, s, scanChange, `select `+changeColumns+` from change where undone_at = 0 and address <> '' order by n`)
	if err != nil {
		return threads.Choices{}, fmt.Errorf("read the choices: %w", err)
	}
	out := threads.Choices{Filed: map[string]string{}, NotOurs: map[string]bool{}, PassedOn: map[[2]string]bool{}}
	for _, c := range all {
		address := strings.ToLower(c.Address)
		if c.Via != "" {
			out.PassedOn[[2]string{address, c.Via}] = true
		}
		switch c.Kind {
		case threads.ChangeContact:
			out.Contacts = append(out.Contacts, threads.ChosenContact{Project: c.Project, Name: c.Name, Address: address})
			delete(out.NotOurs, address)
		case threads.ChangeFile:
			out.Filed[address] = c.Project
			delete(out.NotOurs, address)
		case threads.ChangeDismiss:
			out.NotOurs[address] = true
		}
	}
	return out, nil
}
