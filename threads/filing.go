package threads

import "time"

// Filing is everything that is written, in one transaction, for one mail that
// came in or one letter that went out.
type Filing struct {
	Message  Message // ID, Thread and Project of a reply are completed by the store
	Raw      []byte  // the exact bytes; SHA-256 is Message.RawSHA
	Items    []Item
	Position *Position // nil for an imported mail or a letter of ours
	Source   string    // where an imported mail came from, for people: "archive.mbox#17"
	Outcome  *Outcome  // what this mail tells about a delivery of ours (bounce, delay, receipt, own copy)
	UsedID   bool      // another mail came under the same Message-ID, which so does not tell the thread
	Ready    any       // what the store has made of the rest ahead of its turn; nobody else looks at it
}

// Outcome is news of a delivery that a message brings: a bounce, a delay, a
// read receipt, or our own copy that proves the server had taken the letter.
type Outcome struct {
	Letter    string // letter id
	Recipient string // address concerned
	State     DeliveryState
	Words     string // the server's or the report's words
	Opened    bool   // a receipt says that the letter was read
}

// Filed says what became of a Filing.
type Filed struct {
	Message string // the id under which the mail is stored
	Thread  string
	Known   bool     // the same bytes were stored already; nothing was added but the position
	Merged  []string // threads that this message has shown to be one with Thread
}

// Known is what the archive holds under one Message-ID.
type Known struct {
	MessageID string
	Message   string
	Thread    string
	Project   string
	Direction Direction
}

// SentLetter is a report of ours as a reply may quote it.
type SentLetter struct {
	Report    string // report id
	MessageID string
	Text      string // the text part
	Points    []Point
	At        time.Time // approved: no mail that came before can quote it
}

// Point is one statement of a report that a client can answer.
type Point struct {
	ID   string `json:"id"`   // "P3", or the label it was printed with: "D-4", "F-13"
	Text string `json:"text"` // its words, as plain text
}
