package web

import (
	"context"
	"time"

	"rapport/threads"
)

// Archive is what the pages read. It has no method that writes.
type Archive interface {
	Threads
	Messages
	Items
	Reports
	Searcher
	Mailboxes
	Log
	Past
}

// Past tells how things came about.
type Past interface {
	// ChangeOf returns one change.
	ChangeOf(ctx context.Context, id string) (threads.Change, error)
	// ChangesOf returns what was decided by hand about any of these mails, the first in front.
	ChangesOf(ctx context.Context, messages []string) ([]threads.Change, error)
	// Holds returns what keeps mail from being erased, what was lifted too, the first in front.
	Holds(ctx context.Context) ([]threads.Hold, error)
	// History tells how the message with that id came to where it is filed.
	History(ctx context.Context, id string) (threads.History, error)
	// Accesses returns who came in and who looked at what, the latest first.
	Accesses(ctx context.Context, q threads.AccessQuery) ([]threads.Access, error)
}

// Threads finds conversations.
type Threads interface {
	// Threads returns threads of a project, the latest first.
	Threads(ctx context.Context, q threads.ThreadQuery) ([]threads.Thread, error)
	// Thread returns a thread and its messages, oldest first, by its id or a unique beginning of it.
	Thread(ctx context.Context, id string) (threads.Thread, []threads.Message, error)
}

// Messages finds single mails.
type Messages interface {
	// Message returns one message by its id, a unique beginning of it, or its Message-ID.
	Message(ctx context.Context, id string) (threads.Message, error)
	// Raw returns the exact bytes of the message with that id.
	Raw(ctx context.Context, id string) ([]byte, error)
	// EarlierFrom returns mail of one sender in a project, the latest first.
	EarlierFrom(ctx context.Context, project, address string, limit int) ([]threads.Message, error)
	// Tray returns mail that is not filed, the latest first.
	Tray(ctx context.Context, limit int) ([]threads.Message, error)
	// InTray counts the mail in the tray, and says since when the oldest waits.
	InTray(ctx context.Context) (int, time.Time, error)
}

// Items finds what clients said.
type Items interface {
	Items(ctx context.Context, q threads.ItemQuery) ([]threads.Item, error)
	// Waiting counts what a project's client waits for on a civil day.
	Waiting(ctx context.Context, project, day string) (threads.Waiting, error)
	Item(ctx context.Context, project string, number int) (threads.Item, error)
	// ItemHistory tells what became of the item with that id.
	ItemHistory(ctx context.Context, id string) (threads.ItemHistory, error)
}

// Reports finds what we sent.
type Reports interface {
	Report(ctx context.Context, id string) (threads.Report, error)
	Reports(ctx context.Context, project string, limit int) ([]threads.Report, error)
	LetterRaw(ctx context.Context, id string) (threads.Letter, error)
	// Ratings returns how satisfied the clients of a project said to be, the latest first.
	Ratings(ctx context.Context, project string, limit int) ([]threads.Rating, error)
}

// Searcher finds mail by its words, the latest first.
type Searcher interface {
	Search(ctx context.Context, q threads.SearchQuery) ([]threads.Hit, error)
	Found(ctx context.Context, q threads.SearchQuery) (n int, more bool, err error) // how many there are, as far as they are counted
}

// Mailboxes tells how far each mailbox was read.
type Mailboxes interface {
	Mailboxes(ctx context.Context) ([]threads.Cursor, error)
	// Coverage is the account of a mailbox: what became of its mails.
	Coverage(ctx context.Context, mailbox string) (threads.Coverage, error)
	// Notices returns the automatic mail made since then, the latest first.
	Notices(ctx context.Context, since time.Time, limit int) ([]threads.Notice, error)
}

// Log reads the tamper-evident list of everything that happened.
type Log interface {
	Log(ctx context.Context, from int64, limit int) ([]threads.LogRow, error)
	// LogBefore returns lines before the one at index before, the latest first.
	LogBefore(ctx context.Context, before int64, limit int) ([]threads.LogRow, error)
	// LogAt returns the index of the first line that was written at that time or later.
	LogAt(ctx context.Context, at time.Time) (int64, error)
	LogHead(ctx context.Context) (size int64, root []byte, err error)
	Tree
}

// Tree is what of a log is for everybody: hashes, and what was signed.
type Tree interface {
	// LogTile returns the hashes of a tile of height 8, as many as it has by now.
	LogTile(ctx context.Context, level int, n int64) ([]byte, error)
	LatestCheckpoint(ctx context.Context) ([]byte, error) // nil if nothing was signed
}
