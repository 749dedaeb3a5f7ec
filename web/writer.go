package web

import (
	"context"

	"rapport/threads"
)

// Writer is what the forms change; by is the login of who decides. Without a
// Writer the pages have no forms, and only read.
type Writer interface {
	// Correct changes what the items of one mail are.
	Correct(ctx context.Context, c threads.Correction) (threads.Change, error)
	// AnswerItem keeps our word on an item for the next report.
	AnswerItem(ctx context.Context, a threads.Answer) (threads.Item, error)
	Sorter
	// SendAgain sends a report to somebody else at the client.
	SendAgain(ctx context.Context, by, report string, to threads.Address) error
	// Release lets what is held of a report go, in the client's hours. It is
	// ErrConflict if nothing is: the page was behind.
	Release(ctx context.Context, by, report string) error
	// Withdraw takes a report back of which nothing has gone out.
	Withdraw(ctx context.Context, by, report string) error
	// Undo takes a change back.
	Undo(ctx context.Context, change, by string) (threads.Change, error)
}

// Sorter decides about mail in the tray.
type Sorter interface {
	FileMail(ctx context.Context, by, mail, project string, passOn bool) (threads.Change, error)
	AddContact(ctx context.Context, by, mail, project string) (threads.Change, error)
	NotOurs(ctx context.Context, by, mail string) (threads.Change, error)
	ReadAgain(ctx context.Context, by, mail string) (threads.Change, error)
	// Split gives a mail with which a thread turns to something else, and what
	// was written about that since, a thread of its own.
	Split(ctx context.Context, by, mail string) (threads.Change, error)
}
