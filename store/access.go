package store

import (
	"context"
	"fmt"
	"time"

	"rapport/threads"
)

// recordAccess notes an event at the door; the access log commits to it.
func (t *tx) recordAccess(a threads.Access) error {
	a.ID, a.At = t.ids.New(threads.AccessPrefix), t.at
	salt := t.salt()
	_, err := t.exec(`insert into access (id, at_ms, type, login, how, address, detail, salt) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, ms(a.At), string(a.Type), a.Login, string(a.How), a.Address, a.Detail, salt)
	if err != nil {
		return fmt.Errorf("note an access: %w", err)
	}
	e := accessEntry(&a, salt)
	e.At = t.at
	t.access = append(t.access, e)
	return nil
}

// accessEntry records an event at the door. Who it was is only committed to.
func accessEntry(a *threads.Access, salt []byte) threads.Entry {
	value := evidence(struct {
		V     int    `json:"v"`
		Words string `json:"words"`
	}{1, threads.Digest(cleanText(a.Login), cleanText(a.Address), cleanText(a.Detail))})
	return threads.Entry{Type: a.Type, Subject: a.ID, State: string(a.How), Commit: threads.Commit(salt, value)}
}

// NoteAccess notes that somebody was not let in, or looked at something.
func (s *Store) NoteAccess(ctx context.Context, a threads.Access) error {
	return s.write(ctx, func(t *tx) error { return t.recordAccess(a) })
}

const accessColumns = `id, at_ms, type, login, how, address, detail`

func scanAccess(row scanner) (a threads.Access, err error) {
	var at int64
	err = row.Scan(&a.ID, &at, &a.Type, &a.Login, &a.How, &a.Address, &a.Detail)
	a.At = moment(at)
	return a, err
}

// accesses gives the events at the door, as their log should have them.
func (s *Snapshot) accesses(do func(threads.Record) error) error {
	return s.each("accesses", func(row scanner) error {
		var salt []byte
		a, err := scanAccess(prefixed{row, []any{&salt}})
		if err != nil {
			return err
		}
		e := accessEntry(&a, salt)
		e.At = a.At
		return do(threads.Record{Entry: e})
	}, `select salt, `+accessColumns+` from access`)
}

// Accesses returns events, the latest first.
func (s *Store) Accesses(ctx context.Context, q threads.AccessQuery) ([]threads.Access, error) {
	kinds := ` and type not in ('` + string(threads.EntryRead) + `', '` + string(threads.EntrySearched) + `', '` + string(threads.EntryExported) + `')`
	if q.Reads {
		kinds = ``
	}
	all, err := read(ctx, s, scanAccess, `select `+accessColumns+` from access where ($1 = '' or login = $1)`+kinds+`
		order by at_ms desc, id desc limit $2`, q.Login, atMost(q.Limit))
	if err != nil {
		return nil, fmt.Errorf("read the accesses: %w", err)
	}
	return all, nil
}

// LastSignIn is when a person came in last, zero for never.
func (s *Store) LastSignIn(ctx context.Context, login string) (time.Time, error) {
	last, err := read(ctx, s, scalar[int64], `select coalesce(max(at_ms), 0) from access where login = $1 and type = $2`,
		login, string(threads.EntrySignedIn))
	if err != nil {
		return time.Time{}, fmt.Errorf("read when %s signed in: %w", login, err)
	}
	return moment(last[0]), nil
}
