package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/compose"
	"rapport/threads"
)

// automatic makes reminders for managers and receipts for clients.
type automatic struct {
	*house
	notifier *compose.Notifier
	now      func() time.Time
}

func (h *house) automatic(now func() time.Time) (*automatic, error) {
	n, err := h.notifier()
	return &automatic{h, n, now}, err
}

// automaticEvery is how often it is asked whether there is something to send.
const automaticEvery = 10 * time.Second

// run looks now and then, until ctx ends.
func (a *automatic) run(ctx context.Context) error {
	return repeatedly(ctx, automaticEvery, func() error { return a.once(ctx) },
		func(err error) { a.log.Error("automatic.trouble", "error", err) })
}

// once makes what is due. Trouble with one kind does not hold up another.
func (a *automatic) once(ctx context.Context) error {
	trouble := a.receipts(ctx)
	reports, err := a.latestReports(ctx)
	if err != nil {
		return errors.Join(trouble, err)
	}
	return errors.Join(trouble, a.reminders(ctx, reports), a.missed(ctx, reports))
}

// receiptsWithin bounds how late a receipt may be: after an outage nobody wants
// to hear that a mail of last week has arrived.
const receiptsWithin = 6 * time.Hour

// receipts tell clients what was understood of their mail, in the projects that
// want it. A mail in which nothing was asked gets none.
func (a *automatic) receipts(ctx context.Context) (trouble error) {
	for i := range a.config().Projects {
		c := &a.config().Projects[i]
		if !c.Receipts {
			continue
		}
		p, err := a.project(c.Key)
		if err != nil {
			return err
		}
		_, mails, err := a.store.Received(ctx, p.Key, a.now().Add(-receiptsWithin), latest)
		if err != nil {
			return err
		}
		for j := range mails {
			if err := a.receipt(ctx, p, &mails[j]); err != nil { // the next one may be made all the same
				trouble = errors.Join(trouble, err)
			}
		}
	}
	return trouble
}

func (a *automatic) receipt(ctx context.Context, p *threads.Project, m *threads.Message) error {
	if a.projects().IsOurs(m.From.Address) {
		return nil
	}
	key := "receipt " + m.ID
	if has, err := a.notifier.Made(ctx, key); has || err != nil {
		return err
	}
	items, err := a.store.Items(ctx, threads.ItemQuery{Message: m.ID})
	r := compose.Receipt{Project: p, Message: m, Items: items}
	if err != nil || !r.Asks() {
		return err
	}
	by := m.Received
	for range a.config().Notices.AnswerWithin {
		by = p.Hours.Next(by.AddDate(0, 0, 1))
	}
	r.By = by.In(p.Zone).Format(time.DateOnly)
	n := r.Notice()
	n.Key = key
	_, err = a.notifier.Notify(ctx, n)
	return err
}

// reminders tell the managers of a project that its report is due, and that it
// is late, once each.
func (a *automatic) reminders(ctx context.Context, reports map[string][]threads.Report) error {
	if a.config().Notices.Remind == 0 {
		return nil
	}
	d := a.projects()
	for _, s := range a.reportStatus(reports, a.now()) {
		if !s.Late && s.Due.Sub(a.now()) > a.config().Notices.Remind {
			continue
		}
		p := d.Project(s.Project)
		r := compose.Reminder{Project: p, Due: s.Due, Late: s.Late}
		kind := threads.NoticeReminder
		if s.Late {
			kind = threads.NoticeAlarm
		}
		key := fmt.Sprintf("%s %s %s", kind, p.Key, s.Due.UTC().Format(time.RFC3339))
		if err := a.tellManagers(ctx, p, key, r.Notice); err != nil {
			return err
		}
	}
	return nil
}

// missed tells the managers that a report was not sent at its time, and waits
// for them.
func (a *automatic) missed(ctx context.Context, reports map[string][]threads.Report) error {
	for _, p := range a.projects().Projects {
		for _, r := range reports[p.Key] {
			if !r.Missed() {
				continue
			}
			alarm := compose.MissedReport{Project: &p, Report: r.ID, SendAt: a.wasToGo(r), Pages: a.config().Pages()}
			key := fmt.Sprintf("missed %s %s", r.ID, r.For().UTC().Format(time.RFC3339))
			if err := a.tellManagers(ctx, &p, key, alarm.Notice); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellManagers sends each manager of a project a notice in their language, once.
func (a *automatic) tellManagers(ctx context.Context, p *threads.Project, key string, in func(language string) threads.Notice) error {
	for _, login := range p.Managers {
		person := a.projects().Person(login)
		if person == nil || len(person.Addresses) == 0 {
			continue
		}
		n := in(a.config().LanguageOf(login))
		n.Key, n.To = key+" "+person.Login, addressOf(person)
		if _, err := a.notifier.Notify(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// addressOf is where one of us gets mail.
func addressOf(p *threads.Person) threads.Address {
	return threads.Address{Name: p.Name, Address: p.Addresses[0]}
}
