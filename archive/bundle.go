package archive

import (
	"encoding/json"
	"strings"
	"time"

	"rapport/threads"
)

// Names of files in a bundle.
const (
	mboxFile       = "mail.mbox"
	tableFile      = "manifest.csv"
	pageFile       = "index.html"
	manifestFile   = "manifest.json"
	noteFile       = "bundle.note"
	checkpointFile = "checkpoint.txt"
	stampFile      = "checkpoint.tst" // an RFC 3161 token over the checkpoint's text, if there is one
	keyFile        = "key.txt"
)

// bundleHead is the first line of the note that signs a bundle. No checkpoint
// begins so: an origin has no blanks.
const bundleHead = "rapport bundle v3\n"

// bundleForm is the form of the list, likewise.
const bundleForm = 3

// Manifest is the beginning of a bundle's list. Its sections follow, one entry a
// line, in the order of sections and in that of the files in the zip file; so
// that both can be read side by side, and of very much mail none must be in
// memory.
type Manifest struct {
	V           int        `json:"v"`
	Origin      string     `json:"origin"`
	Project     string     `json:"project"`
	Name        string     `json:"name"`
	From        string     `json:"from,omitempty"`
	To          string     `json:"to,omitempty"`
	Query       string     `json:"query,omitempty"`
	Made        time.Time  `json:"made"`
	Lines       int64      `json:"log_lines"` // of the checkpoint
	Next        *time.Time `json:"next_checkpoint,omitempty"`
	Attachments bool       `json:"attachments"` // each is a file of its own, too
	Page        string     `json:"page"`        // what index.html was made with, see pageForm
}

// The sections of a manifest.
const (
	changesSection   = "changes"   // BundledChange
	mailboxesSection = "mailboxes" // BundledRecord: the accounts of the mailboxes in which the mail lay
	messagesSection  = "messages"  // BundledMail
	uncoveredSection = "uncovered" // Uncovered
	filesSection     = "files"     // the SHA-256 of every other file, by its name
)

var sections = []string{changesSection, mailboxesSection, messagesSection, uncoveredSection, filesSection}

// BundledRecord is a line of the log with its proof. Value is what the line
// commits to: of a delivery the words of the server.
type BundledRecord struct {
	Type    threads.EntryType `json:"type"`
	Subject string            `json:"subject"`
	N       int               `json:"n,omitempty"` // which answer to an item, which step of a delivery
	Proof   string            `json:"proof"`
	Line    string            `json:"line"`
	Value   string            `json:"value,omitempty"`
	To      *threads.Address  `json:"to,omitempty"` // of a letter: whom it is for
	By      string            `json:"by,omitempty"` // of a report: who approved this letter, let the report go, or withdrew it
}

// Said is the line, read; empty if it is none.
func (b BundledRecord) Said() threads.Entry {
	line, _ := ParseLine(0, []byte(b.Line))
	return line.Entry
}

// BundledChange is what was decided by hand, with what the log says of it: that
// it was made and, perhaps, undone.
type BundledChange struct {
	threads.Change
	Records []BundledRecord `json:"records"`
}

// BundledMail is one mail of a bundle, with all that belongs to it. Line is the
// latest line of the log about it, Value is what the line commits to. Of a mail
// that was erased there is what is left: that it was, and the line that says so.
type BundledMail struct {
	ID        string             `json:"id"`
	Thread    string             `json:"thread,omitempty"`
	Direction threads.Direction  `json:"direction,omitempty"`
	Class     threads.Class      `json:"class,omitempty"`
	Date      time.Time          `json:"date,omitzero"`
	Received  time.Time          `json:"received,omitzero"`
	Sender    threads.Address    `json:"from,omitzero"`
	Subject   string             `json:"subject,omitempty"`
	MessageID string             `json:"message_id,omitempty"`
	SHA256    string             `json:"sha256,omitempty"`
	Erased    *threads.Erasure   `json:"erased,omitempty"`
	Proof     string             `json:"proof"`
	Line      string             `json:"line"`
	Value     string             `json:"value,omitempty"`
	Read      string             `json:"read,omitempty"` // what was read from the mail; the value has a digest of it. See Reading
	File      string             `json:"file,omitempty"`
	Why       []threads.Evidence `json:"why,omitempty"`

	Authentication *threads.Authentication `json:"authentication,omitempty"`

	Attachments []BundledFile   `json:"attachments,omitempty"`
	Items       []BundledItem   `json:"items,omitempty"`
	Report      []BundledRecord `json:"report,omitempty"` // of the report that it is: approval, letters, every step of their delivery
}

// Reading is what the page shows of what was read from a mail: whom it was to,
// and its text. It has fields as JSON in front, then what is new in it, then all
// of it, with a NUL between.
func (b *BundledMail) Reading() (r struct {
	To   []threads.Address `json:"to"`
	Text string            `json:"-"`
}) {
	fields, texts, _ := strings.Cut(b.Read, "\x00")
	_, r.Text, _ = strings.Cut(texts, "\x00")
	_ = json.Unmarshal([]byte(fields), &r) // nobody is named then
	return r
}

// BundledFile is an attachment as a file of its own, as it is read out of the mail.
type BundledFile struct {
	Part string `json:"part"` // IMAP part number
	Name string `json:"name"` // as the mail calls it, safe to show
	Type string `json:"type"`
	File string `json:"file"`
}

// BundledItem is an item as it is, with everything that it was and every answer.
// One that is no more is nil, and has its history.
type BundledItem struct {
	Item    *threads.Item    `json:"item,omitempty"`
	History []BundledReading `json:"history"`
	Answers []BundledAnswer  `json:"answers,omitempty"`
}

// BundledReading is a line of the log about an item, and the item as the line
// commits to it: nil where the line says that it is gone, or where nobody has
// kept what was corrected and taken back.
type BundledReading struct {
	BundledRecord
	Item *threads.Item `json:"item,omitempty"`
}

// BundledAnswer is one of the answers to an item.
type BundledAnswer struct {
	BundledRecord
	Answer *threads.Answer `json:"answer"`
}

// Uncovered is what has happened to the mail of a bundle in a line of the log
// that its checkpoint does not cover yet: there is no proof of it, so the bundle
// only says that there is something.
type Uncovered struct {
	Type    threads.EntryType `json:"type"`
	Subject string            `json:"subject"`
	Label   string            `json:"label,omitempty"` // of an item, as people call it
	At      time.Time         `json:"at"`
	Line    int64             `json:"line"` // from 0
}

// value is what the log commits to about a mail, as far as bundles check it.
// Since form 2 it has in it why the mail was filed, and what was found out about
// its sender.
type value struct {
	V         int               `json:"v"`
	SHA256    string            `json:"sha256"`
	Direction threads.Direction `json:"direction"`
	Class     threads.Class     `json:"class"`
	Sent      int64             `json:"sent"`
	Received  int64             `json:"received"`
	Fields    string            `json:"fields"` // a digest

	Why            []threads.Evidence      `json:"why"`
	Authentication *threads.Authentication `json:"authentication"`
}

func readValue(text string) (v value, err error) {
	return v, json.Unmarshal([]byte(text), &v)
}

// erasedValue is what the line of a tombstone commits to.
func erasedValue(e *threads.Erasure) []byte { return []byte(threads.Digest(e.By, e.Reason)) }
