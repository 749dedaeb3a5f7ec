package imap_test

import (
	"context"
	"database/sql"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"rapport/ingest"
	"rapport/threads"
)

// step is a moment on a mail's way at which a child process is killed: when it
// is about to send a command, when the answer to one begins to arrive, or in
// the archive.
type step struct {
	Name    string
	Sending string // words of a command
	Answer  string // words of a command
	Archive string // "reading", "before", "inside", "writing" or "after" the transaction
}

// die is SIGKILL: nothing is tidied up.
func die() {
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

func (s step) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	return &deadlyConn{Conn: c, step: s}, err
}

// deadlyConn sees the commands of go-imap, which writes each at once.
type deadlyConn struct {
	net.Conn
	step step
	sent atomic.Bool
}

func (c *deadlyConn) Write(b []byte) (int, error) {
	if c.step.Sending != "" && strings.Contains(string(b), c.step.Sending) {
		die()
	}
	if c.step.Answer != "" && strings.Contains(string(b), c.step.Answer) {
		c.sent.Store(true)
	}
	return c.Conn.Write(b)
}

func (c *deadlyConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.sent.Load() {
		die()
	}
	return n, err
}

func (s step) inArchive(database string) func(ingest.Archive) ingest.Archive {
	return func(a ingest.Archive) ingest.Archive { return &deadlyArchive{a, s, database} }
}

type deadlyArchive struct {
	ingest.Archive
	step     step
	database string
}

// HasRaw is the first question about a mail that has arrived.
func (a *deadlyArchive) HasRaw(ctx context.Context, sha string) (string, bool, error) {
	if a.step.Archive == "reading" {
		die()
	}
	return a.Archive.HasRaw(ctx, sha)
}

func (a *deadlyArchive) File(ctx context.Context, cursor *threads.Cursor, filings []threads.Filing) ([]threads.Filed, error) {
	if len(filings) == 0 {
		return a.Archive.File(ctx, cursor, filings)
	}
	switch a.step.Archive {
	case "before":
		die()
	case "inside":
		go dieInside(a.database)
	case "writing":
		go dieWriting(a.database)
	}
	filed, err := a.Archive.File(ctx, cursor, filings)
	if a.step.Archive == "after" {
		die()
	}
	return filed, err
}

// dieInside dies when somebody holds the write lock of the database, which
// stallLog makes last.
func dieInside(database string) {
	db, err := sql.Open("sqlite3", "file:"+database+"?_txlock=immediate&_busy_timeout=0")
	for err == nil {
		var t *sql.Tx
		if t, err = db.Begin(); err == nil {
			err = t.Rollback()
		}
	}
	die()
}

// stallLog makes a transaction stop before it writes its end of the log, for
// hours; goOn takes that back.
const stallLog = `create trigger stall before update on log_head begin
	select count(*) from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000000) select i from n);
	end`

const goOn = `drop trigger stall`

// dieWriting dies when the commit has begun to write.
func dieWriting(database string) {
	size := func() int64 {
		info, err := os.Stat(database + "-wal")
		if err != nil {
			return 0
		}
		return info.Size()
	}
	for before := size(); size() <= before; {
	}
	die()
}
