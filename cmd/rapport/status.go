package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rapport/threads"
)

type statusCmd struct {
	JSON bool `help:"Print JSON."`
}

// status is how everything stands, as the archive and the configuration know
// it. What a running server knows beside, its pages show.
type status struct {
	At        time.Time       `json:"at"`
	Mailboxes []mailboxStatus `json:"mailboxes"`
	Sending   *loginStatus    `json:"sending"` // null if nothing can be sent
	Stuck     threads.Stuck   `json:"stuck"`   // what waits for our own mail server
	Mail      mailStatus      `json:"mail"`
	Outbox    outboxStatus    `json:"outbox"`
	Notices   noticeStatus    `json:"notices"`
	Reports   []reportStatus  `json:"reports"`
	Log       logStatus       `json:"log"`

	Satisfaction map[string]*threads.Satisfaction `json:"satisfaction"` // by project; of those that were rated
}

// mailStatus is about all mail, whatever way it came.
type mailStatus struct {
	LastFiled time.Time `json:"last_filed,omitzero"`
	Tray      int       `json:"tray"`
	Oldest    time.Time `json:"oldest_in_tray,omitzero"`
	Remnants  time.Time `json:"remnants_since,omitzero"` // of erased mail, in the files of the database
}

func (c *statusCmd) Run(e *env) error {
	h, err := e.open()
	if err != nil {
		return err
	}
	defer h.close()
	s, err := h.status(e.ctx, time.Now())
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(e.out, s)
	}
	s.print(e.out)
	return nil
}

func (h *house) status(ctx context.Context, now time.Time) (s status, err error) {
	s.At = now.UTC().Truncate(time.Second)
	if s.Mailboxes, err = h.mailboxStatus(ctx); err != nil {
		return s, err
	}
	if h.config().SMTP.Server != "" {
		s.Sending = h.loginStatus("smtp", h.config().SMTP.Username, h.config().SMTP.OAuth)
	}
	if s.Stuck, err = h.store.Stuck(ctx); err != nil {
		return s, err
	}
	if s.Mail, err = h.mailStatus(ctx); err != nil {
		return s, err
	}
	if s.Log, err = h.logStatus(ctx); err != nil {
		return s, err
	}
	reports, err := h.latestReports(ctx)
	if err != nil {
		return s, err
	}
	if s.Outbox, err = h.outboxStatus(ctx, reports, now); err != nil {
		return s, err
	}
	if s.Notices, err = h.noticeStatus(ctx, now); err != nil {
		return s, err
	}
	s.Reports = h.reportStatus(reports, now)
	s.Satisfaction, err = h.satisfaction(ctx)
	return s, err
}

// ratingsRead bounds how many ratings of a project are looked at.
const ratingsRead = 100

// satisfaction is that of each project whose client has rated our work.
func (h *house) satisfaction(ctx context.Context) (map[string]*threads.Satisfaction, error) {
	out := map[string]*threads.Satisfaction{}
	for _, p := range h.projects().Projects {
		ratings, err := h.store.Ratings(ctx, p.Key, ratingsRead)
		if err != nil {
			return nil, err
		}
		if s := threads.SatisfactionOf(ratings); s != nil {
			out[p.Key] = s
		}
	}
	return out, nil
}

func (h *house) mailStatus(ctx context.Context) (s mailStatus, err error) {
	if s.Tray, s.Oldest, err = h.store.InTray(ctx); err != nil {
		return s, err
	}
	if s.Remnants, err = h.store.Remnants(ctx); err != nil {
		return s, err
	}
	s.LastFiled, err = h.lastFiled(ctx)
	return s, err
}

// lastFiled is when a mail was filed last: the log knows, its end first.
func (h *house) lastFiled(ctx context.Context) (time.Time, error) {
	size, _, err := h.store.LogHead(ctx)
	const step, most = 500, 10_000
	for end := size; err == nil && end > max(0, size-most); end -= step {
		rows, lineErr := h.store.Log(ctx, max(0, end-step), int(min(step, end)))
		err = lineErr
		for i := len(rows) - 1; i >= 0; i-- {
			var entry struct {
				At   time.Time         `json:"at"`
				Type threads.EntryType `json:"type"`
			}
			if json.Unmarshal(rows[i].Line, &entry) == nil && (entry.Type == threads.EntryMailIn || entry.Type == threads.EntryMailTray) {
				return entry.At, nil
			}
		}
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look for the mail filed last: %w", err)
	}
	return time.Time{}, nil
}
