package store

import (
	"context"
	"fmt"
	"strings"

	"rapport/threads"
)

const reportColumns = `r.id, r.project, r.number, r.subject, r.period, r.status, r.language, r.message_id, m.thread,
	r.draft_sha, r.draft, r.plain, r.points, r.approved_by, r.approved_at, r.cancelled_at, r.released_at, r.released_by, r.again_at, r.send_at, r.any_hour`

// A report lies in the thread of the message that it is.
const reportTables = ` from report r join message m on m.id = r.message `

func scanReport(row scanner) (r threads.Report, err error) {
	var points string
	var approved, cancelled, released, again, sendAt int64
	err = row.Scan(&r.ID, &r.Project, &r.Number, &r.Subject, &r.Period, &r.Status, &r.Language, &r.MessageID, &r.Thread,
		&r.DraftSHA, &r.Draft, &r.Text, &points, &r.ApprovedBy, &approved, &cancelled, &released, &r.ReleasedBy, &again, &sendAt, &r.AnyHour)
	if err != nil {
		return r, err
	}
	r.ApprovedAt, r.ReleasedAt, r.SendAt, r.At = moment(approved), moment(released), moment(sendAt), moment(max(released, again))
	if cancelled != 0 {
		r.State = threads.ReportCancelled
	}
	return r, fromJSON(points, &r.Points)
}

// reports reads reports with their deliveries and states.
func (t *tx) reports(where string, args ...any) ([]threads.Report, error) {
	out, err := collect(t, scanReport, `select `+reportColumns+reportTables+where, args...)
	if err != nil || len(out) == 0 {
		return out, err
	}
	ids := make([]string, len(out))
	for i := range out {
		ids[i] = out[i].ID
	}
	all, err := t.deliveries(`where `+t.dialect.in("l.report", 1), list(t.dialect, ids))
	if err != nil {
		return nil, err
	}
	of := map[string][]threads.Delivery{}
	for _, d := range all {
		of[d.Report] = append(of[d.Report], d)
	}
	for i := range out {
		r := &out[i]
		r.Deliveries = of[r.ID]
		if r.State == "" {
			r.State = reportState(r.Deliveries)
		}
	}
	return out, nil
}

// reportState is where a report stands, from where its letters stand.
func reportState(deliveries []threads.Delivery) threads.ReportState {
	count := map[threads.DeliveryState]int{}
	for _, d := range deliveries {
		count[d.State]++
	}
	switch {
	case count[threads.Refused]+count[threads.Bounced]+count[threads.Unknown] > 0:
		return threads.ReportTrouble
	case count[threads.Held] > 0:
		return threads.ReportApproved
	case count[threads.Taken] == len(deliveries):
		return threads.ReportSent
	}
	return threads.ReportQueued
}

// report reads one by its id.
func (t *tx) report(id string) (threads.Report, error) {
	found, err := t.reports(`where r.id = $1`, id)
	if err == nil && len(found) == 0 {
		err = threads.ErrNotFound
	}
	if err != nil {
		return threads.Report{}, fmt.Errorf("report %s: %w", id, err)
	}
	return found[0], nil
}

// Report returns one report by its id or a unique beginning of it.
func (s *Store) Report(ctx context.Context, id string) (r threads.Report, err error) {
	err = s.view(ctx, func(t *tx) error {
		found, err := t.find("report", threads.ReportPrefix, id)
		if err != nil {
			return err
		}
		if r, err = t.report(found); err != nil {
			return err
		}
		r.Again, err = t.releasedAgain(found)
		return err
	})
	return r, err
}

// releasedAgain tells who let letters of a report go after the first release:
// the history of each letter has it, to which the log commits.
func (t *tx) releasedAgain(report string) (out []threads.Released, err error) {
	steps, err := collect(t, func(row scanner) (r threads.Released, err error) {
		var at int64
		err = row.Scan(&at, &r.By)
		r.At = moment(at)
		return r, err
	}, `select distinct e.at_ms, e.words from delivery_event e join letter l on l.id = e.letter where l.report = $1 and e.state = $2 order by e.at_ms, e.words`,
		report, string(threads.Queued))
	if err != nil {
		return nil, fmt.Errorf("read who released report %s: %w", report, err)
	}
	for _, s := range steps {
		if by, ok := strings.CutPrefix(s.By, threads.ReleasedAgain); ok {
			out = append(out, threads.Released{By: by, At: s.At})
		}
	}
	return out, nil
}

// Reports returns a project's reports, the latest first; of all projects if
// project is "".
func (s *Store) Reports(ctx context.Context, project string, limit int) (out []threads.Report, err error) {
	err = s.view(ctx, func(t *tx) error {
		out, err = t.reports(`where ($1 = '' or r.project = $1) order by r.approved_at desc, r.id desc limit $2`, project, atMost(limit))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list reports of %q: %w", project, err)
	}
	return out, nil
}

// SentLetters returns the project's reports as replies may quote them: first
// those with one of these Message-IDs, in their order, then the latest, at most
// limit together. A cancelled report has not gone out, so nobody quotes it.
func (s *Store) SentLetters(ctx context.Context, project string, messageIDs []string, limit int) (out []threads.SentLetter, err error) {
	err = s.view(ctx, func(t *tx) error {
		columns := `select id, message_id, plain, points, approved_at from report where project = $1 and cancelled_at = 0 `
		named, err := collect(t, scanSent, columns+`and `+t.dialect.in("message_id", 2), project, list(t.dialect, cleanList(messageIDs)))
		if err != nil {
			return err
		}
		latest, err := collect(t, scanSent, columns+`order by approved_at desc, id desc limit $2`, project, atMost(limit))
		if err != nil {
			return err
		}
		out = inOrder(messageIDs, named, latest)
		out = out[:min(len(out), atMost(limit))]
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what was sent for %s: %w", project, err)
	}
	return out, nil
}

func scanSent(row scanner) (l threads.SentLetter, err error) {
	var points string
	var approved int64
	if err := row.Scan(&l.Report, &l.MessageID, &l.Text, &points, &approved); err != nil {
		return l, err
	}
	l.At = moment(approved)
	return l, fromJSON(points, &l.Points)
}

// inOrder puts the named letters in the order of their ids, then the others,
// each once.
func inOrder(messageIDs []string, named, others []threads.SentLetter) []threads.SentLetter {
	var out []threads.SentLetter
	seen := map[string]bool{}
	add := func(l threads.SentLetter) {
		if !seen[l.Report] {
			seen[l.Report] = true
			out = append(out, l)
		}
	}
	for _, id := range messageIDs {
		for _, l := range named {
			if l.MessageID == id {
				add(l)
			}
		}
	}
	for _, l := range others {
		add(l)
	}
	return out
}
