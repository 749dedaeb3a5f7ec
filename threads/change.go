package threads

import "time"

// ChangeKind is what a manager decided about mail that was filed otherwise.
type ChangeKind string

// The kinds of change. Each can be undone.
const (
	ChangeFile    ChangeKind = "file"    // filed in a project, or moved to another one
	ChangeContact ChangeKind = "contact" // its sender is a contact from now on
	ChangeDismiss ChangeKind = "dismiss" // not ours: out of the tray
	ChangeReread  ChangeKind = "reread"  // read again by today's program
	ChangeSplit   ChangeKind = "split"   // into a thread of its own
	ChangeMerge   ChangeKind = "merge"   // into another thread
)

// ChangePrefix begins the id of a change.
const ChangePrefix = 'c'

// Change is one decision. It is remembered: what it says about a sender counts
// for that sender's next mail.
type Change struct {
	ID       string     `json:"id"`
	Kind     ChangeKind `json:"kind"`
	Project  string     `json:"project,omitempty"`
	Name     string     `json:"name,omitempty"`    // of a new contact
	Address  string     `json:"address,omitempty"` // the sender that it is about
	Via      string     `json:"via,omitempty"`     // the domain that may pass on mail of Address from now on
	Thread   string     `json:"thread,omitempty"`  // the thread that mail was moved to
	Messages []string   `json:"messages"`
	By       string     `json:"by"` // login
	At       time.Time  `json:"at"`
	UndoneBy string     `json:"undone_by,omitempty"`
	UndoneAt time.Time  `json:"undone_at,omitzero"`
}

// Choices are what managers have decided about senders: the part of the
// directory that is not in the configuration.
type Choices struct {
	Contacts []ChosenContact
	Filed    map[string]string // address in lower case → key of the project its mail was last filed in by hand
	NotOurs  map[string]bool   // addresses in lower case whose mail is not ours

	PassedOn map[[2]string]bool // address in lower case and the domain that may pass on its mail
}

// ChosenContact is an address that a manager has made a contact of a project.
type ChosenContact struct{ Project, Name, Address string }
