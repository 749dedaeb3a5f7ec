package web

import (
	"cmp"
	"slices"

	"rapport/threads"
)

// sentAgain names on the next page what was done.
const sentAgain = "again"

// fill tells who else may get a letter that did not arrive, or whose recipient
// has answered it with a note of absence.
func (l *letterView) fill(v *visit, r *threads.Report) error {
	p := v.dir.Project(r.Project)
	if p == nil || r.Erased() {
		return nil
	}
	if l.Lost() {
		l.Seconds = p.Seconds(r, &l.Delivery)
	}
	if l.State != threads.Taken {
		return nil
	}
	mails, err := v.mailsOf(p, l.Recipient.Address)
	if err != nil {
		return err
	}
	if a := p.Absentee(r, mails, v.now); a != nil {
		l.Absent, l.Note, l.Seconds = cmp.Or(v.away(a.Away, p.Key), v.lang.t("away.now")), "/m/"+a.Message, a.Instead
	}
	return nil
}

// sendAgain sends a report to one of those whom its page proposes, and to
// nobody else, whatever the form says.
func (v *visit) sendAgain(r threads.Report) error {
	chosen := threads.Address{Address: v.PostFormValue("to")}
	for _, d := range r.Deliveries {
		l := letterView{Delivery: d}
		if err := l.fill(v, &r); err != nil {
			return err
		}
		i := slices.IndexFunc(l.Seconds, chosen.Is)
		if i < 0 {
			continue
		}
		if err := v.s.writer.SendAgain(v.Context(), v.act.Login, r.ID, l.Seconds[i]); err != nil {
			return err
		}
		v.s.log.Info("web.sent-again", "report", r.ID, "by", v.act.Login)
		return v.back(sentAgain)
	}
	return errForm
}
