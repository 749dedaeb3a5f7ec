package threads

import "time"

// Cause says why mail was erased, or may be.
type Cause string

// The causes of an erasure.
const (
	CauseRequest   Cause = "request"   // somebody has asked for it, as GDPR article 17 lets them
	CauseRetention Cause = "retention" // the time for which the project keeps its mail is over
)

// Erasure is what stays of a mail that was erased: its tombstone.
type Erasure struct {
	Message string    `json:"message"` // id
	Cause   Cause     `json:"cause"`
	Reason  string    `json:"reason"` // in the words of who did it
	By      string    `json:"by"`     // login
	At      time.Time `json:"at"`
}

// HoldPrefix begins the id of a hold.
const HoldPrefix = 'h'

// Hold keeps mail from being erased, by a person or by the end of its time,
// until it is lifted: what a court or an auditor may ask for has to stay.
type Hold struct {
	ID       string    `json:"id"`
	Project  string    `json:"project"`
	Thread   string    `json:"thread,omitempty"` // id; "" holds all mail of the project
	Reason   string    `json:"reason"`
	By       string    `json:"by"` // login
	At       time.Time `json:"at"`
	LiftedBy string    `json:"lifted_by,omitempty"`
	LiftedAt time.Time `json:"lifted_at,omitzero"`
}
