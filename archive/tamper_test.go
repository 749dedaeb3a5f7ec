package archive_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"rapport/archive"
	"rapport/threads"
)

func TestAWholeArchiveIsWhole(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			w := d.world(t)
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
			if err := goVerify(w.bundle(), w.public()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestEveryTamperingIsFoundByName(t *testing.T) {
	const mailA = "(select id from message where message_id = 'a@x')"
	everyTamper(t, func(w *world) { w.fill() }, func(w *world) *archive.Result { return w.check() }, []tamper{
		{"a changed byte in a raw mail", "update raw set body = substr(body, 1, 20) || x'0707070707' || substr(body, 26) where sha = (select sha from message where message_id = 'a@x')",
			"raw mail ", "is damaged"},
		{"a removed mail", "delete from item where message = " + mailA + "; delete from message where message_id = 'a@x'", "message ", "it was removed"},
		{"a removed raw mail", "delete from raw where sha = (select sha from message where message_id = 'a@x')", "raw mail ", "it was removed"},
		{"a re-dated mail", "update message set sent_at = sent_at - 86400000 where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail received at another time", "update message set ord = ord - 2831155200000, received = received - 86400000 where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail sorted elsewhere", "update message set ord = ord - 2831155200000 where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail filed at another time", "update message set filed_at = filed_at - 1000 where message_id = 'a@x'", "message ", "filed at another time"},
		{"another sender", "update message set from_address = 'eve@acme.example' where message_id = 'a@x'", "message ", "it was changed"},
		{"another project", "update message set project = 'TEA' where message_id = 'a@x'", "message ", `in the project "TEA"`},
		{"another thread", "update message set thread = 't0' where message_id = 'a@x'", "message ", `belongs to "t0"`},
		{"a swapped pair of raw mails", "drop table if exists x; create table x as select sha, body, size from raw where sha in (select sha from message where message_id in ('a@x', 'b@x'));" +
			"update raw set (body, size) = (select x.body, x.size from x where x.sha <> raw.sha) where sha in (select sha from x)", "raw mail ", "another SHA-256"},
		{"a swapped pair of mails", "drop table if exists x; create table x as select message_id, sha, size from message where message_id in ('a@x', 'b@x');" +
			"update message set sha = 'tmp' where message_id = 'a@x';" +
			"update message set sha = (select sha from x where message_id = 'a@x'), size = (select size from x where message_id = 'a@x') where message_id = 'b@x';" +
			"update message set sha = (select sha from x where message_id = 'b@x'), size = (select size from x where message_id = 'b@x') where message_id = 'a@x'", "message ", "it was changed"},
		{"a mail that is said not to be ours", "update message set dismissed = 1 where message_id = 'a@x'", "message ", "it was changed"},
		{"a better rating", "update message set rating = 5 where message_id = 'a@x'", "message ", "it was changed"},
		{"another form of evidence", "update message set evidence = 1 where message_id = 'a@x'", "message ", "it was changed"},
		{"another who may pass mail on", "update change set via = 'evil.example' where n = 1", "change ", "it was changed"},
		{"a changed answer", "update answer set reason = 'We never promised that' where n = 1", "answer to item ", "it was changed"},
		{"a removed answer", "update item set answer = 0; delete from answer", "answer to item ", "it was removed"},
		{"a changed item", "update item set words = 'Please make the logo smaller' where number = 1", "item ", "it was changed"},
		{"an item that is not urgent", "update item set urgent = not urgent where number = 1", "item ", "it was changed"},
		{"an item dismissed by nobody", "update item set state = 'dismissed' where number = 3 and project = 'ACME'", "item ", "it was changed"},
		{"an item that nobody owes an answer", "update item set state = 'noted' where number = 3 and project = 'ACME'", "item ", "it was changed"},
		{"a guess that is sure", "update item set sure = not sure where number = 3", "item ", "it was changed"},
		{"words that stand elsewhere", "update item set first = first + 1, past = past + 1 where number = 1", "item ", "it was changed"},
		{"the place of words that was taken back", "update item set first = first + 6, past = past + 6 where project = 'TEA' and number = 1", "item ", "it was changed"},
		{"a correction that was taken back", "update item set kind = 'question' where project = 'ACME' and number = 2", "item ", "it was changed"},
		{"an item in another thread", "update item set thread = 't0' where number = 1", "item ", "it was changed"},
		{"an answer that does not count", "update item set answer = 0, state = 'open' where number = 1", "item ", "it was changed"},
		{"a removed item", "delete from item where number = 3", "item ", "it was removed"},
		{"an invented item", "insert into item select 'i9', project, 99, message, thread, kind, facet, words, first, past, urgent, due, about, report, point, sure, why, state, 0, said_at, evidence from item where number = 1 and project = 'ACME'", "item i9", "no line in the log"},
		{"a changed report", "update report set plain = 'What we did not'", "report ", "it was changed"},
		{"a report released at another time", "update report set released_at = released_at + 1", "release of report ", "its time"},
		{"a report released by somebody else", "update report set released_by = 'eve'", "release of report ", "it was changed"},
		{"another mail for a report", "update report set message = " + mailA, "report ", "belongs to"},
		{"a letter approved by somebody else", "update letter set login = 'eve' where n = 1", "letter ", "it was changed"},
		{"a letter under another Message-ID", "update letter set message_id = 'other@us' where n = 1", "letter ", "it was changed"},
		{"letters in another order", "update letter set n = 3 - n + 10", "letter ", "it was changed"},
		{"a letter to somebody else", "update letter set address = 'eve@x' where n = 1", "letter ", "it was changed"},
		{"other words of a server", "update delivery_event set words = '550 no'", "delivery of letter ", "it was changed"},
		{"a changed decision", "update change set login = 'eve' where n = 1", "change ", "it was changed"},
		{"decisions in another order", "update change set n = -n", "change ", "it stands before another"},
		{"a decision undone by somebody else", "update change set undone_by = 'eve' where undone_at <> 0", "undoing of change ", "it was changed"},
		{"a decision never undone", "update change set undone_at = 0 where undone_at <> 0", "undoing of change ", "it was removed"},
		{"a changed log row", "update log_leaf set line = replace(line, 'ACME', 'TEA') where n = 1", "line 1 of the log", "not the line that was hashed"},
		{"a removed log row", "delete from log_leaf where n = 2", "line 2 of the log", "it was removed"},
		{"a removed last log row", "delete from log_leaf where n = (select max(n) from log_leaf)", "head of the log", "there are"},
		{"a changed tile", "update log_tile set data = x'0000000000' || substr(data, 6)", "line 0 of the log", "not the line that was hashed"},
		{"a changed head", "update log_head set root = x'0000000000' || substr(root, 6)", "head of the log", "not the root"},
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
	})
}

// What stands in a mail's row in compressed form is covered too.
func TestTamperedEvidenceIsFound(t *testing.T) {
	for _, d := range databases {
		t.Run(d.name, func(t *testing.T) {
			w := d.world(t)
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
			for _, c := range []struct{ name, from, to string }{
				{"a forged mail made authentic", `"verdict":"fail"`, `"verdict":"pass"`},
				{"a server's words", "dmarc=fail", "dmarc=pass"},
				{"the key of that day", "p=MIIB", "p=EVIL"},
				{"the time at which it was looked at", "2026-11-23T10", "2026-11-23T11"},
				{"why it was filed", "Anna is a contact", "the manager said so"},
				{"a score", `"score":40`, `"score":90`},
				{"nothing", "x", "x"},
			} {
				changed := strings.Replace(string(body), c.from, c.to, 1)
				if changed == string(body) != (c.from == c.to) {
					t.Fatalf("the row has no %q: %s", c.from, body)
				}
				w.run(db, fmt.Sprintf("update message set body = x'%x'", zip.EncodeAll([]byte(changed), nil)))
				found := fmt.Sprint(w.check().Findings)
				if strings.Contains(found, "it was changed") != (c.from != c.to) {
					t.Errorf("%s: found: %s", c.name, found)
				}
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
