package ingest

import (
	"context"
	"time"

	"rapport/threads"
)

// Archive is what the pipeline asks the archive, and where it files.
type Archive interface {
	HasRaw(ctx context.Context, sha string) (message string, ok bool, err error)
	Raw(ctx context.Context, message string) ([]byte, error)
	KnownIDs(ctx context.Context, messageIDs []string) ([]threads.Known, error)
	SentLetters(ctx context.Context, project string, messageIDs []string, limit int) ([]threads.SentLetter, error)
	EarlierFrom(ctx context.Context, project, address string, limit int) ([]threads.Message, error)
	DeliveriesOf(ctx context.Context, messageID string) ([]threads.Delivery, error)
	LetterRaw(ctx context.Context, id string) (threads.Letter, error)
	// NoticeOf finds what was sent by itself under one of these Message-IDs.
	NoticeOf(ctx context.Context, messageIDs []string) (id string, to threads.Address, err error)
	Ready(threads.Filing) threads.Filing
	File(ctx context.Context, cursor *threads.Cursor, filings []threads.Filing) ([]threads.Filed, error)
}

// Cursors hands out mailboxes: each is read by one process at a time. It keeps
// their accounts.
type Cursors interface {
	Claim(ctx context.Context, mailbox, owner string, until time.Time) (threads.Cursor, error)
	Unclaim(ctx context.Context, cursor threads.Cursor) error
	// FiledUIDs are the UIDs under which the archive has mail, in their order.
	FiledUIDs(ctx context.Context, mailbox string, uidvalidity uint32) ([]uint32, error)
	Owed(ctx context.Context, mailbox string, uidvalidity uint32) ([]threads.Owed, error)
	// SignCoverage puts the account into the log.
	SignCoverage(ctx context.Context, cursor threads.Cursor) (threads.Coverage, error)
}
