package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/cmd/rapport/config"
	"rapport/compose"
	"rapport/ingest"
	"rapport/store"
	"rapport/threads"
)

const (
	dailyEvery  = time.Minute     // how often it is looked whether one is due
	dailyWaits  = 5 * time.Minute // after a start, until the mailboxes have been read
	dailyLatest = 6 * time.Hour   // after that it waits for the next day
	dailySoon   = 24 * time.Hour  // a report that is due sooner is told
	dailyMails  = 8               // of each project, and of the tray
	dailyItems  = 500             // of a project
	dailyTray   = 500             // mails that are looked at
)

// dailies writes the daily mail to managers.
type dailies struct {
	house    *house
	notifier *compose.Notifier
	polled   func(mailbox string) ingest.Status
	done     map[string]string // login → the day for which there is nothing more to do
	began    time.Time
}

func (w *workers) newDailies() (*dailies, error) {
	n, err := w.house.notifier()
	return &dailies{w.house, n, func(mailbox string) ingest.Status {
		s, _ := w.status(mailbox)
		return s
	}, map[string]string{}, time.Time{}}, err
}

// run looks every minute whether one is due.
func (d *dailies) run(ctx context.Context) error {
	d.began = time.Now()
	return repeatedly(ctx, dailyEvery, func() error { return d.once(ctx, time.Now()) },
		func(err error) { d.house.log.Error("daily.failed", "error", err) })
}

// once writes the mails that are due at that moment. One person's trouble does
// not keep another's mail back.
func (d *dailies) once(ctx context.Context, now time.Time) (trouble error) {
	c := d.house.config().Notices.Daily
	now = now.In(c.Zone.Location)
	due := c.On(now)
	if due.IsZero() || now.Before(due) || now.Sub(due) > dailyLatest || d.behind(now) {
		return nil
	}
	day := due.Format(time.DateOnly)
	for _, p := range d.house.config().People {
		if p.WithoutDaily || p.Role == "auditor" || len(p.Addresses) == 0 || d.done[p.Login] == day {
			continue
		}
		err := d.write(ctx, p.Login, day, now, c.Before(due))
		if err != nil {
			trouble = errors.Join(trouble, fmt.Errorf("the daily mail of %s: %w", day, err))
			continue
		}
		d.done[p.Login] = day
	}
	return trouble
}

// behind reports whether the mailboxes are still read for the first time since
// the start: until then the mail would tell what stood before the night.
func (d *dailies) behind(now time.Time) bool {
	return now.Sub(d.began) < dailyWaits && slices.ContainsFunc(d.house.config().Mailboxes, func(m config.Mailbox) bool {
		s := d.polled(m.Name)
		return s.Read.IsZero() && s.Trouble == ""
	})
}

func (d *dailies) write(ctx context.Context, login, day string, now, since time.Time) error {
	key := "daily " + login + " " + day
	if made, err := d.notifier.Made(ctx, key); err != nil || made {
		return err
	}
	person := d.house.projects().Person(login)
	told, err := d.house.daily(ctx, login, now, since, d.polled)
	if err != nil || len(told.Projects) == 0 || told.Quiet() && !d.house.config().Notices.Daily.WhenEmpty {
		return err
	}
	subject, body := told.Words()
	_, err = d.notifier.Notify(ctx, threads.Notice{Key: key, Kind: threads.NoticeDaily, Language: told.Language, Subject: subject, Body: body,
		To: threads.Address{Name: person.Name, Address: person.Addresses[0]}})
	return err
}

// daily gathers what a manager is told.
func (h *house) daily(ctx context.Context, login string, now, since time.Time, polled func(string) ingest.Status) (*compose.Daily, error) {
	d := &compose.Daily{Language: h.config().LanguageOf(login), Now: now, Since: since, Pages: h.config().Pages()}
	if err := h.dailyProjects(ctx, d, login); err != nil || len(d.Projects) == 0 {
		return d, err
	}
	tray, err := h.store.Tray(ctx, dailyTray)
	if err != nil {
		return nil, err
	}
	for _, m := range tray {
		if m.Tray != nil && m.Tray.Proposal != "" && !slices.ContainsFunc(d.Projects, func(p compose.DailyProject) bool { return p.Project.Key == m.Tray.Proposal }) {
			continue
		}
		if d.InTray++; len(d.Tray) < dailyMails {
			d.Tray = append(d.Tray, m)
		}
	}
	boxes, err := h.mailboxStatus(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range boxes {
		if words := polled(b.Mailbox).Trouble; words != "" && b.unread {
			b.Trouble = []string{words} // more to the point than that it was never read
		} else if words != "" {
			b.Trouble = append(b.Trouble, words)
		}
		d.Mailboxes = append(d.Mailboxes, compose.DailyMailbox{Name: b.Mailbox, Coverage: b.Coverage, Trouble: b.Trouble})
	}
	var figures store.NoticeFigures
	figures, err = h.store.NoticeFigures(ctx, since)
	d.Held = figures.Brakes
	return d, err
}

func (h *house) dailyProjects(ctx context.Context, d *compose.Daily, login string) error {
	reports, err := h.latestReports(ctx)
	if err != nil {
		return err
	}
	due := h.reportStatus(reports, d.Now)
	for _, p := range h.projects().Projects {
		if !slices.ContainsFunc(p.Managers, func(m string) bool { return strings.EqualFold(m, login) }) {
			continue
		}
		told := compose.DailyProject{Project: &p}
		if told.New, told.Latest, err = h.store.Received(ctx, p.Key, d.Since, dailyMails); err != nil {
			return err
		}
		if told.Waiting, err = h.store.Items(ctx, threads.ItemQuery{Project: p.Key, Open: true, Limit: dailyItems}); err != nil {
			return err
		}
		told.Waiting = slices.DeleteFunc(told.Waiting, func(i threads.Item) bool { return !i.Kind.Owed() })
		slices.Reverse(told.Waiting)
		ratings, err := h.store.Ratings(ctx, p.Key, ratingsRead)
		if err != nil {
			return err
		}
		if s := threads.SatisfactionOf(ratings); s != nil && s.Worry && s.Ratings[0].At.After(d.Since) {
			told.Satisfaction = s
		}
		for _, r := range due {
			if r.Project == p.Key {
				told.Due, told.Soon = r.Due, r.Due.Sub(d.Now) < dailySoon
			}
		}
		d.Projects = append(d.Projects, told)
	}
	return nil
}
