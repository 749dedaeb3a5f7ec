package store

import (
	"context"
	"fmt"
	"slices"

	"rapport/threads"
)

// approval is an Approval made ready for its transaction.
type approval struct {
	threads.Approval
	filing *prepared
	packed [][][]byte // the letters' bytes, in pieces
	points string     // JSON
	salt   []byte
}

// Approve writes, in one transaction, what a manager has approved: the report
// with its number, its letters, their rows in the outbox (held), the answers it
// gives, and the report as a message in its thread. It is ErrConflict if the
// period has a report that was not cancelled, and ErrNotApproved if a letter's
// bytes are not those that its SHA-256 names.
func (s *Store) Approve(ctx context.Context, a threads.Approval) (r threads.Report, err error) {
	p, err := s.prepareApproval(a)
	if err == nil {
		err = s.write(ctx, func(t *tx) error {
			try := *p
			try.Letters = slices.Clone(p.Letters)
			if err := t.approve(&try); err != nil {
				return err
			}
			r, err = t.report(try.Report.ID)
			return err
		})
	}
	if err != nil {
		return threads.Report{}, fmt.Errorf("approve the report of %s for %q: %w", a.Report.Project, a.Report.Period, err)
	}
	return r, nil
}

func (s *Store) prepareApproval(a threads.Approval) (*approval, error) {
	switch {
	case a.Report.Project == "":
		return nil, fmt.Errorf("%w: it has no project", threads.ErrConflict)
	case len(a.Letters) == 0:
		return nil, fmt.Errorf("%w: it has no letter", threads.ErrConflict)
	case len(a.Filing.Raw) == 0:
		return nil, fmt.Errorf("%w: it has no bytes to file", threads.ErrConflict)
	}
	p := &approval{Approval: a, salt: s.salt()}
	p.Filing.Message.Project, p.Filing.Message.Direction = a.Report.Project, threads.Out
	var err error
	if p.filing, err = s.prepare(p.Filing); err != nil {
		return nil, err
	}
	p.Letters = slices.Clone(a.Letters)
	for i := range p.Letters {
		l := &p.Letters[i]
		sha := shaOf(l.Raw)
		if l.SHA != "" && l.SHA != sha {
			return nil, fmt.Errorf("%w: letter %s has other bytes than those approved", threads.ErrNotApproved, l.ID)
		}
		l.SHA = sha
		p.packed = append(p.packed, s.packer.packAhead(l.Raw))
	}
	r := &p.Report
	for _, text := range []*string{&r.Subject, &r.Period, &r.Status, &r.Language, &r.MessageID, &r.Draft, &r.Text, &r.ApprovedBy} {
		*text = cleanText(*text)
	}
	if r.Points == nil {
		r.Points = []threads.Point{}
	}
	p.points, err = toJSON(r.Points)
	return p, err
}

func (t *tx) approve(a *approval) error {
	r := &a.Report
	f, err := t.startFiling([]string{r.Project})
	if err != nil {
		return err
	}
	if err := t.periodFree(r.Project, r.Period); err != nil {
		return err
	}
	filed, err := f.file(a.filing)
	if err != nil {
		return err
	}
	r.Number = f.counters[r.Project].nextReport()
	if err := f.finish(); err != nil {
		return err
	}
	if err := t.putReport(a, filed.Message); err != nil {
		return err
	}
	for i := range a.Letters {
		l := &a.Letters[i]
		if l.ID == "" {
			l.ID = t.ids.New(threads.LetterPrefix)
		}
		l.Report, l.Project, l.By = r.ID, r.Project, r.ApprovedBy
		if l.MessageID == "" {
			l.MessageID = r.MessageID
		}
		if err := t.putLetter(i+1, l, a.packed[i], a.salt); err != nil {
			return err
		}
	}
	return t.putAnswers(r, a.Answers)
}

// periodFree is ErrConflict if the period's report is there already.
func (t *tx) periodFree(project, period string) error {
	if period == "" {
		return nil
	}
	taken, err := collect(t, scalar[string], `select id from report where project = $1 and period = $2 and cancelled_at = 0 limit 1`, project, period)
	if err == nil && len(taken) > 0 {
		err = fmt.Errorf("%w: report %s is approved for it; cancel that one first", threads.ErrConflict, taken[0])
	}
	return err
}

func (t *tx) putReport(a *approval, message string) error {
	r := &a.Report
	if r.ID == "" {
		r.ID = t.ids.New(threads.ReportPrefix)
	}
	if r.ApprovedAt.IsZero() {
		r.ApprovedAt = t.at
	}
	if r.MessageID == "" {
		r.MessageID = a.filing.Message.MessageID
	}
	_, err := t.exec(`insert into report (id, project, number, subject, period, status, language, message_id, message,
		draft_sha, draft, plain, points, approved_by, approved_at, released_at, cancelled_at, salt)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, 0, $16)`,
		r.ID, r.Project, r.Number, r.Subject, r.Period, r.Status, r.Language, r.MessageID, message,
		r.DraftSHA, r.Draft, r.Text, a.points, r.ApprovedBy, ms(r.ApprovedAt), a.salt)
	if err != nil {
		return fmt.Errorf("store report %s: %w", r.ID, err)
	}
	t.record(reportEntry(r, message, a.points, a.salt))
	return nil
}

// putAnswers writes what the report tells the client about items of its project.
func (t *tx) putAnswers(r *threads.Report, answers []threads.Answer) error {
	for _, a := range answers {
		item, err := t.item(a.Item)
		if err != nil {
			return err
		}
		if item.Project != r.Project {
			return fmt.Errorf("%w: item %s is of project %s", threads.ErrConflict, a.Item, item.Project)
		}
		a.Report = r.ID
		if a.By == "" {
			a.By = r.ApprovedBy
		}
		if err := t.answer(a); err != nil {
			return fmt.Errorf("item %s: %w", item.Label(), err)
		}
	}
	return nil
}
