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

func (s step) inArchive(url string) func(ingest.Archive) ingest.Archive {
	return func(a ingest.Archive) ingest.Archive { return &deadlyArchive{a, s, url} }
}

type deadlyArchive struct {
	ingest.Archive
	step step
	url  string
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
		go dieInside(a.url)
	case "writing":
		go dieWriting(a.url)
	}
	filed, err := a.Archive.File(ctx, cursor, filings)
	if a.step.Archive == "after" {
		die()
	}
	return filed, err
}

// dieInside dies when the transaction is stalled, or, with SQLite, somewhere
// between its beginning and that.
func dieInside(url string) {
	if strings.HasPrefix(url, "postgres") {
		for !answers(url, `select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`) {
		}
		die()
	}
	db, err := sql.Open("sqlite3", "file:"+strings.TrimPrefix(url, "sqlite:")+"?_txlock=immediate&_busy_timeout=0")
	for err == nil {
		var t *sql.Tx
		if t, err = db.Begin(); err == nil {
			err = t.Rollback() // nobody writes yet
		}
	}
	die()
}

func answers(url, question string) (yes bool) {
	db, err := sql.Open("pgx", url)
	if err == nil {
		err = db.QueryRow(question).Scan(&yes)
		db.Close()
	}
	if err != nil {
		panic(err)
	}
	return yes
}

// equal counts, past the store, what one transaction writes of a mail: its row,
// its line in the log, its words in the index, its place on the server. However
// a process died, there are as many of each.
func (h *house) equal(when string) {
	h.t.Helper()
	driver, source, indexed := "sqlite3", "file:"+strings.TrimPrefix(h.url, "sqlite:"), "count(*) from search_docsize"
	if strings.HasPrefix(h.url, "postgres") {
		driver, source, indexed = "pgx", h.url, "count(distinct ord) from search"
	}
	db, err := sql.Open(driver, source)
	h.must(err)
	defer db.Close()
	var mails, lines, words, places int
	h.must(db.QueryRow(`select (select count(*) from message), (select count(*) from log_leaf where line like '%"type":"mail.in"%' or line like '%"type":"mail.tray"%'),
		(select `+indexed+`), (select count(*) from mail_position)`).Scan(&mails, &lines, &words, &places))
	if mails != lines || mails != words || mails != places {
		h.t.Fatalf("%s: %d mails, %d lines of the log about them, %d in the index, %d on the server", when, mails, lines, words, places)
	}
}

// stall makes each transaction stop before it writes its end of the log, until
// goOn is called: SQLite counts for hours, PostgreSQL waits for a lock.
func (h *house) stall() (goOn func()) {
	h.t.Helper()
	if !strings.HasPrefix(h.url, "postgres") {
		h.sql(`create trigger stall before update on log_head begin
			select count(*) from (with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000000000) select i from n);
			end`)
		return func() { h.sql(`drop trigger stall`) }
	}
	h.sql(`create function stall() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(1); return new; end'`)
	h.sql(`create trigger stall before update on log_head for each row execute function stall()`)
	db, err := sql.Open("pgx", h.url)
	h.must(err)
	held, err := db.Conn(context.Background())
	h.must(err)
	_, err = held.ExecContext(context.Background(), `select pg_advisory_lock(1)`)
	h.must(err)
	return func() {
		h.must(held.Close())
		h.must(db.Close()) // and with it the lock
		h.sql(`drop trigger stall on log_head`)
		h.sql(`drop function stall`)
	}
}

// dieWriting dies when the commit has begun to write.
func dieWriting(url string) {
	size := func() int64 {
		info, err := os.Stat(strings.TrimPrefix(url, "sqlite:") + "-wal")
		if err != nil {
			return 0
		}
		return info.Size()
	}
	for before := size(); size() <= before; {
	}
	die()
}
