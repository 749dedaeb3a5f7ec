package web

import "rapport/threads"

// sentAgain names on the next page what was done.
const sentAgain = "again"

// seconds are who else may get a letter that did not arrive.
func seconds(p *threads.Project, r *threads.Report, d *threads.Delivery) []threads.Address {
	if p == nil || !d.Lost() || r.Erased() {
		return nil
	}
	return p.Seconds(r, d)
}

// sendAgain sends a report to one of those whom its page proposes, and to
// nobody else, whatever the form says.
func (v *visit) sendAgain(r threads.Report) error {
	chosen := threads.Address{Address: v.PostFormValue("to")}
	for i := range r.Deliveries {
		for _, to := range seconds(v.dir.Project(r.Project), &r, &r.Deliveries[i]) {
			if !to.Is(chosen) {
				continue
			}
			if err := v.s.writer.SendAgain(v.Context(), v.act.Login, r.ID, to); err != nil {
				return err
			}
			v.s.log.Info("web.sent-again", "report", r.ID, "by", v.act.Login)
			return v.back(sentAgain)
		}
	}
	return errForm
}
