package web

import (
	"fmt"
	"slices"

	"rapport/threads"
)

// What the form of a report may ask for, beside a letter to somebody else; the
// next page says by the same word what was done.
const (
	released  = "released"
	withdrawn = "withdrawn"
)

// decideReport lets an approved report go, withdraws it, or sends it to somebody
// else.
func (v *visit) decideReport() error {
	r, err := v.archive.Report(v.Context(), v.PathValue("report"))
	if err != nil {
		return fmt.Errorf("read report %s: %w", v.PathValue("report"), err)
	}
	decide := map[string]func(threads.Report) error{"": v.sendAgain, "send": v.release, "withdraw": v.withdraw}[v.PostFormValue("step")]
	if decide == nil {
		return errForm
	}
	return decide(r)
}

// held reports whether a letter waits for somebody's word.
func held(r *threads.Report) bool {
	return slices.ContainsFunc(r.Deliveries, func(d threads.Delivery) bool { return d.State == threads.Held })
}

// unsent reports whether nothing has gone out, so that all can be withdrawn.
func unsent(r *threads.Report) bool {
	return r.State != threads.ReportCancelled && len(r.Deliveries) > 0 && !slices.ContainsFunc(r.Deliveries, func(d threads.Delivery) bool {
		return d.State != threads.Held && !(d.State == threads.Queued && d.Attempts == 0)
	})
}

// release lets what is held go, in the client's hours.
func (v *visit) release(r threads.Report) error {
	if err := v.s.writer.Release(v.Context(), v.act.Login, r.ID); err != nil {
		return err
	}
	v.s.log.Info("web.released", "report", r.ID, "by", v.act.Login)
	return v.back(released)
}

func (v *visit) withdraw(r threads.Report) error {
	if err := v.s.writer.Withdraw(v.Context(), v.act.Login, r.ID); err != nil {
		return err
	}
	v.s.log.Info("web.withdrawn", "report", r.ID, "by", v.act.Login)
	return v.back(withdrawn)
}
