package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rapport/archive"
	"rapport/compose"
	"rapport/mail"
	"rapport/threads"
)

// publisher mails checkpoints to auditors, so that what the log has said is in
// hands that cannot be made to change it.
type publisher struct {
	*house
	notifier *compose.Notifier
	notary   *notary
	done     map[string]string // address → the day for which there is nothing more to do
}

func (h *house) newPublisher(n *notary) (*publisher, error) {
	notifier, err := h.notifier()
	return &publisher{h, notifier, n, map[string]string{}}, err
}

// quietFor is how long no checkpoint is mailed while nothing happens. One that
// fails to come then is a sign.
const quietFor = 7 * 24 * time.Hour

// run looks every minute whether the mail is due.
func (p *publisher) run(ctx context.Context) error {
	return repeatedly(ctx, dailyEvery, func() error { return p.once(ctx, time.Now()) },
		func(err error) { p.log.Error("log.not-mailed", "error", err) })
}

// checkpointReader is somebody who gets checkpoints.
type checkpointReader struct {
	to       threads.Address
	language string
}

// readers are the auditors whose access has not ended, and who the configuration
// names.
func (p *publisher) readers(now time.Time) (all []checkpointReader) {
	seen := map[string]bool{}
	add := func(to threads.Address, language string) {
		if key := strings.ToLower(to.Address); !seen[key] {
			seen[key] = true
			all = append(all, checkpointReader{to, language})
		}
	}
	for _, c := range p.config().People {
		person := p.projects().Person(c.Login)
		if c.Role == "auditor" && len(c.Addresses) > 0 && person != nil && !person.Over(now) {
			add(addressOf(person), c.Language)
		}
	}
	for _, address := range p.config().Log.Mail.To {
		add(threads.Address{Address: address}, p.config().Agency.Language)
	}
	return all
}

// once mails what is due at that moment. One address's trouble does not keep
// another's mail back.
func (p *publisher) once(ctx context.Context, now time.Time) (trouble error) {
	c := p.config().Log.Mail
	now = now.In(c.Zone.Location)
	if now.Before(c.On(now)) {
		return nil
	}
	day := now.Format(time.DateOnly)
	for _, r := range p.readers(now) {
		if p.done[r.to.Address] == day {
			continue
		}
		if err := p.mail(ctx, r, day, now); err != nil {
			trouble = errors.Join(trouble, fmt.Errorf("the checkpoint of %s: %w", day, err))
			continue
		}
		p.done[r.to.Address] = day
	}
	return trouble
}

func (p *publisher) mail(ctx context.Context, r checkpointReader, day string, now time.Time) error {
	key := "checkpoint " + strings.ToLower(r.to.Address) + " " + day
	if made, err := p.notifier.Made(ctx, key); err != nil || made {
		return err
	}
	m := compose.CheckpointMail{Language: r.language, At: now, Pages: p.config().Notices.Daily.Pages}
	if site := p.config().Web.Site(); site != nil {
		m.Pages = site.String()
	}
	last, err := p.lastMailed(ctx, r.to.Address, &m.Before)
	if err != nil {
		return err
	}
	if m.Before > 0 {
		if m.Quiet, err = p.quietSince(ctx, m.Before); err != nil || m.Quiet && now.Sub(last) < quietFor {
			return err
		}
	}
	if m.Signed, err = p.notary.checkpoints(ctx); err != nil {
		return err
	}
	for _, signed := range archive.Checkpoints(m.Signed) {
		c, err := archive.ReadCheckpoint(signed)
		if err != nil {
			return err
		}
		if archive.IsAccess(c.Origin) {
			m.Accesses = c.Size
		} else {
			m.Lines = c.Size
		}
	}
	n := m.Notice()
	n.Key, n.To = key, r.to
	_, err = p.notifier.Notify(ctx, n)
	return err
}

// lastMailed is when an address got a checkpoint last, zero for never, and how
// many lines the log had in it.
func (p *publisher) lastMailed(ctx context.Context, address string, lines *int64) (time.Time, error) {
	last, err := p.store.LatestNotice(ctx, threads.NoticeCheckpoint, address)
	if errors.Is(err, threads.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	for _, signed := range mailedCheckpoints(mail.Parse(last.Raw, mail.Limits{})) {
		if c, err := archive.ReadCheckpoint(signed); err == nil && c.Origin == p.notary.archive.Key.Origin() {
			*lines = c.Size
		}
	}
	return last.Made, nil
}

// quietSince reports whether the log has only grown by what Rapport does by
// itself: by such mails, and the daily accounts of mailboxes.
func (p *publisher) quietSince(ctx context.Context, lines int64) (bool, error) {
	const step = 500
	for {
		rows, err := p.store.Log(ctx, lines, step)
		if err != nil {
			return false, err
		}
		for _, row := range rows {
			var line struct {
				Type threads.EntryType `json:"type"`
			}
			if err := json.Unmarshal(row.Line, &line); err != nil {
				return false, fmt.Errorf("line %d of the log: %w", row.Index, err)
			}
			switch line.Type {
			case threads.EntryNotice, threads.EntryNoticeDelivery, threads.EntryCoverage:
			default:
				return false, nil
			}
		}
		if len(rows) < step {
			return true, nil
		}
		lines += step
	}
}
