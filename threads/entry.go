package threads

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// EntryType names what a log entry records.
type EntryType string

// The types of log entry.
const (
	EntryMailIn          EntryType = "mail.in"
	EntryMailOut         EntryType = "mail.out"
	EntryMailTray        EntryType = "mail.tray"
	EntryThreadMerged    EntryType = "thread.merged"
	EntryReportApproved  EntryType = "report.approved"
	EntryReportReleased  EntryType = "report.released"
	EntryReportCancelled EntryType = "report.cancelled"
	EntryLetter          EntryType = "letter.approved"
	EntryDelivery        EntryType = "letter.delivery"
	EntryItem            EntryType = "item.found"
	EntryAnswer          EntryType = "item.answered"
	EntryRefiled         EntryType = "mail.refiled"   // read or filed otherwise; what it says now
	EntryItemGone        EntryType = "item.gone"      // no longer found in its mail
	EntryItemCorrected   EntryType = "item.corrected" // read otherwise by a manager; what it is now
	EntryChange          EntryType = "change.made"
	EntryUndo            EntryType = "change.undone"
	EntryKeyChanged      EntryType = "key.changed"      // Subject and Ref are public keys, the old and the new one
	EntryLogRecovered    EntryType = "log.recovered"    // likewise; State is size and root of the checkpoint that is lost
	EntryOwed            EntryType = "mail.owed"        // on the server and not filed; why
	EntrySettled         EntryType = "mail.settled"     // owed no more; what became of it
	EntryCoverage        EntryType = "mailbox.coverage" // the account of a mailbox
	EntryNotice          EntryType = "notice.made"      // mail that is sent by itself; State is the brake that holds it
	EntryNoticeDelivery  EntryType = "notice.delivery"
	EntryErased          EntryType = "mail.erased" // State is the cause
	EntryHold            EntryType = "hold.set"
	EntryHoldLifted      EntryType = "hold.lifted"
)

// The types of entry of the access log.
const (
	EntrySignedIn  EntryType = "access.signed-in"
	EntrySignedOut EntryType = "access.signed-out"
	EntryDenied    EntryType = "access.denied"
	EntryLink      EntryType = "access.link"     // a link for signing in was mailed
	EntryPassword  EntryType = "access.password" // a password was set
	EntryDisabled  EntryType = "access.disabled" // an account was shut
	EntryRead      EntryType = "access.read"     // a page with a client's words was asked for
	EntrySearched  EntryType = "access.searched"
	EntryExported  EntryType = "access.exported" // bytes were taken along
	EntryMissed    EntryType = "access.missed"   // what was asked for is not there for the person
)

// Entry is one line of the log. It carries no address, name or subject: what
// must be provable about content is in Commit, a salted hash whose salt is kept
// beside the content and is deleted with it.
type Entry struct {
	At      time.Time // UTC, milliseconds
	Type    EntryType
	Project string // key, "" if none
	Subject string // id of what it is about
	Ref     string // id of a second thing: the thread of a message, the report of a letter
	Commit  string // hex, see Commit
	State   string // a delivery's state, an answer's word, an account's figures
}

// EntryTime is how an entry's line has its time, in UTC. All have one length,
// so their order as text is their order in time.
const EntryTime = "2006-01-02T15:04:05.000Z"

// Line is the canonical form of the entry, which the Merkle tree hashes: one
// JSON object with its keys in this order and without a line end.
func (e *Entry) Line() []byte {
	line, err := json.Marshal(struct {
		V       int    `json:"v"`
		At      string `json:"at"`
		Type    string `json:"type"`
		Project string `json:"project,omitempty"`
		Subject string `json:"subject,omitempty"`
		Ref     string `json:"ref,omitempty"`
		Commit  string `json:"commit,omitempty"`
		State   string `json:"state,omitempty"`
	}{1, e.At.UTC().Format(EntryTime), string(e.Type), e.Project, e.Subject, e.Ref, e.Commit, e.State})
	if err != nil {
		panic(fmt.Sprintf("threads: log entry of strings does not marshal: %v", err)) // cannot happen
	}
	return line
}

// Digest is hex SHA-256 over several texts, none of which can run into the next:
// each comes after its length in bytes and a colon.
func Digest(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:", len(t))
		h.Write([]byte(t))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Commit is hex SHA-256(salt ‖ value). Without the salt nobody can test a
// guess of the value, so deleting the salt erases the value from the log too.
func Commit(salt, value []byte) string {
	h := sha256.New()
	h.Write(salt)
	h.Write(value)
	return hex.EncodeToString(h.Sum(nil))
}
