package threads

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Report is a draft that was rendered, checked and approved.
type Report struct {
	ID         string      `json:"id"`
	Project    string      `json:"project"`
	Number     int         `json:"number"` // counts up in the project
	Subject    string      `json:"subject"`
	Period     string      `json:"period"` // "2026-W48", "2026-11" or "2026-11-16..2026-11-22"
	Status     string      `json:"status"` // "green", "yellow", "red" or ""
	Language   string      `json:"language"`
	State      ReportState `json:"state"`
	MessageID  string      `json:"message_id"`
	Thread     string      `json:"thread"`
	DraftSHA   string      `json:"draft_sha256"`
	Draft      string      `json:"-"` // the Markdown as approved
	Text       string      `json:"-"` // the text part
	Points     []Point     `json:"points"`
	ApprovedBy string      `json:"approved_by"`
	ApprovedAt time.Time   `json:"approved_at"`
	Deliveries []Delivery  `json:"deliveries"`
	ReleasedAt time.Time   `json:"released_at,omitzero"` // for the first time
	Release
	Again []Released `json:"released_again,omitempty"` // later times; known of a report that is read alone
}

// Released is a decision to let letters of a report go.
type Released struct {
	By string    `json:"by"` // login
	At time.Time `json:"at"`
}

// Release says when the letters of a report may go.
type Release struct {
	SendAt     time.Time `json:"send_at,omitzero"`      // not before; zero for at once
	AnyHour    bool      `json:"any_hour,omitempty"`    // also outside of the client's hours
	ReleasedBy string    `json:"released_by,omitempty"` // login of who lets them go; of a report, for the first time

	Held bool      `json:"-"` // only letters that are held, and ErrConflict if none is
	At   time.Time `json:"-"` // when it was released, for the last time; the store knows it
}

// Missed reports whether the report's time went by while it could not be sent.
func (r Report) Missed() bool {
	return slices.ContainsFunc(r.Deliveries, func(d Delivery) bool { return d.Missed() })
}

// Stuck reports whether letters wait for our own mail server.
func (r Report) Stuck() bool {
	return slices.ContainsFunc(r.Deliveries, func(d Delivery) bool { return d.Stuck() })
}

// Goes is when the first of the letters that wait for their time goes; zero if
// none does.
func (r Report) Goes(now time.Time) (at time.Time) {
	for _, d := range r.Deliveries {
		if d.Waits(now) && (at.IsZero() || d.Next.Before(at)) {
			at = d.Next
		}
	}
	return at
}

// DateAge is how old the Date of a letter may be when it goes out. It is that of
// the approval; see docs/decisions/0011-date-is-the-approval.md.
const DateAge = 4 * 24 * time.Hour

// Old reports whether the letters will go with a Date that is older than mail
// programs and filters expect, while all of them can still be withdrawn.
func (r Report) Old(now time.Time) bool {
	old := false
	for _, d := range r.Deliveries {
		if d.State != Held && d.State != Queued || d.Attempts > 0 {
			return false
		}
		goes := now
		if d.Waits(now) {
			goes = d.Next
		}
		old = old || goes.Sub(r.ApprovedAt) > DateAge
	}
	return old
}

// For is the moment for which the report is: its time, else when it was released,
// else when it was approved.
func (r Report) For() time.Time {
	switch {
	case !r.SendAt.IsZero():
		return r.SendAt
	case !r.ReleasedAt.IsZero():
		return r.ReleasedAt
	}
	return r.ApprovedAt
}

// Went is when the first of its letters was taken by a mail server, as far as the
// deliveries still tell; else the moment for which the report is.
func (r Report) Went() (at time.Time) {
	for _, d := range r.Deliveries {
		if d.State == Taken && !d.Opened && (at.IsZero() || d.Changed.Before(at)) {
			at = d.Changed
		}
	}
	if at.IsZero() {
		return r.For()
	}
	return at
}

// Erased reports whether all that the report said was erased, with its mail.
func (r Report) Erased() bool { return r.Subject == "" && r.Text == "" && r.Draft == "" }

// ReportState is where a report stands as a whole.
type ReportState string

// The states of a report. A cancelled report was approved and then replaced or
// withdrawn before anything of it went out.
const (
	ReportApproved  ReportState = "approved"
	ReportQueued    ReportState = "queued"
	ReportSent      ReportState = "sent"
	ReportTrouble   ReportState = "trouble" // at least one recipient did not get it, or may not have
	ReportCancelled ReportState = "cancelled"
)

// Letter is the exact mail for one recipient, fixed at approval. All letters of
// a report have one Message-ID and differ only in their signed reply address.
type Letter struct {
	ID        string
	Report    string
	Project   string
	Recipient Address
	MessageID string
	SHA       string // hex SHA-256 of Raw
	By        string // login of who approved it
	Raw       []byte
	Release   // known while it is leased
}

// DeliveryState is where a letter stands on its way to its recipient.
type DeliveryState string

// The states of a delivery. Held waits for `report send`; unknown means that
// the connection ended after the letter was given but before the server said
// whether it took it (RFC 1047).
const (
	Held      DeliveryState = "held"
	Queued    DeliveryState = "queued"
	Sending   DeliveryState = "sending"
	Taken     DeliveryState = "accepted"
	Refused   DeliveryState = "refused"
	Deferring DeliveryState = "deferred"
	Unknown   DeliveryState = "unknown"
	Bounced   DeliveryState = "bounced"
	Cancelled DeliveryState = "cancelled"
)

// Delivery is the outbox row of one letter.
type Delivery struct {
	Letter    string        `json:"letter"`
	Report    string        `json:"report"`
	Recipient Address       `json:"recipient"`
	State     DeliveryState `json:"state"`
	Attempts  int           `json:"attempts"`
	Next      time.Time     `json:"next,omitzero"`   // when to try again
	Words     string        `json:"words,omitempty"` // the server's last words
	Changed   time.Time     `json:"changed"`
	Opened    bool          `json:"opened,omitempty"` // a read receipt came
	Fence     int64         `json:"-"`                // the lease under which it may be settled
	Uncounted bool          `json:"-"`                // the letter itself was not tried, so that the attempt does not count
}

// Waits reports whether the letter waits for its time, or for the client's
// hours, and has not been tried.
func (d *Delivery) Waits(now time.Time) bool {
	return d.State == Queued && d.Attempts == 0 && d.Next.After(now)
}

// Lost reports whether the letter will not reach its recipient.
func (d *Delivery) Lost() bool { return d.State == Refused || d.State == Bounced }

// ServerSaid reports whether the words are a mail server's: they begin with a
// reply code (RFC 5321 section 4.2) or a status (RFC 3463), or stand in a bounce.
// Others are ours, and tell why there was no answer.
func (d *Delivery) ServerSaid() bool { return d.State == Bounced || serverWords.MatchString(d.Words) }

var serverWords = regexp.MustCompile(`^(?:(?i:smtp; *))?[245](?:\d\d\b|\.\d{1,3}\.\d{1,3}\b)`)

// ReleasedAgain begins the words of a letter that was released after its report
// had been; the login of who did it follows.
const ReleasedAgain = "released again by "

// TimeMissed begins the words of a letter that is held since its time went by.
const TimeMissed = "its time was missed"

// Missed reports whether the letter's time went by while it could not be sent:
// it waits to be released again.
func (d *Delivery) Missed() bool { return d.State == Held && strings.HasPrefix(d.Words, TimeMissed) }

// Stuck reports whether the letter waits for our own mail server, which does not
// work with us: no attempt is counted then.
func (d *Delivery) Stuck() bool { return d.State == Deferring && d.Attempts == 0 }

// Stuck is what waits for our own mail server while it does not work with us.
type Stuck struct {
	Letters int       `json:"letters"` // of reports
	Notices int       `json:"notices"` // mail that is sent by itself, alarms among it
	Words   string    `json:"words,omitempty"`
	Tried   time.Time `json:"tried,omitzero"` // the last time
}

// Any reports whether something waits.
func (s Stuck) Any() bool { return s.Letters+s.Notices > 0 }

// Final reports whether nothing more will happen to the delivery by itself.
func (s DeliveryState) Final() bool {
	return s == Taken || s == Refused || s == Bounced || s == Cancelled
}

// Approval is what is written, in one transaction, when a manager approves a
// report: the report, its letters, their outbox rows and the answers it gives.
type Approval struct {
	Report  Report
	Letters []Letter
	Answers []Answer
	Filing  Filing // the report as a message in its thread
}
