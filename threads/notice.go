package threads

import (
	"strings"
	"time"
)

// NoticePrefix begins the id of a notice.
const NoticePrefix = 'n'

// Notice is a mail that Rapport sends by itself: nobody has approved its words.
type Notice struct {
	ID       string     `json:"id"`
	Key      string     `json:"-"`                 // what it is about: "daily mara 2026-11-28"; a second notice with it is not made
	Kind     NoticeKind `json:"kind"`              //
	Project  string     `json:"project,omitempty"` // key
	Thread   string     `json:"thread,omitempty"`  // id, if it stands in a conversation
	Answers  string     `json:"answers,omitempty"` // id of the mail that it replies to
	To       Address    `json:"to"`
	Language string     `json:"language,omitempty"` // primary tag of its words
	Subject  string     `json:"subject"`
	Body     string     `json:"-"`   // Markdown
	Signed   []byte     `json:"-"`   // checkpoints of the log, which go along as a file; nil for none
	Due      time.Time  `json:"due"` // not sent before; zero means now

	Made      time.Time     `json:"made"`
	State     DeliveryState `json:"state"` // held if a brake keeps it back
	Brake     Brake         `json:"brake,omitempty"`
	Words     string        `json:"words,omitempty"` // why it is held, or the server's last words
	Changed   time.Time     `json:"changed"`
	MessageID string        `json:"-"`
	SHA       string        `json:"-"` // hex SHA-256 of Raw
	Raw       []byte        `json:"-"` // the exact mail
}

// NoticeKind is what a notice is for.
type NoticeKind string

// The kinds of notice.
const (
	NoticeDaily      NoticeKind = "daily"      // what happened in a manager's projects
	NoticeReminder   NoticeKind = "reminder"   // a report will be due
	NoticeAlarm      NoticeKind = "alarm"      // a report is late, or something needs a person
	NoticeReceipt    NoticeKind = "receipt"    // to a client: their mail has come
	NoticeCheckpoint NoticeKind = "checkpoint" // the signed head of the log
	NoticeSignIn     NoticeKind = "sign-in"    // a link for signing in, which no archive keeps
)

// NoticeKinds are all of them.
var NoticeKinds = []NoticeKind{NoticeDaily, NoticeReminder, NoticeAlarm, NoticeReceipt, NoticeCheckpoint, NoticeSignIn}

// Brake is a rule that keeps a notice back, so that two machines that answer
// each other come to rest.
type Brake string

// The brakes. All but the last four are about what a notice answers, and no
// later moment lets it go.
const (
	BrakeMachine  Brake = "machine"  // what it answers was written by a machine
	BrakeStranger Brake = "stranger" // the sender is not of the project, nothing proves that it is them, or no mail can be sent to them
	BrakeOurs     Brake = "ours"     // it would answer ourselves
	BrakeReturned Brake = "returned" // two of them came back from the address within a month
	BrakePeer     Brake = "peer"     // the recipient had enough of them in a day
	BrakeThread   Brake = "thread"   // the conversation had
	BrakeTotal    Brake = "total"    // all together had, in an hour
)

// Brakes are all of them.
var Brakes = []Brake{BrakeMachine, BrakeStranger, BrakeOurs, BrakeReturned, BrakePeer, BrakeThread, BrakeTotal}

// BrakeLimits are how many notices may be sent; zero means none at all.
type BrakeLimits struct {
	Peer   int // to one address outside, in 24 hours
	Own    int // to one of our own people, in 24 hours
	Thread int // in one conversation, in 24 hours
	Total  int // to all together, in an hour
}

// NoticeCounts are how many notices there were before one that is to be made,
// those that were held back aside.
type NoticeCounts struct {
	Peer, Thread, Total int
	Returned            int // from the address, within ReturnedWithin
}

// ReturnedWithin is how long it counts that a notice came back.
const ReturnedWithin = 30 * 24 * time.Hour

// mostReturned is how many may come back from an address before no more are sent there.
const mostReturned = 2

// Pulled is the brake that keeps one more notice back, "" if none does. peer is
// the limit for its recipient, inThread whether it stands in a conversation.
func (l BrakeLimits) Pulled(peer int, inThread bool, before NoticeCounts) Brake {
	switch {
	case before.Returned >= mostReturned:
		return BrakeReturned
	case before.Peer >= peer:
		return BrakePeer
	case inThread && before.Thread >= l.Thread:
		return BrakeThread
	case before.Total >= l.Total:
		return BrakeTotal
	}
	return ""
}

// LoopHeader marks every notice. Mail that has it is a machine's, whoever it is
// from: what another Rapport sends by itself is not answered.
const LoopHeader = "X-Rapport-Notice"

// CheckpointHeader is the field in the header of letters that carries a signed
// checkpoint of the log: whoever keeps the letter is a witness.
const CheckpointHeader = "Rapport-Checkpoint"

// Peer is an address as brakes count it: letter case and a plus part aside.
func Peer(address string) string { return strings.ToLower(WithoutTag(address)) }
