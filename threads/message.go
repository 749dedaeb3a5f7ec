package threads

import (
	"strings"
	"time"
)

// Direction says whether a message came in or went out.
type Direction string

// The two directions.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Class is what kind of sender wrote a message: a person or which machine.
type Class string

// The classes of mail. Everything but ClassPerson has no items.
const (
	ClassPerson      Class = "person"
	ClassAutoReply   Class = "auto-reply"    // RFC 3834 and its many unmarked kin
	ClassOutOfOffice Class = "out-of-office" // an automatic reply that says somebody is away
	ClassBounce      Class = "bounce"        // RFC 3464 or plain text: not delivered
	ClassDelay       Class = "delay"         // not delivered yet
	ClassReceipt     Class = "receipt"       // RFC 8098 read receipt
	ClassList        Class = "list"          // newsletter or list traffic
	ClassOwnCopy     Class = "own-copy"      // our own letter, seen again in our mailbox
)

// Address is a mailbox with its display name. Address keeps the local part as
// written and has its domain in lower case; it is "" for unusable input.
type Address struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address"`
}

// String is the name if there is one, else the address: for people to read,
// never for a mail header.
func (a Address) String() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Address
}

// Is reports whether two addresses are one mailbox: letter case aside, as all
// servers that people have take it, whatever RFC 5321 section 2.4 lets them do.
func (a Address) Is(b Address) bool { return sameMailbox(a.Address, b.Address) }

// sameMailbox compares addresses as Address.Is does. Letters of different
// lengths stay different: "ſ" and the Kelvin sign fold to "s" and "k", and a
// mailbox that is written with them is somebody else's.
func sameMailbox(a, b string) bool { return len(a) == len(b) && strings.EqualFold(a, b) }

// Message is one stored mail, in or out: its raw bytes are kept write-once
// under RawSHA, everything else was read from them and can be read again.
type Message struct {
	ID        string    `json:"id"`
	Project   string    `json:"project,omitempty"` // "" while in the tray
	Thread    string    `json:"thread,omitempty"`  // "" while in the tray
	Direction Direction `json:"direction"`
	RawSHA    string    `json:"sha256"` // hex, of the exact bytes
	Size      int64     `json:"size"`   // bytes

	MessageID  string    `json:"message_id,omitempty"` // without angle brackets
	InReplyTo  []string  `json:"in_reply_to,omitempty"`
	References []string  `json:"references,omitempty"` // oldest first
	Subject    string    `json:"subject"`
	From       Address   `json:"from"`
	Sender     *Address  `json:"sender,omitempty"` // who forwarded it, when From is the forwarded author
	To         []Address `json:"to,omitempty"`
	Cc         []Address `json:"cc,omitempty"`
	Date       time.Time `json:"date"`     // as the sender says, in the sender's offset; Received if unreadable
	Received   time.Time `json:"received"` // INTERNALDATE, UTC

	Class       Class  `json:"class"`
	ClassReason string `json:"class_reason,omitempty"` // the signal, in words
	Language    string `json:"language,omitempty"`     // of the new text
	Away        *Away  `json:"away,omitempty"`         // what an out-of-office reply says, if it names a day

	Text        string       `json:"text"`     // all readable text, UTF-8 without NUL
	NewText     string       `json:"new_text"` // what the writer typed in this mail
	Folds       []Fold       `json:"folds,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Faults      []Fault      `json:"faults,omitempty"`

	Evidence []Evidence `json:"evidence,omitempty"` // why it is in this project, or in the tray
	Tray     *Tray      `json:"tray,omitempty"`     // set while no project is certain

	Rating *Rated `json:"rating,omitempty"` // how satisfied the client says to be

	Authentication *Authentication `json:"authentication,omitempty"` // nil: nobody has looked

	Erased *Erasure `json:"erased,omitempty"` // what it said was erased; only its place and times are left
}

// Fold is a part of a mail's text that is not the writer's new words. It is
// kept, folded away, with the reason it was cut.
type Fold struct {
	Reason string `json:"reason"` // "quote", "our letter", "signature", "disclaimer", "forwarded", "banner"
	Text   string `json:"text"`
	At     int    `json:"at"` // byte offset in NewText where it stood
}

// Attachment describes a part that is not body text. Its bytes are in the raw
// mail, at Part.
type Attachment struct {
	Part      string `json:"part"` // IMAP-style part number, "2.1"
	Name      string `json:"name"` // safe to show and to save under
	Type      string `json:"type"` // media type, "image/png"
	Size      int64  `json:"size"` // decoded bytes
	SHA256    string `json:"sha256"`
	ContentID string `json:"content_id,omitempty"` // set for pictures inside the HTML
}

// Fault is something wrong with a mail that did not stop it from being read.
type Fault struct {
	Code   string `json:"code"`   // "boundary-unclosed", "charset-guessed"
	Detail string `json:"detail"` // in words, with what was done instead
}

// Evidence is one reason for filing a message in a project.
type Evidence struct {
	Kind    string `json:"kind"` // "reply-address", "reference", "our-address", "subject-tag", "contact", "domain", "import", "choice"
	Project string `json:"project"`
	Score   int    `json:"score"`
	Detail  string `json:"detail"` // in words
}

// Tray says why a message could not be filed with certainty, and what Rapport
// would do.
type Tray struct {
	Cause    string `json:"cause"`              // a fixed word: "unknown-sender", "not-of-project", "ambiguous", "no-project"
	Words    string `json:"words"`              // the cause in a sentence
	Proposal string `json:"proposal,omitempty"` // a project key
}

// Position is where a message lies on an IMAP server. By RFC 9051
// section 2.3.1.1 no other message ever lies there.
type Position struct {
	Mailbox     string // our name for the mailbox
	UIDValidity uint32
	UID         uint32
}

// Cursor is how far a mailbox has been read. Fence is the claim under which it
// may be moved: a process whose fence is old must stop.
type Cursor struct {
	Mailbox     string
	UIDValidity uint32
	First       uint32 // the UID from which on mail is owed: where reading began
	LastUID     uint32
	ModSeq      uint64
	Fence       int64

	// What the cursor passes without filing it, when it is moved: mails that are
	// owed from now on, and those that were owed and are filed or gone now.
	Owing   []Owed
	Settled []uint32
}
