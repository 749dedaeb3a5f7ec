package store

import (
	"context"
	"fmt"

	"rapport/threads"
)

// AddLetter adds a letter to a report that went out, for somebody who was not
// among its recipients; l.By says who decides that. It goes as the others did,
// when the release says. It is ErrConflict if the report did not go out, or has a
// letter for that address that was not given up.
func (s *Store) AddLetter(ctx context.Context, l threads.Letter, how threads.Release) (r threads.Report, err error) {
	packed := s.packer.packAhead(l.Raw)
	err = s.write(ctx, func(t *tx) error {
		if r, err = t.writableReport(l.Report); err != nil {
			return err
		}
		if r.State == threads.ReportApproved || r.State == threads.ReportCancelled {
			return fmt.Errorf("%w: it is %s", threads.ErrConflict, r.State)
		}
		for _, d := range r.Deliveries {
			if d.Recipient.Is(l.Recipient) && !d.Lost() {
				return fmt.Errorf("%w: its letter to %s is %s", threads.ErrConflict, d.Recipient, d.State)
			}
		}
		var salt []byte
		if err := t.one(`select salt from report where id = $1`, []any{r.ID}, &salt); err != nil {
			return err
		}
		if r.Erased() {
			return fmt.Errorf("%w: it was erased", threads.ErrConflict)
		}
		if sha := shaOf(l.Raw); l.SHA != sha {
			return fmt.Errorf("%w: letter %s has other bytes than those approved", threads.ErrNotApproved, l.ID)
		}
		l.Report, l.Project = r.ID, r.Project
		if err := t.putLetter(len(r.Deliveries)+1, &l, packed, salt); err != nil {
			return err
		}
		d, err := t.delivery(l.ID)
		if err != nil {
			return err
		}
		if r.SendAt.After(t.at) && !how.AnyHour {
			how.SendAt = r.SendAt
		}
		if err := t.queue(&r, []threads.Delivery{d}, how, true); err != nil {
			return err
		}
		r, err = t.report(r.ID)
		return err
	})
	if err != nil {
		return threads.Report{}, fmt.Errorf("add a letter to report %s: %w", l.Report, err)
	}
	return r, nil
}
