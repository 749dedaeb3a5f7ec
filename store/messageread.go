package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"rapport/threads"
)

// messageRow is a message as it lies in the database.
type messageRow struct {
	threads.Message
	ord    int64
	packed []byte // what putBody takes, compressed; none if it was erased
}

func scanMessage(row scanner) (r messageRow, err error) {
	var sent, received int64
	var zone int
	err = row.Scan(&r.ord, &r.ID, &r.Project, &r.Thread, &r.Direction, &r.RawSHA, &r.Size, &r.MessageID, &r.From.Name, &r.From.Address,
		&sent, &zone, &received, &r.Class, &r.Subject, &r.packed)
	r.Date, r.Received = zoned(sent, zone), moment(received)
	return r, err
}

// bodies are spaces to unpack one message after the other, up to a size that few
// have.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

const mostSpace = 256 << 10

// unpack completes the message.
func (s *Store) unpack(r *messageRow) error {
	if len(r.packed) == 0 {
		r.Erased = &threads.Erasure{Message: r.ID} // tombstones tells the rest
		return nil
	}
	space := bodies.Get().(*[]byte)
	defer bodies.Put(space)
	body, err := s.packer.dec.DecodeAll(r.packed, (*space)[:0])
	if err == nil {
		err = putBody(&r.Message, body)
	}
	if err != nil {
		return fmt.Errorf("message %s is damaged: %w", r.ID, err)
	}
	if len(body) <= mostSpace {
		*space = body
	}
	r.packed = nil
	s.hide(&r.Message)
	return nil
}

// messageRows reads messages: which is what comes behind "from message". They are
// unpacked on all processors, since that takes longer than all else.
func (t *tx) messageRows(which string, args ...any) ([]messageRow, error) {
	rows, err := collect(t, scanMessage, `select ord, id, project, thread, direction, sha, size, message_id, from_name, from_address,
		sent_at, sent_zone, received, class, subject, body from message `+which, args...)
	if err != nil {
		return nil, err
	}
	return rows, onAllProcessors(len(rows), func(i int) error { return t.unpack(&rows[i]) })
}

func (t *tx) messages(which string, args ...any) ([]threads.Message, error) {
	rows, err := t.messageRows(which, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	mails := make([]threads.Message, len(rows))
	for i := range rows {
		mails[i] = rows[i].Message
	}
	return mails, nil
}

// readMessages is messages on a snapshot of its own.
func (s *Store) readMessages(ctx context.Context, which string, args ...any) (mails []threads.Message, err error) {
	err = s.view(ctx, func(t *tx) error {
		mails, err = t.messages(which, args...)
		return err
	})
	return mails, err
}

// message reads one by its id.
func (t *tx) message(id string) (threads.Message, error) {
	found, err := t.messages(`where id = $1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return threads.Message{}, fmt.Errorf("read message %s: %w", id, err)
	}
	return found[0], t.tombstones(found)
}

// hide takes from a message what names projects outside of the scope.
func (s *Store) hide(m *threads.Message) {
	if s.scope == nil || s.scope.All {
		return
	}
	foreign := func(project string) bool { return project != "" && !s.scope.Has(project) }
	all := len(m.Evidence)
	m.Evidence = slices.DeleteFunc(m.Evidence, func(e threads.Evidence) bool { return foreign(e.Project) })
	if m.Tray != nil && (len(m.Evidence) < all || foreign(m.Tray.Proposal)) {
		m.Tray.Proposal, m.Tray.Words = "", ""
	}
}
