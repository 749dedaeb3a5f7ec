package archive_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
)

var background = context.Background()

// world is an archive in which everything has happened once.
type world struct {
	t     testing.TB
	store *store.Store
	path  string
	clock clock
	key   *archive.Key

	witnesses []archive.Observer
}

// clock goes on by a second whenever it is looked at.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Second)
	return c.now
}

func newWorld(t testing.TB) *world {
	return newWorldAt(t, filepath.Join(t.TempDir(), "rapport.db"))
}

func newWorldAt(t testing.TB, url string) *world {
	w := &world{t: t, path: url, clock: clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	var err error
	w.store, err = store.Open(background, store.Config{URL: w.path, Now: w.clock.Now})
	w.must(err)
	t.Cleanup(func() { w.store.Close() })
	w.key, err = archive.NewKey("test.example/log", rand.Reader)
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) mail(id, project, text string, refs ...string) threads.Filing {
	at := w.clock.Now().Add(time.Duration(len(id)) * time.Minute)
	f := threads.Filing{Source: "test", Message: threads.Message{
		Project: project, Direction: threads.In, MessageID: id, Subject: "About " + id, References: refs,
		From: threads.Address{Name: "Anna Weber", Address: "anna@acme.example"},
		Date: at.In(time.FixedZone("", 8*3600)), Received: at, Class: threads.ClassPerson, Text: text, NewText: text,
	}}
	f.Raw = []byte("Message-ID: <" + id + ">\r\nSubject: About " + id + "\r\n\r\n" + text + "\r\n")
	if project != "" {
		f.Items = []threads.Item{{Kind: threads.Request, Facet: threads.Technical, Text: text, Start: 0, End: len(text), Sure: true}}
	}
	return f
}

func (w *world) file(filings ...threads.Filing) []threads.Filed {
	w.t.Helper()
	filed, err := w.store.File(background, nil, filings)
	w.must(err)
	return filed
}

// fill does what an agency does.
func (w *world) fill() *world {
	w.file(w.mail("a@x", "ACME", "Please make the logo bigger"), w.mail("b@x", "ACME", "Please send the invoice again", "a@x"),
		w.mail("c@x", "TEA", "Please call me"), w.mail("t@x", "", "Hello from nowhere"))
	w.file(w.mail("d@x", "ACME", "Something else", "unseen@x"), w.mail("joins@x", "ACME", "Both", "unseen@x", "a@x")) // merges threads
	item, err := w.store.Item(background, "ACME", 1)
	w.must(err)
	f := w.mail("r1@us", "ACME", "What we did")
	f.Message.Direction, f.Items = threads.Out, nil
	a := threads.Approval{Filing: f, Report: threads.Report{Project: "ACME", Subject: "Weekly", Period: "2026-W48", Status: "green", Language: "en",
		MessageID: "r1@us", Draft: "# draft", Text: "What we did", ApprovedBy: "lin", Points: []threads.Point{{ID: "P1", Text: "We did it"}}},
		Answers: []threads.Answer{{Item: item.ID, Word: threads.Done, Reason: "It is bigger now", By: "lin"}},
		Letters: []threads.Letter{{Recipient: threads.Address{Name: "Anna", Address: "anna@acme.example"}, Raw: []byte("To: anna\r\n\r\nWhat we did\r\n")},
			{Recipient: threads.Address{Address: "bert@acme.example"}, Raw: []byte("To: bert\r\n\r\nWhat we did\r\n")}}}
	report, err := w.store.Approve(background, a)
	w.must(err)
	_, err = w.store.Release(background, report.ID, threads.Release{})
	w.must(err)
	d, _, err := w.store.Lease(background, "test", time.Minute)
	w.must(err)
	d.State, d.Words = threads.Taken, "250 taken"
	w.must(w.store.Settle(background, d))
	w.decide()
	w.poll()
	w.notify()
	return w
}

// notify sends a mail by itself.
func (w *world) notify() {
	w.t.Helper()
	n := threads.Notice{ID: threads.IDs{Now: w.clock.Now}.New(threads.NoticePrefix), Key: "receipt a@x", Kind: threads.NoticeReceipt, Project: "ACME",
		To: threads.Address{Address: "anna@acme.example"}, Subject: "Your mail has come", Raw: []byte("To: anna\r\n\r\nIt has come\r\n")}
	n.SHA = fmt.Sprintf("%x", sha256.Sum256(n.Raw))
	_, err := w.store.MakeNotice(background, n, threads.BrakeLimits{Total: 1}, 1)
	w.must(err)
	d, _, err := w.store.NoticeQueue().Lease(background, "test", time.Minute)
	w.must(err)
	d.State, d.Words = threads.Taken, "250 taken"
	w.must(w.store.NoticeQueue().Settle(background, d))
}

// poll reads a mailbox, in which one mail is too large.
func (w *world) poll() {
	w.t.Helper()
	c, err := w.store.Claim(background, "inbox", "test", w.clock.Now().Add(time.Hour))
	w.must(err)
	c.UIDValidity, c.First, c.LastUID = 7, 3, 6
	c.Owing = []threads.Owed{{UID: 4, Size: 60 << 20, Why: threads.WhyTooLarge, Words: "it has 60 MB"}, {UID: 5, Why: threads.WhyUnreadable, Words: "no bytes"}}
	place := func(id string, uid uint32) threads.Filing {
		f := w.mail(id, "ACME", "Here is the plan "+id)
		f.Position = &threads.Position{Mailbox: "inbox", UIDValidity: 7, UID: uid}
		return f
	}
	_, err = w.store.File(background, &c, []threads.Filing{place("p3@x", 3)})
	w.must(err)
	_, err = w.store.SignCoverage(background, c)
	w.must(err)
	c.Owing, c.Settled = nil, []uint32{5}
	_, err = w.store.File(background, &c, []threads.Filing{place("p5@x", 5)})
	w.must(err)
	_, err = w.store.SignCoverage(background, c)
	w.must(err)
}

// decide corrects and files by hand, and takes some of it back.
func (w *world) decide() {
	w.t.Helper()
	b, err := w.store.Message(background, "b@x")
	w.must(err)
	again := func(id, project string) threads.Change {
		m, err := w.store.Message(background, id)
		w.must(err)
		f := w.mail(id, project, m.NewText)
		f.Message.ID, f.Raw = m.ID, nil
		f.Message.Date = m.Date
		c, err := w.store.Change(background, threads.Change{Kind: threads.ChangeFile, Project: project, By: "lin"}, []threads.Filing{f})
		w.must(err)
		return c
	}
	again("t@x", "TEA")
	undone := again("c@x", "ACME")
	_, err = w.store.Undo(background, undone.ID, "lin")
	w.must(err)
	item, err := w.store.Item(background, "ACME", 2)
	w.must(err)
	for _, kind := range []threads.Kind{threads.Problem, threads.Question} {
		c, err := w.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: item.ID, Kind: kind, By: "lin"})
		w.must(err)
		if kind == threads.Question {
			_, err = w.store.Undo(background, c.ID, "lin")
			w.must(err)
		}
	}
	_, err = w.store.Correct(background, threads.Correction{Step: threads.CorrectSplit, Item: item.ID, Words: "the invoice", By: "lin"})
	w.must(err)
	_, err = w.store.AnswerItem(background, threads.Answer{Item: item.ID, Word: threads.Replied, Reason: "It was sent on Monday to " + b.From.Address, By: "lin"})
	w.must(err)
}

func (w *world) sign() []byte {
	w.t.Helper()
	n := &archive.Notary{Log: w.store, Key: w.key, Books: []archive.Notebook{w.store}}
	signed, err := n.Checkpoint(background)
	w.must(err)
	signed, err = n.Cosign(background, signed, w.witnesses)
	w.must(err)
	return signed
}

func (w *world) public() *archive.PublicKey {
	w.t.Helper()
	v, err := archive.ReadPublic(w.key.Public())
	w.must(err)
	return v
}

func (w *world) check(published ...[]byte) *archive.Result {
	w.t.Helper()
	var r *archive.Result
	err := w.store.Snapshot(background, func(s *store.Snapshot) (err error) {
		r, err = (&archive.Check{Key: w.public(), Published: published}).Run(background, s)
		return err
	})
	w.must(err)
	return r
}

// direct is a connection of somebody who may do everything with the file.
func (w *world) direct() *sql.DB {
	db, err := sql.Open("sqlite3", "file:"+w.path)
	w.must(err)
	w.t.Cleanup(func() { db.Close() })
	var triggers []string
	rows, err := db.Query("select name from sqlite_master where type = 'trigger'")
	w.must(err)
	for rows.Next() {
		var name string
		w.must(rows.Scan(&name))
		triggers = append(triggers, name)
	}
	w.must(rows.Close())
	for _, name := range triggers {
		_, err := db.Exec("drop trigger " + name)
		w.must(err)
	}
	return db
}

func TestAWholeArchiveIsWhole(t *testing.T) {
	w := newWorld(t)
	if r := w.check(); r.Total != 0 || r.Size != 0 {
		t.Errorf("an empty archive: %+v", r)
	}
	w.fill()
	signed := w.sign()
	w.file(w.mail("later@x", "ACME", "And one more thing"))
	r := w.check(signed)
	for _, f := range r.Findings {
		t.Errorf("%s: %s", f.Place, f.Words)
	}
	if r.Rows["mail.in"] != 10 || r.Rows["item.answered"] != 2 || r.Rows["letter.approved"] != 2 || r.Raws != 12 || r.Rows["mail.owed"] != 1 || r.Rows["mailbox.coverage"] != 2 || r.Checkpoints != 2 {
		t.Errorf("checked: %+v", r)
	}
}

func TestEveryTamperingIsFoundByName(t *testing.T) {
	const mailA = "(select id from message where message_id = 'a@x')"
	for _, c := range []struct{ name, sql, place, words string }{
		{"a changed byte in a raw mail", "update raw set body = substr(body, 1, 20) || x'07' || substr(body, 22) where sha = (select sha from message where message_id = 'a@x')",
			"raw mail ", "is damaged"},
		{"a removed mail", "delete from item where message = " + mailA + "; delete from message where message_id = 'a@x'", "message ", "it was removed"},
		{"a removed raw mail", "delete from raw where sha = (select sha from message where message_id = 'a@x')", "raw mail ", "it was removed"},
		{"a re-dated mail", "update message set sent_at = sent_at - 86400000 where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail received at another time", "update message set ord = ord - (86400000 << 15), received = received - 86400000 where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail sorted elsewhere", "update message set ord = ord - (86400000 << 15) where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail filed at another time", "update message set filed_at = filed_at - 1000 where message_id = 'a@x'", "message ", "filed at another time"},
		{"another sender", "update message set from_address = 'eve@acme.example' where message_id = 'a@x'", "message ", "it was changed"},
		{"another project", "update message set project = 'TEA' where message_id = 'a@x'", "message ", `in the project "TEA"`},
		{"another thread", "update message set thread = 't0' where message_id = 'a@x'", "message ", `belongs to "t0"`},
		{"a swapped pair of raw mails", "create table x as select sha, body, size from raw where sha in (select sha from message where message_id in ('a@x', 'b@x'));" +
			"update raw set (body, size) = (select x.body, x.size from x where x.sha <> raw.sha) where sha in (select sha from x)", "raw mail ", "another SHA-256"},
		{"a swapped pair of mails", "create table x as select message_id, sha, size from message where message_id in ('a@x', 'b@x');" +
			"update message set sha = 'tmp' where message_id = 'a@x';" +
			"update message set sha = (select sha from x where message_id = 'a@x'), size = (select size from x where message_id = 'a@x') where message_id = 'b@x';" +
			"update message set sha = (select sha from x where message_id = 'b@x'), size = (select size from x where message_id = 'b@x') where message_id = 'a@x'", "message ", "it was changed"},
		{"a better rating", "update message set rating = 5 where message_id = 'a@x'", "message ", "it was changed"},
		{"another form of evidence", "update message set evidence = 1 where message_id = 'a@x'", "message ", "it was changed"},
		{"another who may pass mail on", "update change set via = 'evil.example' where n = 1", "change ", "it was changed"},
		{"a changed answer", "update answer set reason = 'We never promised that' where n = 1", "answer to item ", "it was changed"},
		{"a removed answer", "update item set answer = 0; delete from answer", "answer to item ", "it was removed"},
		{"a changed item", "update item set words = 'Please make the logo smaller' where number = 1", "item ", "it was changed"},
		{"a removed item", "delete from item where number = 3", "item ", "it was removed"},
		{"an invented item", "insert into item select 'i9', project, 99, message, thread, kind, facet, words, first, past, urgent, due, about, report, point, sure, why, state, 0, said_at from item where number = 1 and project = 'ACME'", "item i9", "no line in the log"},
		{"a changed report", "update report set plain = 'What we did not'", "report ", "it was changed"},
		{"a report released at another time", "update report set released_at = released_at + 1", "release of report ", "its time"},
		{"a letter to somebody else", "update letter set address = 'eve@x' where n = 1", "letter ", "it was changed"},
		{"other words of a server", "update delivery_event set words = '550 no'", "delivery of letter ", "it was changed"},
		{"a changed decision", "update change set login = 'eve' where n = 1", "change ", "it was changed"},
		{"a decision undone by somebody else", "update change set undone_by = 'eve' where undone_at <> 0", "undoing of change ", "it was changed"},
		{"a decision never undone", "update change set undone_at = 0 where undone_at <> 0", "undoing of change ", "it was removed"},
		{"a changed log row", "update log_leaf set line = replace(line, 'ACME', 'TEA') where n = 1", "line 1 of the log", "not the line that was hashed"},
		{"a removed log row", "delete from log_leaf where n = 2", "line 2 of the log", "it was removed"},
		{"a removed last log row", "delete from log_leaf where n = (select max(n) from log_leaf)", "head of the log", "there are"},
		{"a changed tile", "update log_tile set data = x'00' || substr(data, 2)", "line 0 of the log", "not the line that was hashed"},
		{"a changed head", "update log_head set root = x'00' || substr(root, 2)", "head of the log", "not the root"},
		{"another signature", "update checkpoint set signed = replace(signed, 'test.example', 'evil.example')", "checkpoint", "signature"},
		{"an owed mail that nobody shall miss", "delete from owed", "owed mail o", "it was removed"},
		{"another reason for an owed mail", "update owed set words = 'it is empty'", "owed mail o", "it was changed"},
		{"another owed mail", "update owed set uid = 6", "owed mail o", "it was changed"},
		{"a settled mail that is owed again", "insert into owed select replace(substr(line, instr(line, '\"subject\":\"o') + 11, 17), '\"', ''), 'inbox', 7, 5, 0, 'unreadable', 'no bytes', '', '', '', 0, x'00' from log_leaf where line like '%mail.settled%'",
			"owed mail o", "that it is settled"},
		{"an account that says less", "update coverage set last_uid = 5 where n = 2", "account of a mailbox v", "it was changed"},
		{"an older account that says less", "update coverage set filed = '' where n = 1", "account of a mailbox v", "it was changed"},
		{"a removed account", "delete from coverage where n = 2", "account of a mailbox v", "it was removed"},
		{"an account that was signed at another time", "update coverage set signed_at = signed_at + 1 where n = 1", "account of a mailbox v", "its time is"},
		{"a mail that was never fetched", "delete from mail_position where uid = 3", "account of a mailbox v", "it was changed"},
		{"a mailbox that is read from later on", "update mailbox set first_uid = 4", "account of a mailbox v", "it was changed"},
		{"a notice to somebody else", "update notice set address = 'eve@x'", "notice n", "it was changed"},
		{"other bytes of a notice", "update notice set raw = (select body from raw limit 1)", "notice n", "it was changed"},
		{"a removed notice", "delete from notice_event; delete from notice_delivery; delete from notice", "notice n", "it was removed"},
		{"other words of a server about a notice", "update notice_event set words = '550 no'", "delivery of notice n", "it was changed"},
		{"raw mail of nobody", "insert into raw select 'ff', 1, body from raw limit 1", "raw mail ff", "is damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t).fill()
			w.sign()
			for _, statement := range strings.Split(c.sql, ";") {
				_, err := w.direct().Exec(statement)
				w.must(err)
			}
			r := w.check()
			for _, f := range r.Findings {
				if strings.HasPrefix(f.Place, c.place) && strings.Contains(f.Words, c.words) {
					return
				}
			}
			t.Errorf("not found; found were %q", r.Findings)
		})
	}
}

// What stands in a mail's row in compressed form is covered too.
func TestTamperedEvidenceIsFound(t *testing.T) {
	for _, c := range []struct{ name, from, to string }{
		{"a forged mail made authentic", `"verdict":"fail"`, `"verdict":"pass"`},
		{"a server's words", "dmarc=fail", "dmarc=pass"},
		{"the key of that day", "p=MIIB", "p=EVIL"},
		{"the time at which it was looked at", "2026-11-23T10", "2026-11-23T11"},
		{"why it was filed", "Anna is a contact", "the manager said so"},
		{"a score", `"score":40`, `"score":90`},
		{"nothing", "x", "x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			f := w.mail("a@x", "ACME", "Please pay by Friday")
			f.Message.Evidence = []threads.Evidence{{Kind: "contact", Project: "ACME", Score: 40, Detail: "Anna is a contact"}}
			f.Message.Authentication = &threads.Authentication{Verdict: threads.Forged, Why: threads.WhyDMARCFailed, Domain: "acme.example", Server: "mx.us.example",
				Line: "mx.us.example; dmarc=fail", Signatures: []threads.Signature{{Domain: "acme.example", Selector: "s1", Key: "v=DKIM1; p=MIIB"}},
				At: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)}
			w.file(f)
			db := w.direct()
			var packed []byte
			w.must(db.QueryRow("select body from message").Scan(&packed))
			zip, _ := zstd.NewWriter(nil)
			unzip, _ := zstd.NewReader(nil)
			body, err := unzip.DecodeAll(packed, nil)
			w.must(err)
			changed := strings.Replace(string(body), c.from, c.to, 1)
			if changed == string(body) != (c.from == c.to) {
				t.Fatalf("the row has no %q: %s", c.from, body)
			}
			_, err = db.Exec("update message set body = ?", zip.EncodeAll([]byte(changed), nil))
			w.must(err)
			found := fmt.Sprint(w.check().Findings)
			if strings.Contains(found, "it was changed") != (c.from != c.to) {
				t.Errorf("found: %s", found)
			}
		})
	}
}

// Whoever can write the file can make a whole, shorter log. A checkpoint that
// somebody else has kept tells.
func TestATruncatedLogIsFoundByAPublishedCheckpoint(t *testing.T) {
	long, short := newWorld(t), newWorld(t)
	long.fill()
	signed := long.sign()
	short.key = long.key
	short.file(short.mail("a@x", "ACME", "Please make the logo bigger"))
	if r := short.check(); r.Total != 0 {
		t.Fatalf("the shorter archive is not whole by itself: %+v", r)
	}
	wants := func(r *archive.Result, words string) {
		t.Helper()
		if !strings.Contains(fmt.Sprint(r.Findings), words) {
			t.Errorf("found %q, want %q", r.Findings, words)
		}
	}
	wants(short.check(signed), "the log was truncated")
	for i := range 40 {
		short.file(short.mail(fmt.Sprintf("%d@x", i), "ACME", "More"))
	}
	wants(short.check(signed), "another history")
}
