package storetest

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the suite's own look into the database
	_ "github.com/mattn/go-sqlite3"

	"rapport/store"
	"rapport/threads"
)

// house is an empty archive with a clock that the test moves.
type house struct {
	t     *testing.T
	store *store.Store
	url   string
	clock *clock
	mails int
}

// clock is a time that moves only when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newHouse(t *testing.T, fresh Fresh) *house {
	h := &house{t: t, url: fresh(t), clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	h.store = h.open()
	t.Cleanup(h.itemsHold)
	return h
}

// itemsHold checks, whatever a test has done, what verifying an archive relies
// on: an item is in the thread of its mail, its latest answer that no cancelled
// report has told counts, and its state follows from that and from its kind.
func (h *house) itemsHold() {
	h.t.Helper()
	wrong, err := h.direct().Query(`select i.id, i.state, i.thread, m.thread, i.answer, (select coalesce(max(a.n), 0) from answer a left join report r on r.id = a.report
		where a.item = i.id and coalesce(r.cancelled_at, 0) = 0) as counts from item i join message m on m.id = i.message`)
	h.must(err)
	defer wrong.Close()
	for wrong.Next() {
		var id, state, thread, ofMail string
		var answer, counts int
		h.must(wrong.Scan(&id, &state, &thread, &ofMail, &answer, &counts))
		if thread != ofMail || answer != counts || (state == string(threads.Answered)) != (answer > 0) {
			h.t.Errorf("item %s is %s in thread %s, its mail in %s; answer %d counts, and should %d", id, state, thread, ofMail, answer, counts)
		}
	}
	h.must(wrong.Err())
}

// open opens the archive once more, as another process would.
func (h *house) open() *store.Store {
	h.t.Helper()
	s, err := store.Open(background, store.Config{URL: h.url, Now: h.clock.Now, Subject: plainSubject})
	h.must(err)
	h.t.Cleanup(func() { s.Close() })
	return s
}

func plainSubject(s string) string { return strings.TrimPrefix(s, "Re: ") }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// wants fails unless err is the sentinel.
func (h *house) wants(err, sentinel error) {
	h.t.Helper()
	if !errors.Is(err, sentinel) {
		h.t.Errorf("error %v, want %v", err, sentinel)
	}
}

// direct is a connection that knows nothing of the store's rules.
func (h *house) direct() *sql.DB {
	h.t.Helper()
	driver, source := "sqlite3", "file:"+(&url.URL{Path: strings.TrimPrefix(h.url, "sqlite:")}).EscapedPath()
	if strings.HasPrefix(h.url, "postgres") {
		driver, source = "pgx", h.url
	}
	db, err := sql.Open(driver, source)
	h.must(err)
	h.t.Cleanup(func() { db.Close() })
	return db
}

// same compares two values by their printed form, which is what people compare.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// edit changes a mail before it is filed.
type edit func(*threads.Filing)

// mail is a client's mail to ACME with a Message-ID.
func (h *house) mail(id string, edits ...edit) threads.Filing {
	h.mails++
	at := h.clock.Now().Add(time.Duration(h.mails) * time.Minute)
	f := threads.Filing{Message: threads.Message{
		Project: "ACME", Direction: threads.In, MessageID: id, Subject: "Website",
		From: threads.Address{Name: "Anna Weber", Address: "anna@acme.example"},
		To:   []threads.Address{{Name: "Rapport", Address: "post@us.example"}},
		Date: at.In(time.FixedZone("", 8*3600)), Received: at, Class: threads.ClassPerson,
		Text: "Hello, this is mail " + id, NewText: "Hello, this is mail " + id,
	}}
	for _, e := range edits {
		e(&f)
	}
	if f.Raw == nil {
		f.Raw = []byte("Message-ID: <" + id + ">\r\nSubject: " + f.Message.Subject + "\r\n\r\n" + f.Message.Text + "\r\n")
	}
	if f.Message.RawSHA == "" {
		f.Message.RawSHA = shaOf(f.Raw)
	}
	return f
}

func shaOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// refers makes a mail a reply: References, and In-Reply-To with the last of them.
func refers(ids ...string) edit {
	return func(f *threads.Filing) {
		f.Message.References = ids
		f.Message.InReplyTo = ids[len(ids)-1:]
	}
}

func project(key string) edit { return func(f *threads.Filing) { f.Message.Project = key } }

func subject(s string) edit { return func(f *threads.Filing) { f.Message.Subject = s } }

func text(s string) edit {
	return func(f *threads.Filing) { f.Message.Text, f.Message.NewText = s, s }
}

func class(c threads.Class) edit { return func(f *threads.Filing) { f.Message.Class = c } }

func at(mailbox string, uid uint32) edit {
	return func(f *threads.Filing) {
		f.Position = &threads.Position{Mailbox: mailbox, UIDValidity: 7, UID: uid}
	}
}

func says(items ...threads.Item) edit { return func(f *threads.Filing) { f.Items = items } }

func tells(o threads.Outcome) edit { return func(f *threads.Filing) { f.Outcome = &o } }
