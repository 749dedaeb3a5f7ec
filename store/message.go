package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/threads"
)

// fields are those of a message that nobody asks for; they are only ever read
// with it.
type fields struct {
	InReplyTo   []string             `json:"in_reply_to,omitempty"`
	References  []string             `json:"references,omitempty"`
	Sender      *threads.Address     `json:"sender,omitempty"`
	To          []threads.Address    `json:"to,omitempty"`
	Cc          []threads.Address    `json:"cc,omitempty"`
	ClassReason string               `json:"class_reason,omitempty"`
	Language    string               `json:"language,omitempty"`
	Folds       []threads.Fold       `json:"folds,omitempty"`
	Attachments []threads.Attachment `json:"attachments,omitempty"`
	Faults      []threads.Fault      `json:"faults,omitempty"`
	Evidence    []threads.Evidence   `json:"evidence,omitempty"`
	Tray        *threads.Tray        `json:"tray,omitempty"`

	Authentication *threads.Authentication `json:"authentication,omitempty"`
	Away           *threads.Away           `json:"away,omitempty"`
	Rating         *threads.Rated          `json:"rating,omitempty"`
}

// body is what was read from a mail: its fields as JSON, its new text and its
// text, with a NUL between, which none of them contains. The texts are not in
// the JSON because reading them from it would take most of a search's time.
func body(m *threads.Message) (string, error) {
	f, err := toJSON(fields{m.InReplyTo, m.References, m.Sender, m.To, m.Cc, m.ClassReason, m.Language,
		m.Folds, m.Attachments, m.Faults, m.Evidence, m.Tray, m.Authentication, m.Away, m.Rating})
	return f + "\x00" + m.NewText + "\x00" + m.Text, err
}

// putBody gives a message what body has taken from it.
func putBody(m *threads.Message, body []byte) error {
	text, rest, _ := bytes.Cut(body, nul)
	fresh, all, _ := bytes.Cut(rest, nul)
	m.NewText, m.Text = string(fresh), string(all)
	var f fields
	err := json.Unmarshal(text, &f)
	m.InReplyTo, m.References, m.Sender, m.To, m.Cc = f.InReplyTo, f.References, f.Sender, f.To, f.Cc
	m.ClassReason, m.Language, m.Folds, m.Attachments = f.ClassReason, f.Language, f.Folds, f.Attachments
	m.Faults, m.Evidence, m.Tray = f.Faults, f.Evidence, f.Tray
	m.Authentication, m.Away, m.Rating = f.Authentication, f.Away, f.Rating
	return err
}

var nul = []byte{0}

// tidy makes the message's searchable text fit for both databases, and its
// times such that they can be shown: a Date beyond year 9999 is no date.
func tidy(m *threads.Message, at time.Time) {
	texts := []*string{&m.Project, &m.MessageID, &m.Subject, &m.From.Name, &m.From.Address, &m.Text, &m.NewText}
	m.Evidence = slices.Clone(m.Evidence)
	for i := range m.Evidence {
		texts = append(texts, &m.Evidence[i].Detail)
	}
	for _, s := range texts {
		*s = cleanText(*s)
	}
	if unusable(m.Received) {
		m.Received = m.Date
	}
	if unusable(m.Received) {
		m.Received = at
	}
	if unusable(m.Date) {
		m.Date = m.Received
	}
	m.Received = m.Received.UTC()
	if m.Direction == "" {
		m.Direction = threads.In
	}
	if m.Class == "" {
		m.Class = threads.ClassPerson
	}
}

func unusable(t time.Time) bool { return t.Year() < 1970 || t.Year() > 9999 || t.UnixMilli() <= 0 }

// insertMessage writes the row of a message that is complete.
func (t *tx) insertMessage(p *prepared) error {
	m := &p.Message
	_, zone := m.Date.Zone()
	_, err := t.exec(`insert into message (id, ord, project, thread, direction, sha, size, message_id, from_name, from_address,
		sent_at, sent_zone, received, class, filed_at, source, salt, subject, body, dismissed, evidence, rating, rated)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
		m.ID, p.ord, m.Project, m.Thread, string(m.Direction), m.RawSHA, m.Size, m.MessageID, m.From.Name, m.From.Address,
		ms(m.Date), zone, ms(m.Received), string(m.Class), ms(t.at), p.Source, p.salt, m.Subject, p.body, flag(p.dismissed), p.form, rated(m).Score, rated(m).Report)
	if err != nil {
		return fmt.Errorf("store message %s: %w", m.ID, err)
	}
	return nil
}

// rated is what a mail says of our work, zero if nothing.
func rated(m *threads.Message) threads.Rated {
	if m.Rating == nil {
		return threads.Rated{}
	}
	return *m.Rating
}

// notOurs reports whether a manager has decided about mail before it came.
func notOurs(m *threads.Message) bool {
	return m.Project == "" && m.Tray != nil && m.Tray.Cause == threads.TrayNotOurs
}

// flag is a truth in a column of numbers.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Message returns one message by its id, a unique beginning of it, or its
// Message-ID. Of several with the same Message-ID it is the one filed first.
func (s *Store) Message(ctx context.Context, id string) (m threads.Message, err error) {
	err = s.view(ctx, func(t *tx) error {
		found, err := t.find("message", threads.MessagePrefix, id)
		if errors.Is(err, threads.ErrNotFound) {
			found, err = t.findMessageID(id)
		}
		if err != nil {
			return err
		}
		m, err = t.message(found)
		return err
	})
	return m, err
}

func (t *tx) findMessageID(messageID string) (string, error) {
	id := strings.Trim(strings.TrimSpace(messageID), "<>")
	if id == "" {
		return "", fmt.Errorf("message %q: %w", messageID, threads.ErrNotFound)
	}
	found, err := collect(t, scalar[string], `select id from message where message_id = $1 order by id limit 1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("message %q: %w", id, err)
	}
	return found[0], nil
}

// Tray returns mail that is not filed, the latest first.
func (s *Store) Tray(ctx context.Context, limit int) ([]threads.Message, error) {
	mails, err := s.readMessages(ctx, `where project = '' and dismissed = 0 order by ord desc limit $1`, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read the tray: %w", err)
	}
	return mails, nil
}

// InTray counts the mail that is not filed, and says since when the oldest of it
// waits.
func (s *Store) InTray(ctx context.Context) (n int, oldest time.Time, err error) {
	var ord int64
	err = s.view(ctx, func(t *tx) error {
		return t.one(`select count(*), coalesce(min(ord), 0) from message where project = '' and dismissed = 0`, nil, &n, &ord)
	})
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count the tray: %w", err)
	}
	if n > 0 {
		oldest = ordTime(ord)
	}
	return n, oldest, nil
}

// Dismissed returns mail that managers have decided is not ours, the latest first.
func (s *Store) Dismissed(ctx context.Context, limit int) ([]threads.Message, error) {
	mails, err := s.readMessages(ctx, `where dismissed <> 0 and length(body) > 0 order by ord desc limit $1`, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read the dismissed mail: %w", err)
	}
	return mails, nil
}

// EarlierFrom returns mail of one sender in a project, the latest first.
func (s *Store) EarlierFrom(ctx context.Context, project, address string, limit int) ([]threads.Message, error) {
	mails, err := s.readMessages(ctx, `where from_address = $1 and project = $2 order by ord desc limit $3`, address, project, atMost(limit))
	if err != nil {
		return nil, fmt.Errorf("read earlier mail of a sender: %w", err)
	}
	return mails, nil
}

// Written returns all mail that an address wrote, in whatever case it is
// written, in the order of its arrival.
func (s *Store) Written(ctx context.Context, address string) ([]threads.Message, error) {
	mails, err := s.readMessages(ctx, `where lower(from_address) = $1 order by ord`, strings.ToLower(strings.TrimSpace(address)))
	if err != nil {
		return nil, fmt.Errorf("read the mail of a sender: %w", err)
	}
	return mails, nil
}

// KnownIDs returns what the archive holds under these Message-IDs, what was
// filed first in front.
func (s *Store) KnownIDs(ctx context.Context, messageIDs []string) ([]threads.Known, error) {
	if len(messageIDs) == 0 {
		return nil, nil
	}
	known, err := read(ctx, s, func(row scanner) (k threads.Known, err error) {
		return k, row.Scan(&k.MessageID, &k.Message, &k.Thread, &k.Project, &k.Direction)
	}, `select message_id, id, thread, project, direction from message
		where message_id <> '' and `+s.dialect.in("message_id", 1)+` order by id`, list(s.dialect, cleanList(messageIDs)))
	if err != nil {
		return nil, fmt.Errorf("look up Message-IDs: %w", err)
	}
	return known, nil
}

// ordShift leaves room for a counter below the milliseconds; with it, year 9999
// still fits into 63 bits.
const ordShift = 15

// nextOrd is the first free place in time at or after received.
func (t *tx) nextOrd(received time.Time) (int64, error) {
	for first := firstOrd(received); ; first += 1 << ordShift {
		end, last := first+1<<ordShift, int64(0)
		err := t.one(`select coalesce(max(ord), 0) from message where ord >= $1 and ord < $2`, []any{first, end}, &last)
		if err != nil {
			return 0, fmt.Errorf("find a place in time: %w", err)
		}
		if ord := max(first, last+1); ord < end {
			return ord, nil
		}
	}
}

// firstOrd is the first place at a time.
func firstOrd(at time.Time) int64 { return ms(at) << ordShift }

// ordTime is the time of a place.
func ordTime(ord int64) time.Time { return moment(ord >> ordShift) }
