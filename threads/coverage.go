package threads

import "time"

// Coverage is the account of one mailbox under one UIDVALIDITY. Each UID from
// First, where reading began, to Last, the cursor, is one of three: filed; owed;
// or vanished, that is without a mail, since somebody deleted it before it was
// read or the server never used the UID.
type Coverage struct {
	First    uint32    `json:"first_uid"`
	Last     uint32    `json:"last_uid"`
	Filed    int       `json:"filed"` // in the archive
	Tray     int       `json:"tray"`  // of those, in the tray
	Vanished int       `json:"vanished"`
	Owed     []Owed    `json:"owed"`
	Latest   time.Time `json:"latest,omitzero"` // when the last of the filed ones was filed
	Signed   time.Time `json:"signed,omitzero"` // when it was last compared with the server and put into the log
}

// Why is the kind of reason for which an owed mail is not filed.
type Why string

// The reasons.
const (
	WhyTooLarge   Why = "too-large"  // over the limit of the configuration
	WhyUnreadable Why = "unreadable" // the server does not give it whole
	WhyUnfiled    Why = "unfiled"    // it was read, and the archive does not take it
)

// Owed is a mail that lies on the server and could not be filed yet. It is
// tried again until it is filed or gone from there.
type Owed struct {
	UID     uint32    `json:"uid"`
	Size    int64     `json:"size,omitempty"` // bytes, as the server says; 0 if unknown
	Why     Why       `json:"why"`
	Words   string    `json:"words"`             // the reason in words
	From    Address   `json:"from,omitzero"`     // if its header could be read
	Subject string    `json:"subject,omitempty"` // likewise
	Since   time.Time `json:"since,omitzero"`    // when it was first noted
}

// OwedPrefix and CoveragePrefix begin the ids under which the log has an owed
// mail and a mailbox's account.
const (
	OwedPrefix     = 'o'
	CoveragePrefix = 'v'
)
