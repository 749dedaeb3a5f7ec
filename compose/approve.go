package compose

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"rapport/threads"
)

// Approvals is what the archive does for an approval.
type Approvals interface {
	// Approve stores the report, its letters, their outbox rows and its answers in one transaction.
	Approve(ctx context.Context, a threads.Approval) (threads.Report, error)
	// Reports returns a project's reports, the latest first.
	Reports(ctx context.Context, project string, limit int) ([]threads.Report, error)
}

// ApproverConfig is what an Approver works with.
type ApproverConfig struct {
	Archive Approvals
	Key     threads.ReplyKey
	Sign    []*DKIM
	SMIME   []*SMIME // the one for the sender's address signs
	Limit   int      // bytes of a letter; 0 means LetterLimit
	Now     func() time.Time

	// Checkpoint returns the signed checkpoint of so many lines of the log, 0 for
	// the latest: its size, and the words that a header carries, none if nothing
	// was signed. nil means that letters carry none.
	Checkpoint func(ctx context.Context, lines int64) (int64, []string, error)
}

// Approver turns a rendered report into letters that may be sent.
type Approver struct{ cfg ApproverConfig }

// NewApprover checks the configuration.
func NewApprover(cfg ApproverConfig) (*Approver, error) {
	if cfg.Archive == nil {
		return nil, errors.New("approver: no archive")
	}
	if _, ok := cfg.Key.Letter(cfg.Key.Token("l0")); !ok {
		return nil, errors.New("approver: no key for reply addresses")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Approver{cfg}, nil
}

// Order is a report as a manager wants it sent.
type Order struct {
	Report *Rendered
	Draft  []byte          // the draft's whole file
	By     string          // the manager's login
	From   threads.Address // the manager's name with the address that clients see
	Ours   string          // the address that takes answers; "" means From's
	Zone   *time.Location  // of the letters' Date; nil means UTC
	Alone  bool            // begin a conversation of its own instead of going on with the project's
}

// Preview is what will be sent if it is approved: the bytes, and the print
// under which they are approved.
type Preview struct {
	Print   Print
	Report  string // id
	Letters []threads.Letter
	HTML    string // as the first letter has it

	series  Series
	message string // id under which it will be filed
	signed  bool   // with S/MIME
}

// seriesLength is how many reports of a project are looked at: twenty years of
// weekly ones.
const seriesLength = 1000

// Preview builds the letters of an order as they would go out if they were
// written at that moment; the zero time means now.
func (a *Approver) Preview(ctx context.Context, o Order, at time.Time) (Preview, error) {
	lines, words, err := a.checkpoint(ctx, 0)
	if err != nil {
		return Preview{}, err
	}
	return a.preview(ctx, o, at, lines, words)
}

func (a *Approver) checkpoint(ctx context.Context, lines int64) (int64, []string, error) {
	if a.cfg.Checkpoint == nil {
		return 0, nil, nil
	}
	lines, words, err := a.cfg.Checkpoint(ctx, lines)
	if err != nil {
		return 0, nil, fmt.Errorf("read the checkpoint for the letters: %w", err)
	}
	return lines, words, nil
}

// input is what all letters of a manager have in common: the whole second at
// which they are written, in the zone in which it is to show, and who signs them.
func (a *Approver) input(at time.Time, from threads.Address, ours string, zone *time.Location, checkpoint []string) LetterInput {
	at = at.UTC().Truncate(time.Second)
	if zone != nil {
		at = at.In(zone)
	}
	in := LetterInput{At: at, From: from, ReplyTo: ours, Key: a.cfg.Key, Sign: a.cfg.Sign, Limit: a.cfg.Limit, Checkpoint: checkpoint}
	for _, s := range a.cfg.SMIME {
		if s.Fits(from.Address) {
			in.SMIME = s
		}
	}
	return in
}

func (a *Approver) preview(ctx context.Context, o Order, at time.Time, lines int64, words []string) (Preview, error) {
	var past []threads.Report
	if !o.Alone {
		var err error
		if past, err = a.cfg.Archive.Reports(ctx, o.Report.Project, seriesLength); err != nil {
			return Preview{}, fmt.Errorf("look for the reports before this one: %w", err)
		}
	}
	if at.IsZero() {
		at = afterAll(past, a.cfg.Now())
	}
	in := a.input(at, o.From, o.Ours, o.Zone, words)
	in.Series = SeriesOf(past, in.At)
	sheet, letters, err := build(o.Report, in)
	if err != nil {
		return Preview{}, err
	}
	return Preview{
		Print: printLetters(in.At, lines, letters), Report: sheet.ids.report, Letters: letters,
		HTML:   o.Report.ReplyVia(sheet.replyAddress(letters[0].ID)),
		series: in.Series, message: sheet.ids.message, signed: in.SMIME != nil,
	}, nil
}

// A preview may be approved for a week. Its Date goes into the letters, and a
// letter with an older one looks lost or forged.
const (
	oldest = 7 * 24 * time.Hour
	ahead  = 5 * time.Minute // clocks differ
)

// Approve stores an order's letters as approved, held until they are released.
// want is the print of the preview that the manager has seen: if the letters
// built now differ from it in one byte, nothing is approved. "" approves the
// letters as they are now. Approving the same preview again changes nothing and
// returns the report that it has become.
func (a *Approver) Approve(ctx context.Context, o Order, want string) (threads.Report, error) {
	p, err := a.expected(ctx, o, want)
	if err != nil {
		return threads.Report{}, err
	}
	known, err := a.known(ctx, o.Report.Project, p.Report)
	if err != nil {
		return threads.Report{}, err
	}
	if known != nil {
		return *known, nil
	}
	report, err := a.cfg.Archive.Approve(ctx, a.approval(o, p))
	if errors.Is(err, threads.ErrConflict) { // perhaps somebody approved the same preview at this moment
		if known, _ := a.known(ctx, o.Report.Project, p.Report); known != nil {
			return *known, nil
		}
	}
	if err != nil {
		return threads.Report{}, fmt.Errorf("approve the report of %s for %s: %w", o.Report.Project, o.Report.Period, err)
	}
	return report, nil
}

// expected builds the letters and holds them against the print.
func (a *Approver) expected(ctx context.Context, o Order, want string) (Preview, error) {
	if want == "" {
		return a.Preview(ctx, o, time.Time{})
	}
	wanted, err := ParsePrint(want)
	if err != nil {
		return Preview{}, err
	}
	if age := a.cfg.Now().Sub(wanted.At); age > oldest || age < -ahead {
		return Preview{}, fmt.Errorf("%w: the preview is of %s; look at a fresh one and approve that",
			threads.ErrNotApproved, wanted.At.Format(time.RFC1123))
	}
	var words []string
	if wanted.Lines > 0 {
		if wanted.Lines, words, err = a.checkpoint(ctx, wanted.Lines); err != nil {
			return Preview{}, err
		}
	}
	p, err := a.preview(ctx, o, wanted.At, wanted.Lines, words)
	if err != nil {
		return Preview{}, err
	}
	if !p.Print.fits(wanted) {
		return Preview{}, fmt.Errorf("%w: the letters are not those of the preview %s any more, something has changed since; they are now %s; look at them again and approve that",
			threads.ErrNotApproved, want, p.Print)
	}
	return p, nil
}

// known finds the report that this very preview has already become: its id is
// drawn from what the letters say. Once cancelled it cannot come back, since
// its letters have a Message-ID that is spent.
func (a *Approver) known(ctx context.Context, project, id string) (*threads.Report, error) {
	past, err := a.cfg.Archive.Reports(ctx, project, seriesLength)
	if err != nil {
		return nil, fmt.Errorf("look for the report: %w", err)
	}
	for _, r := range past {
		switch {
		case r.ID != id:
		case r.State == threads.ReportCancelled:
			return nil, fmt.Errorf("%w: what was approved with this preview was cancelled; look at a fresh one and approve that", threads.ErrConflict)
		default:
			return &r, nil
		}
	}
	return nil, nil
}

// approval is everything that is stored for a preview.
func (a *Approver) approval(o Order, p Preview) threads.Approval {
	r, now := o.Report, a.cfg.Now().UTC()
	draft := sha256.Sum256(o.Draft)
	approval := threads.Approval{
		Report: threads.Report{
			ID: p.Report, Project: r.Project, Subject: r.Subject, Period: r.Period, Status: r.Status, Language: r.Language,
			State: threads.ReportApproved, MessageID: p.Letters[0].MessageID,
			DraftSHA: hex.EncodeToString(draft[:]), Draft: string(o.Draft), Text: r.Text, Points: r.Points,
			ApprovedBy: o.By, ApprovedAt: now,
		},
		Letters: p.Letters,
		Filing:  filing(o, p),
	}
	for _, answer := range r.Answers {
		answer.By, answer.At, answer.Report = o.By, now, p.Report
		approval.Answers = append(approval.Answers, answer)
	}
	return approval
}
