package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rapport/compose"
	"rapport/demo"
	"rapport/threads"
)

// demoRun is the main job on the sample world, step by step. Every step looks
// first whether it was done before, so a killed demo goes on where it was.
type demoRun struct {
	*house
	env     *env
	servers *demo.Servers
	samples []demo.Mail
	tell    io.Writer
	outcome demoOutcome
}

// demoOutcome is what `rapport demo --json` prints.
type demoOutcome struct {
	Received int            `json:"received"` // mails that came in over IMAP
	Filed    int            `json:"filed"`
	Tray     []demoTrayed   `json:"tray"`
	Machine  map[string]int `json:"machine"` // machine mail by class
	Items    map[string]int `json:"items"`   // by kind
	Reports  []demoReport   `json:"reports"`
	OK       bool           `json:"ok"`
	Wrong    []string       `json:"wrong,omitempty"` // what is not as it should be
}

type demoTrayed struct {
	Mail  string `json:"mail"`
	Cause string `json:"cause"`
	Words string `json:"words"`
}

type demoReport struct {
	Project    string       `json:"project"`
	Report     string       `json:"report"`
	State      string       `json:"state"`
	Recipients int          `json:"recipients"`
	Answers    []demoAnswer `json:"answers"`
	Matched    int          `json:"answers_matched"`
}

// demoAnswer is what the client wrote under a point, and the item and point
// that Rapport made of it.
type demoAnswer struct {
	Words string `json:"words"`
	Under string `json:"under"`
	Item  string `json:"item,omitempty"`
	Kind  string `json:"kind,omitempty"`
	Point string `json:"point,omitempty"`
}

func (d *demoRun) say(format string, args ...any) { fmt.Fprintf(d.tell, format+"\n", args...) }

func (d *demoRun) wrong(format string, args ...any) {
	d.outcome.Wrong = append(d.outcome.Wrong, fmt.Sprintf(format, args...))
}

// sign signs the log, so that each client gets its head with the report.
func (d *demoRun) sign(ctx context.Context) error {
	n, err := d.notary("")
	if err == nil {
		_, err = n.checkpoints(ctx)
	}
	return err
}

func (d *demoRun) run(ctx context.Context) (demoOutcome, error) {
	d.say("A mail server with %d mails of three clients runs inside. Reading it over IMAP …", len(d.samples))
	if err := d.poll(ctx); err != nil {
		return d.outcome, err
	}
	if err := d.tellInbound(ctx); err != nil {
		return d.outcome, err
	}
	if err := d.sign(ctx); err != nil {
		return d.outcome, err
	}
	for _, project := range demo.Reported {
		if err := d.report(ctx, project); err != nil {
			return d.outcome, fmt.Errorf("report for %s: %w", project, err)
		}
	}
	if err := d.count(ctx); err != nil {
		return d.outcome, err
	}
	d.outcome.OK = len(d.outcome.Wrong) == 0
	return d.outcome, nil
}

// report writes, sends and has answered the report of one project.
func (d *demoRun) report(ctx context.Context, project string) error {
	r, err := d.approved(ctx, project)
	if err != nil {
		return err
	}
	if _, err := d.store.Release(ctx, r.ID, threads.Release{AnyHour: true, ReleasedBy: r.ApprovedBy}); err != nil {
		return err
	}
	if err := d.settle(ctx, r.ID); err != nil {
		return err
	}
	if r, err = d.store.Report(ctx, r.ID); err != nil {
		return err
	}
	out := demoReport{Project: project, Report: r.ID, State: string(r.State), Recipients: len(r.Deliveries)}
	d.say("\nReport for %s sent: %s", project, r.Subject)
	for _, l := range r.Deliveries {
		d.say("  %s: %s, %s", l.Recipient.Address, l.State, line(l.Words))
	}
	if r.State != threads.ReportSent {
		d.wrong("the report of %s is %s, not sent", project, r.State)
	}
	if err := d.answer(ctx, r, &out); err != nil {
		return err
	}
	d.outcome.Reports = append(d.outcome.Reports, out)
	return nil
}

// approved is the project's report of the demo, approved now or by an earlier run.
func (d *demoRun) approved(ctx context.Context, project string) (threads.Report, error) {
	reports, err := d.store.Reports(ctx, project, 10)
	if err != nil {
		return threads.Report{}, err
	}
	for _, r := range reports {
		if r.State != threads.ReportCancelled {
			return r, nil
		}
	}
	past, err := d.past(d.env, project)
	if err != nil {
		return threads.Report{}, err
	}
	text, err := demo.Draft(project, past.Open)
	if err != nil {
		return threads.Report{}, err
	}
	w, err := d.render(d.env, strings.ToLower(project)+".md", text, "")
	if err != nil {
		return threads.Report{}, err
	}
	if compose.Blocked(w.findings) {
		for _, f := range w.findings {
			d.wrong("the draft of %s: %s", project, f)
		}
		return threads.Report{}, errors.New("the sample draft does not pass its check:\n" + strings.Join(d.outcome.Wrong, "\n"))
	}
	d.say("\nDraft for %s: %s of the client answered, %s", project, count(len(w.rendered.Answers), "point"), count(len(w.findings), "warning"))
	approver, err := d.approver()
	if err != nil {
		return threads.Report{}, err
	}
	return approver.Approve(ctx, d.order(w), "")
}

// answer lets the client reply to the letter, and looks what became of it.
func (d *demoRun) answer(ctx context.Context, r threads.Report, out *demoReport) error {
	letters, err := d.servers.Letters()
	if err != nil {
		return err
	}
	if twice := demo.Twice(letters); len(twice) > 0 {
		d.wrong("%d letters were sent twice", len(twice))
	}
	for _, l := range letters {
		if l.MessageID != r.MessageID || l.Client() == "" {
			continue
		}
		reply, err := demo.Answer(l)
		if err != nil {
			return err
		}
		if _, err := d.servers.Receive(reply.Name, reply.Raw); err != nil {
			return err
		}
		if err := d.poll(ctx); err != nil {
			return err
		}
		return d.match(ctx, r, reply, out)
	}
	d.wrong("no letter of the report for %s reached its client", r.Project)
	return nil
}

// poll reads the mailbox once. The owner is the same in every run, so that a
// killed run's claim is no hindrance.
func (d *demoRun) poll(ctx context.Context) error {
	_, err := d.pollOnce(ctx, d.installation())
	return err
}

// pause waits a moment before looking again.
func pause(ctx context.Context) error {
	timer := time.NewTimer(50 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
