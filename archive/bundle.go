package archive

import (
	"encoding/json"
	"time"

	"rapport/threads"
)

// Names of files in a bundle.
const (
	manifestFile   = "manifest.json"
	noteFile       = "bundle.note"
	checkpointFile = "checkpoint.txt"
	stampFile      = "checkpoint.tst" // an RFC 3161 token over the checkpoint's text, if there is one
	keyFile        = "key.txt"
)

// bundleHead is the first line of the note that signs a bundle. No checkpoint
// begins so: an origin has no blanks.
const bundleHead = "rapport bundle v1\n"

// Manifest lists what is in a bundle, with all that is needed to check it.
type Manifest struct {
	V        int               `json:"v"`
	Origin   string            `json:"origin"`
	Project  string            `json:"project"`
	From     string            `json:"from,omitempty"`
	To       string            `json:"to,omitempty"`
	Query    string            `json:"query,omitempty"`
	Made     time.Time         `json:"made"`
	Lines    int64             `json:"log_lines"` // of the checkpoint
	Messages []BundledMail     `json:"messages"`
	Erased   []BundledErasure  `json:"erased,omitempty"`
	Items    []threads.Item    `json:"items"`
	Changes  []threads.Change  `json:"changes"`
	Records  []BundledRecord   `json:"records"` // what the log says of them, of reports, letters, deliveries, and of the mailboxes in which the mail lay
	Files    map[string]string `json:"files"`   // SHA-256 of every other file
}

// BundledMail is one mail of a bundle. Line is the latest line of the log about
// it, Value is what the line commits to.
type BundledMail struct {
	ID        string             `json:"id"`
	Thread    string             `json:"thread"`
	Direction threads.Direction  `json:"direction"`
	Class     threads.Class      `json:"class"`
	Date      time.Time          `json:"date"`
	Received  time.Time          `json:"received"`
	Sender    threads.Address    `json:"from"`
	Subject   string             `json:"subject"`
	MessageID string             `json:"message_id"`
	SHA256    string             `json:"sha256"`
	File      string             `json:"file"`
	Proof     string             `json:"proof"`
	Line      string             `json:"line"`
	Value     string             `json:"value"`
	Why       []threads.Evidence `json:"why,omitempty"`

	Authentication *threads.Authentication `json:"authentication,omitempty"`

	Attachments []BundledFile `json:"attachments,omitempty"`
}

// BundledFile is an attachment as a file of its own. The mail itself is its proof.
type BundledFile struct {
	Name string `json:"name"` // as the mail calls it, safe to show
	Type string `json:"type"`
	File string `json:"file"`
}

// BundledErasure is what stays of a mail that was erased, with the line of the
// log that says so.
type BundledErasure struct {
	threads.Erasure
	Proof string `json:"proof"`
	Line  string `json:"line"`
}

// value is what the line commits to.
func (b *BundledErasure) value() []byte { return []byte(threads.Digest(b.By, b.Reason)) }

// value is what the log commits to about a mail, as far as bundles check it.
// Since form 2 it has in it why the mail was filed, and what was found out about
// its sender.
type value struct {
	V        int    `json:"v"`
	SHA256   string `json:"sha256"`
	Sent     int64  `json:"sent"`
	Received int64  `json:"received"`

	Why            []threads.Evidence      `json:"why"`
	Authentication *threads.Authentication `json:"authentication"`
}

func readValue(text string) (v value, err error) {
	return v, json.Unmarshal([]byte(text), &v)
}

// BundledRecord is what the log says of something beside mail. Value is what the
// line commits to: of a delivery the words of the server.
type BundledRecord struct {
	Type    threads.EntryType `json:"type"`
	Subject string            `json:"subject"`
	N       int               `json:"n,omitempty"` // which answer to an item, which step of a delivery
	Proof   string            `json:"proof"`
	Line    string            `json:"line"`
	Value   string            `json:"value"`
}

// Said is the line, read; empty if it is none.
func (b BundledRecord) Said() threads.Entry {
	line, _ := ParseLine(0, []byte(b.Line))
	return line.Entry
}
