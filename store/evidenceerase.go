package store

import (
	"fmt"

	"rapport/threads"
)

// erasedEntry records that a mail was erased; its commitment covers by whom and
// why.
func erasedEntry(e *threads.Erasure, project, thread string, salt []byte) threads.Entry {
	return threads.Entry{At: e.At, Type: threads.EntryErased, Project: project, Subject: e.Message, Ref: thread,
		State: string(e.Cause), Commit: threads.Commit(salt, []byte(threads.Digest(e.By, e.Reason)))}
}

// ErasureSalt returns what opens a tombstone's commitment in the log, beside
// what the tombstone says.
func (s *Snapshot) ErasureSalt(message string) (salt []byte, err error) {
	if err = s.t.one(`select salt from erased where message = $1`, []any{message}, &salt); err != nil {
		err = fmt.Errorf("read the tombstone of message %s: %w", message, err)
	}
	return salt, err
}

func holdEntry(h *threads.Hold, salt []byte) threads.Entry {
	return threads.Entry{At: h.At, Type: threads.EntryHold, Project: h.Project, Subject: h.ID, Ref: h.Thread,
		Commit: threads.Commit(salt, []byte(threads.Digest(h.By, h.Reason)))}
}

func liftEntry(h *threads.Hold, salt []byte) threads.Entry {
	return threads.Entry{At: h.LiftedAt, Type: threads.EntryHoldLifted, Project: h.Project, Subject: h.ID, Ref: h.Thread,
		Commit: threads.Commit(salt, []byte(threads.Digest(h.LiftedBy)))}
}

// erasures gives the tombstones. A thread may have been merged since.
func (s *Snapshot) erasures(do func(threads.Record) error) error {
	return s.each("tombstones", func(row scanner) error {
		var salt []byte
		var project, thread string
		e, err := scanErasure(prefixed{row, []any{&salt, &project, &thread}})
		if err != nil {
			return err
		}
		return do(threads.Record{Entry: erasedEntry(&e, project, thread, salt)})
	}, `select e.salt, m.project, m.thread, `+erasureColumns+` from erased e join message m on m.id = e.message`)
}

// holdings gives the holds, and what lifted them.
func (s *Snapshot) holdings(do func(threads.Record) error) error {
	return s.each("holds", func(row scanner) error {
		var salt, lifted []byte
		var keeps string
		h, err := scanHold(prefixed{row, []any{&salt, &lifted, &keeps}})
		if err != nil {
			return err
		}
		if err := do(threads.Record{Entry: holdEntry(&h, salt), Keeps: keeps}); err != nil || h.LiftedAt.IsZero() {
			return err
		}
		return do(threads.Record{Entry: liftEntry(&h, lifted)})
	}, `select salt, lifted_salt, coalesce((select case when t.merged_to = '' then t.id else t.merged_to end from thread t where t.id = hold.thread), ''), `+
		holdColumns+` from hold`)
}
