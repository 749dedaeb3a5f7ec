package ingest

import (
	"context"
	"errors"
	"time"
)

// Mailbox is one folder on a mail server, as a Poller reads it. ingest/imap is
// the one that talks to servers.
type Mailbox interface {
	// Open connects, logs in and opens the folder. Where write is false the
	// folder is opened so that nothing in it can be changed.
	Open(ctx context.Context, write bool) (Session, error)
}

// Session is an open folder. Its methods are called one at a time. Each has its
// own deadlines beside the context's. After an error that is not ErrRefused,
// ErrCannotWait or ErrCrowded the session is only good for Close.
type Session interface {
	Folder() Folder
	// UIDs are the UIDs above after, in ascending order, of mails that the
	// server got on or after since; a zero since means all.
	UIDs(ctx context.Context, after uint32, since time.Time) ([]uint32, error)
	// Unseen and Undeleted are the UIDs of the mails without \Seen and \Deleted,
	// in ascending order. They are for the folder policy only.
	Unseen(ctx context.Context) ([]uint32, error)
	Undeleted(ctx context.Context) ([]uint32, error)
	// Sizes are the sizes in bytes of mails that are still there.
	Sizes(ctx context.Context, uids []uint32) (map[uint32]int64, error)
	// Fetch reads mails without a change to their flags. It is an error if
	// together they have more than most bytes. Mails that the server does not give, because they
	// are gone or because it answers in a way that hides them, are left out; an
	// empty one comes with no bytes. On an error nothing counts as fetched.
	Fetch(ctx context.Context, uids []uint32, most int64) ([]Fetched, error)
	// Piece reads at most n bytes of a mail, beginning at from; fewer come only
	// where the mail ends, and none if the server does not give it.
	Piece(ctx context.Context, uid uint32, from, n int64) ([]byte, error)
	// Wait waits until the server tells of new mail, at most as long as the
	// connection may be left alone. It is ErrCannotWait where the server does
	// not tell by itself, and ErrCrowded when others need the connection.
	Wait(ctx context.Context) (news bool, err error)
	// Ping proves that the connection lives.
	Ping(ctx context.Context) error
	// MarkSeen and Move are what may be done to mails that are safely filed. Where
	// an earlier move of them may have begun, what lies in the folder already is
	// not put there once more.
	MarkSeen(ctx context.Context, uids []uint32) error
	Move(ctx context.Context, uids []uint32, folder string, begun bool) error
	Close() error
}

// Folder is what a server says about a folder when it is opened.
type Folder struct {
	UIDValidity uint32
	UIDNext     uint32 // 0 if the server does not say
	Messages    uint32
}

// Fetched is one mail from a server.
type Fetched struct {
	UID          uint32
	InternalDate time.Time
	Raw          []byte
}

var (
	// ErrCannotWait: the server does not tell of new mail by itself.
	ErrCannotWait = errors.New("the server has no IDLE")
	// ErrCrowded: another mailbox waits for a connection to the same server.
	ErrCrowded = errors.New("another mailbox waits for a connection to this server")
	// ErrRefused: the server understood, and says no. The connection lives.
	ErrRefused = errors.New("the server says no")
	// ErrLogin: the server refuses the login. It is tried again more slowly, so
	// that the account is not locked.
	ErrLogin = errors.New("the server refuses the login")
)
