// Package mail reads one message: bytes in, structure and faults out.
//
// Parse never fails. A broken mail is normal: what can be read is read, what
// was wrong is listed as a Fault, and all text leaves as valid UTF-8 without
// NUL. Time and memory are bounded by Limits whatever the bytes are. The
// package knows nothing of projects, stores or servers.
package mail

import "time"

// Message is what was read from one mail.
type Message struct {
	Header Header // raw fields in their order

	From, Sender, ReplyTo []Address
	To, Cc, Bcc           []Address
	Subject               string    // decoded, white space folded to single blanks
	Date                  time.Time // zero if absent or unreadable; its location is the sender's offset
	MessageID             string    // without angle brackets, "" if absent
	InReplyTo             []string  // RFC 5322 section 3.6.4, without angle brackets
	References            []string  // oldest first

	Text     string // all readable body text, "\n" line ends
	TextFrom string // where Text was read from: "plain", "html", "tnef", "uuencode", "calendar", "attached" (an attached message) or ""
	HTML     string // the HTML body as sent: hostile input

	Invitation string // the end of Text, if calendar parts tell it

	Parts  []Part // everything that is not body text, in order
	Faults []Fault
}

// Address is one mailbox. Name is decoded; Address has its domain in lower case.
type Address struct {
	Name    string
	Address string
}

// Part is an attachment, a picture of the HTML, an attached message or a
// report part.
type Part struct {
	Path        string // IMAP part number: "2", "2.1"
	Type        string // media type in lower case, "application/pdf"
	Charset     string // declared
	Disposition string // "attachment", "inline" or ""
	Name        string // safe file name: no separators, no control characters; "" if none
	ContentID   string // without angle brackets
	Body        []byte // decoded; cut off at Limits.Part or Limits.File
	Size        int64  // decoded bytes before cutting
	SHA256      string // hex, of the whole decoded part
}

// Fault is something that was wrong with a mail.
type Fault struct {
	Code   string // a fixed word, "boundary-unclosed"
	Detail string // in words: what was wrong, what was done instead
}

// Limits bound what Parse spends on one mail. The zero value means the defaults.
type Limits struct {
	Depth  int   // nesting of parts; default 20
	Parts  int   // number of parts; default 1,000
	Header int   // bytes of one header section; default 1 MB
	Text   int   // bytes of Text; default 2 MB
	Part   int64 // bytes kept of one part's Body; default 25 MB
	File   int64 // bytes kept of one that is a file to look at with another program; default Part
}
