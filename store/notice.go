package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

const noticeColumns = `x.id, x.key, x.kind, x.project, x.thread, x.answers, x.name, x.address, x.subject, x.message_id, x.sha, x.brake, x.made_at,
	d.state, d.words, d.next_at, d.changed_at from notice x join notice_delivery d on d.notice = x.id `

func scanNotice(row scanner) (n threads.Notice, err error) {
	var made, due, changed int64
	err = row.Scan(&n.ID, &n.Key, &n.Kind, &n.Project, &n.Thread, &n.Answers, &n.To.Name, &n.To.Address, &n.Subject, &n.MessageID, &n.SHA, &n.Brake, &made,
		&n.State, &n.Words, &due, &changed)
	n.Made, n.Due, n.Changed = moment(made), moment(due), moment(changed)
	return n, err
}

// noticeLock is the counter under which notices are made one after the other,
// so that brakes count right. No project has such a key.
const noticeLock = "notices"

// MakeNotice writes a notice with its bytes, once: if there is one with its key,
// that one is returned. A notice that comes with a brake, or on which one of the
// limits pulls one, is held, and never sent; peer is the limit for its recipient.
func (s *Store) MakeNotice(ctx context.Context, n threads.Notice, limits threads.BrakeLimits, peer int) (threads.Notice, error) {
	if n.ID == "" || n.Key == "" || n.To.Address == "" && n.Brake == "" {
		return n, fmt.Errorf("make a notice: %w: it has no id, no key or no recipient", threads.ErrConflict)
	}
	for _, text := range []*string{&n.Key, &n.To.Name, &n.To.Address, &n.Subject} {
		*text = cleanText(*text)
	}
	packed := s.packer.pack(n.Raw)
	made := n
	err := s.write(ctx, func(t *tx) error {
		made = n
		if _, err := t.counter(noticeLock); err != nil {
			return err
		}
		old, err := collect(t, scanNotice, `select `+noticeColumns+`where x.key = $1`, n.Key)
		if err != nil {
			return err
		}
		if len(old) > 0 {
			made = old[0]
			return nil
		}
		if made.Brake == "" {
			before, err := t.noticesBefore(&made)
			if err != nil {
				return err
			}
			made.Brake = limits.Pulled(peer, made.Thread != "", before)
		}
		return t.putNotice(&made, packed)
	})
	if err != nil {
		return n, fmt.Errorf("make the notice %s: %w", n.Key, err)
	}
	return made, nil
}

// noticesBefore counts what brakes look at.
func (t *tx) noticesBefore(n *threads.Notice) (c threads.NoticeCounts, err error) {
	day, hour := ms(t.at.Add(-24*time.Hour)), ms(t.at.Add(-time.Hour))
	month := ms(t.at.Add(-threads.ReturnedWithin))
	for _, of := range []struct {
		into  *int
		where string
		args  []any
	}{
		{&c.Returned, `peer = $1 and made_at > $2 and exists (select 1 from notice_delivery d where d.notice = notice.id and d.state = $3)`,
			[]any{threads.Peer(n.To.Address), month, string(threads.Bounced)}},
		{&c.Peer, `peer = $1 and made_at > $2`, []any{threads.Peer(n.To.Address), day}},
		{&c.Thread, `thread = $1 and made_at > $2`, []any{n.Thread, day}},
		{&c.Total, `made_at > $1`, []any{hour}},
	} {
		if err = t.one(`select count(*) from notice where brake = '' and `+of.where, of.args, of.into); err != nil {
			return c, fmt.Errorf("count the notices before: %w", err)
		}
	}
	return c, nil
}

func (t *tx) putNotice(n *threads.Notice, packed []byte) error {
	n.Made, n.State = t.at, threads.Queued
	if n.Due.IsZero() {
		n.Due = t.at
	}
	if n.Brake != "" {
		n.State = threads.Held
	}
	salt := t.salt()
	_, err := t.exec(`insert into notice (id, key, kind, project, thread, answers, name, address, peer, subject, message_id, sha, raw, brake, made_at, salt)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		n.ID, n.Key, string(n.Kind), n.Project, n.Thread, n.Answers, n.To.Name, n.To.Address, threads.Peer(n.To.Address), n.Subject, n.MessageID, n.SHA,
		packed, string(n.Brake), ms(n.Made), salt)
	if err != nil {
		return err
	}
	t.record(noticeEntry(n, salt))
	_, err = t.exec(`insert into notice_delivery (notice, state, attempts, next_at, words, changed_at, fence, owner, until)
		values ($1, $2, 0, $3, $4, $5, 0, '', 0)`, n.ID, string(n.State), ms(n.Due), n.Words, ms(t.at))
	return err
}

// noticeEntry records a notice. Its state is the brake that holds it, if any.
func noticeEntry(n *threads.Notice, salt []byte) threads.Entry {
	value := evidence(struct {
		V         int    `json:"v"`
		Kind      string `json:"kind"`
		SHA256    string `json:"sha256"`
		Recipient string `json:"recipient"`
		Key       string `json:"key"`
	}{1, string(n.Kind), n.SHA, threads.Digest(n.To.Name, n.To.Address, n.Subject), threads.Digest(n.Key)})
	ref := n.Answers
	if ref == "" {
		ref = n.Thread
	}
	return threads.Entry{At: n.Made, Type: threads.EntryNotice, Project: n.Project, Subject: n.ID, Ref: ref, State: string(n.Brake), Commit: threads.Commit(salt, value)}
}

// NoticeMade reports whether there is a notice with that key, sent or not.
func (s *Store) NoticeMade(ctx context.Context, key string) (made bool, err error) {
	err = s.view(ctx, func(t *tx) error {
		var id string
		return t.one(`select id from notice where key = $1`, []any{key}, &id)
	})
	if errors.Is(err, threads.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Notices returns the notices made since then, the latest first.
func (s *Store) Notices(ctx context.Context, since time.Time, limit int) ([]threads.Notice, error) {
	all, err := read(ctx, s, scanNotice, `select `+noticeColumns+`where x.made_at >= $1 order by x.made_at desc, x.id desc limit $2`, ms(since), limit)
	if err != nil {
		return nil, fmt.Errorf("list the notices: %w", err)
	}
	return all, nil
}

// NoticeRaw returns a notice with its exact bytes; one that a brake holds has none.
func (s *Store) NoticeRaw(ctx context.Context, id string) (n threads.Notice, err error) {
	err = s.view(ctx, func(t *tx) error {
		n, err = t.notice(id)
		return err
	})
	return n, err
}

// LatestNotice returns the latest notice of a kind to an address that no brake
// has held back, with its bytes; ErrNotFound if there is none.
func (s *Store) LatestNotice(ctx context.Context, kind threads.NoticeKind, address string) (n threads.Notice, err error) {
	err = s.view(ctx, func(t *tx) error {
		var id string
		err := t.one(`select id from notice where peer = $1 and kind = $2 and brake = '' order by made_at desc, id desc limit 1`,
			[]any{threads.Peer(address), string(kind)}, &id)
		if err == nil {
			n, err = t.notice(id)
		}
		return err
	})
	if err != nil {
		return n, fmt.Errorf("the latest %s to an address: %w", kind, err)
	}
	return n, nil
}

func (t *tx) notice(id string) (threads.Notice, error) {
	found, err := collect(t, scanNotice, `select `+noticeColumns+`where x.id = $1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return threads.Notice{}, fmt.Errorf("notice %s: %w", id, err)
	}
	n := found[0]
	if n.SHA == "" {
		return n, nil
	}
	var packed []byte
	if err := t.one(`select raw from notice where id = $1`, []any{id}, &packed); err != nil {
		return n, fmt.Errorf("notice %s: %w", id, err)
	}
	n.Raw, err = t.packer.unpack(n.SHA, packed)
	return n, err
}

// NoticeFigures are how many notices stand in each state, and how many each
// brake has held back, since then.
type NoticeFigures struct {
	States map[threads.DeliveryState]int `json:"states"`
	Brakes map[threads.Brake]int         `json:"brakes"`
}

// NoticeFigures counts the notices made since then.
func (s *Store) NoticeFigures(ctx context.Context, since time.Time) (NoticeFigures, error) {
	f := NoticeFigures{map[threads.DeliveryState]int{}, map[threads.Brake]int{}}
	_, err := read(ctx, s, func(row scanner) (n int, err error) {
		var state threads.DeliveryState
		var brake threads.Brake
		if err = row.Scan(&state, &brake, &n); err == nil {
			f.States[state] += n
			if brake != "" {
				f.Brakes[brake] += n
			}
		}
		return n, err
	}, `select d.state, x.brake, count(*) from notice x join notice_delivery d on d.notice = x.id where x.made_at >= $1 group by d.state, x.brake`, ms(since))
	if err != nil {
		return f, fmt.Errorf("count the notices: %w", err)
	}
	return f, nil
}
