package compose

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// ledger is the archive of an approver's tests.
type ledger struct {
	reports  []threads.Report // latest first
	approved []threads.Approval
}

func (l *ledger) Reports(context.Context, string, int) ([]threads.Report, error) {
	return l.reports, nil
}

func (l *ledger) Approve(_ context.Context, a threads.Approval) (threads.Report, error) {
	for _, r := range l.reports {
		if r.Period == a.Report.Period && r.State != threads.ReportCancelled {
			return threads.Report{}, threads.ErrConflict
		}
	}
	a.Report.Number = len(l.reports) + 1
	l.approved = append(l.approved, a)
	l.reports = append([]threads.Report{a.Report}, l.reports...)
	return a.Report, nil
}

type desk struct {
	*Approver
	archive *ledger
	clock   time.Time
}

func newDesk(t *testing.T) *desk {
	d := &desk{archive: &ledger{}, clock: friday}
	var err error
	d.Approver, err = NewApprover(ApproverConfig{Archive: d.archive, Key: testKey(t), Now: func() time.Time { return d.clock }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func weeklyOrder() Order {
	r := weekly()
	r.Points = []threads.Point{{ID: "P1", Text: "All is well."}}
	r.Answers = []threads.Answer{{Item: "i1", Word: threads.Accepted, Reason: "It helps."}}
	return Order{
		Report: r, Draft: []byte("---\nproject: ACME-WEB\n---\nAll is well.\n"), By: "mara",
		From: threads.Address{Name: "Mara Voss", Address: "projects@agency.example"}, Ours: "projects@agency.example",
	}
}

func TestWhatWasPreviewedIsWhatIsApproved(t *testing.T) {
	d := newDesk(t)
	p, err := d.Preview(t.Context(), weeklyOrder(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	d.clock = d.clock.Add(26 * time.Hour)
	r, err := d.Approve(t.Context(), weeklyOrder(), p.Print.String())
	if err != nil {
		t.Fatal(err)
	}
	a := d.archive.approved[0]
	for i, l := range a.Letters {
		if l.SHA != p.Letters[i].SHA || string(l.Raw) != string(p.Letters[i].Raw) {
			t.Errorf("letter %d is not the previewed one", i)
		}
	}
	if r.ID != p.Report || r.ApprovedBy != "mara" || !r.ApprovedAt.Equal(d.clock) || r.State != threads.ReportApproved ||
		r.DraftSHA != sha256Of(weeklyOrder().Draft) || r.Draft != string(weeklyOrder().Draft) || r.Text != "All is well.\n\nUp.\n" || len(r.Points) != 1 {
		t.Errorf("report %+v", r)
	}
	if w := a.Answers[0]; w.By != "mara" || w.Report != r.ID || !w.At.Equal(d.clock) || w.Word != threads.Accepted {
		t.Errorf("answer %+v", w)
	}
	m := a.Filing.Message
	if m.Direction != threads.Out || m.RawSHA != sha256Of(a.Filing.Raw) || m.MessageID != r.MessageID || m.ID == "" || m.Project != "ACME-WEB" || m.Class != threads.ClassPerson {
		t.Errorf("filed as %+v", m)
	}
}

func TestAnythingThatChangedSincePreventsTheApproval(t *testing.T) {
	for name, change := range map[string]func(*Order, *desk){
		"text":      func(o *Order, _ *desk) { o.Report.Text += "And more.\n" },
		"recipient": func(o *Order, _ *desk) { o.Report.To = o.Report.To[:1] },
		"file":      func(o *Order, _ *desk) { o.Report.Files[1].Body = []byte("%PDF another") },
		"sender":    func(o *Order, _ *desk) { o.From.Name = "Somebody else" },
		"earlier one": func(_ *Order, d *desk) {
			d.archive.reports = []threads.Report{{MessageID: "x@a.example", ApprovedAt: friday.AddDate(0, 0, -1)}}
		},
	} {
		d, o := newDesk(t), weeklyOrder()
		p, err := d.Preview(t.Context(), o, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		change(&o, d)
		_, err = d.Approve(t.Context(), o, p.Print.String())
		if !errors.Is(err, threads.ErrNotApproved) || len(d.archive.approved) > 0 || !strings.Contains(err.Error(), "look at them again") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestAReportApprovedMeanwhileDoesNotChangeThePreview(t *testing.T) {
	d := newDesk(t)
	p, err := d.Preview(t.Context(), weeklyOrder(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	d.clock = d.clock.Add(time.Minute)
	other := weeklyOrder()
	other.Report.Period = "2026-11"
	if _, err := d.Approve(t.Context(), other, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Approve(t.Context(), weeklyOrder(), p.Print.String()); err != nil {
		t.Error(err)
	}
}

func TestApprovingTwiceIsApprovingOnce(t *testing.T) {
	d := newDesk(t)
	p, err := d.Preview(t.Context(), weeklyOrder(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	first, err := d.Approve(t.Context(), weeklyOrder(), p.Print.String())
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Approve(t.Context(), weeklyOrder(), p.Print.String())
	if err != nil || again.ID != first.ID || len(d.archive.approved) != 1 {
		t.Errorf("again: %v, %v; %d approvals", again.ID, err, len(d.archive.approved))
	}
	d.clock = d.clock.Add(time.Hour)
	if _, err := d.Approve(t.Context(), weeklyOrder(), ""); !errors.Is(err, threads.ErrConflict) {
		t.Errorf("other letters for the same period: %v", err)
	}
	d.archive.reports[0].State = threads.ReportCancelled
	if _, err := d.Approve(t.Context(), weeklyOrder(), p.Print.String()); !errors.Is(err, threads.ErrConflict) {
		t.Errorf("a preview that was cancelled: %v", err)
	}
	if _, err := d.Approve(t.Context(), weeklyOrder(), ""); err != nil {
		t.Errorf("a fresh preview after that: %v", err)
	}
}

func TestPrintsOfOtherDaysAndOtherMakeAreRefused(t *testing.T) {
	d := newDesk(t)
	p, err := d.Preview(t.Context(), weeklyOrder(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	short := p.Print.String()[:len(printTime)+1+16]
	for _, c := range []struct {
		print string
		after time.Duration
		want  string // "" for approved
	}{
		{"5f3a", 0, "no fingerprint"},
		{"20261127T150000Z-", 0, "no fingerprint"},
		{short[:len(short)-1], 0, "no fingerprint"},
		{p.Print.String() + "00", 0, "no fingerprint"},
		{"20261127T150000Z-zzzzzzzzzzzzzzzzzzzz", 0, "no fingerprint"},
		{p.Print.String(), 8 * 24 * time.Hour, "fresh one"},
		{p.Print.String(), -time.Hour, "fresh one"},
		{short, time.Hour, ""},
	} {
		d.clock = friday.Add(c.after)
		_, err := d.Approve(t.Context(), weeklyOrder(), c.print)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("print %q after %v: %v, want %q", c.print, c.after, err, c.want)
		}
	}
}

func TestTheNextReportFollowsTheLast(t *testing.T) {
	d := newDesk(t)
	first, err := d.Approve(t.Context(), weeklyOrder(), "")
	if err != nil {
		t.Fatal(err)
	}
	d.clock = d.clock.AddDate(0, 0, 7)
	o := weeklyOrder()
	o.Report.Period = "2026-W49"
	if _, err = d.Approve(t.Context(), o, ""); err != nil {
		t.Fatal(err)
	}
	m := d.archive.approved[1].Filing.Message
	if len(m.InReplyTo) != 1 || m.InReplyTo[0] != first.MessageID || len(m.References) != 1 {
		t.Errorf("in reply to %v, references %v; want %s", m.InReplyTo, m.References, first.MessageID)
	}
	if !strings.Contains(string(d.archive.approved[1].Letters[0].Raw), "In-Reply-To: <"+first.MessageID+">\r\n") {
		t.Error("the letter does not say so")
	}
	d.clock = d.clock.AddDate(0, 0, 7)
	o.Report.Period, o.Alone = "2026-W50", true
	if _, err = d.Approve(t.Context(), o, ""); err != nil {
		t.Fatal(err)
	}
	if m := d.archive.approved[2].Filing.Message; m.InReplyTo != nil || m.References != nil {
		t.Errorf("a report of its own refers to %v", m.References)
	}
}

func TestAnApproverNeedsAKey(t *testing.T) {
	if _, err := NewApprover(ApproverConfig{Archive: &ledger{}}); err == nil {
		t.Error("an approver without a key for reply addresses would sign with an empty one")
	}
}

// The log grows between a preview and its approval; the letters keep the
// checkpoint that was looked at.
func TestLettersCarryTheCheckpointOfTheirPreview(t *testing.T) {
	d := newDesk(t)
	size := int64(1200)
	d.cfg.Checkpoint = func(_ context.Context, lines int64) (int64, []string, error) {
		if lines == 0 {
			lines = size
		}
		return lines, []string{"agency.example/log", fmt.Sprint(lines), strings.Repeat("r", 43) + "=", strings.Repeat("s", 64), strings.Repeat("t", 28)}, nil
	}
	p, err := d.Preview(t.Context(), weeklyOrder(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	size = 1300
	if _, err := d.Approve(t.Context(), weeklyOrder(), p.Print.String()); err != nil {
		t.Fatal(err)
	}
	for _, l := range d.archive.approved[0].Letters {
		want := "\r\nRapport-Checkpoint: agency.example/log\r\n 1200\r\n " + strings.Repeat("r", 43) + "=\r\n " + strings.Repeat("s", 64) + "\r\n " + strings.Repeat("t", 28) + "\r\n"
		if !strings.Contains(string(l.Raw), want) {
			t.Errorf("the letter does not carry it:\n%s", l.Raw[:1500])
		}
	}
	for _, print := range []string{p.Print.At.Format(printTime) + ".1300-" + p.Print.SHA, p.Print.At.Format(printTime) + "-" + p.Print.SHA} {
		if _, err := d.Approve(t.Context(), weeklyOrder(), print); !errors.Is(err, threads.ErrNotApproved) {
			t.Errorf("%s was approved: %v", print, err)
		}
	}
	if _, err := Letters(weekly(), LetterInput{At: friday, From: weeklyOrder().From, Checkpoint: []string{"a\r\nBcc: eve@evil.example"}}); err == nil {
		t.Error("a checkpoint brought a header of its own")
	}
}
