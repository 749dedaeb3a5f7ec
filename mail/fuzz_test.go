package mail

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// seeds are small mails that reach much of the reader.
var seeds = []string{
	"",
	"Subject: hi\n\nhello\n",
	"From: \"A, B\" <a@b.example>\r\nTo: team: x@y.example, z@y.example;\r\nSubject: =?utf-8?B?5L2g?= =?gbk?Q?=C4=E3?=\r\n\r\n\xc4\xe3\xba\xc3",
	"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=aa\n\n--aa\n\nx\n--aa\nContent-Type: text/html\n\n<b>x</b>\n--aa--\n--a\nContent-Type: message/rfc822\n\nSubject: in\n\ny\n--a\nContent-Type: image/png; name*0*=utf-8''%E4; name*1*=%BD%A0.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo\n",
	"Content-Type: multipart/report; report-type=delivery-status; boundary=r\nReturn-Path: <>\n\n--r\n\nfailed\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n\n--r--\n",
	"Subject: Fwd: x\n\nsee below\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: Mon, 9 Nov 2026 at 18:22\nSubject: x\nTo: c@d.example\n\nwords\n",
	"From: x\n\nbegin 644 a.txt\n#0V%T\n`\nend\n",
	"Content-Type: text/plain; format=flowed; delsp=yes\n\n> a \n> b\nc \nd\n-- \nme\n",
	"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=Europe/Berlin:20261126T100000\nEND:VEVENT\nEND:VCALENDAR\n",
	"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\neJ8+IgEAAQ==\n",
	"Subject: x\n\n+AGEAYg- \x1b$B$3\x1b(B",
}

// addMails seeds a target with the small mails above and the fixtures.
func addMails(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	for _, path := range samples(f, "../ingest/testdata/mails/*/*.eml") {
		f.Add(readSample(f, path))
	}
}

// checkClean fails unless everything a mail was read to is fit to be stored.
func checkClean(t *testing.T, m *Message) {
	t.Helper()
	check := func(what, s string) {
		if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
			t.Errorf("%s is not clean: %.80q", what, s)
		}
	}
	check("text", m.Text)
	check("html", m.HTML)
	check("invitation", m.Invitation)
	check("subject", m.Subject)
	check("message-id", m.MessageID)
	for _, ids := range [][]string{m.InReplyTo, m.References} {
		for _, id := range ids {
			check("reference", id)
		}
	}
	for _, list := range [][]Address{m.From, m.Sender, m.ReplyTo, m.To, m.Cc, m.Bcc} {
		for _, a := range list {
			check("name", a.Name)
			check("address", a.Address)
		}
	}
	paths := map[string]bool{}
	for _, p := range m.Parts {
		check("part type", p.Type)
		check("part charset", p.Charset)
		check("part name", p.Name)
		check("content id", p.ContentID)
		if strings.ContainsAny(p.Name, "/\\\n") {
			t.Errorf("part name %q is not safe", p.Name)
		}
		if paths[p.Path] {
			t.Errorf("two parts have the path %q", p.Path)
		}
		paths[p.Path] = true
	}
	for _, f := range m.Faults {
		check("fault", f.Detail)
	}
	if strings.Contains(m.Text, "\r") {
		t.Errorf("text has a carriage return")
	}
}

func FuzzParse(f *testing.F) {
	addMails(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkClean(t, Parse(raw, Limits{Text: 1 << 16}))
	})
}

func FuzzClassify(f *testing.F) {
	addMails(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := Parse(raw, Limits{})
		if v := Classify(m); v.Class == "" || v.Reason == "" || !utf8.ValidString(v.Reason) {
			t.Errorf("no verdict: %q", v)
		}
		for _, d := range Deliveries(m) {
			for _, s := range []string{d.Recipient, d.Action, d.Status, d.Words, d.MessageID} {
				if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
					t.Errorf("delivery is not clean: %q", s)
				}
			}
		}
	})
}

func FuzzForward(f *testing.F) {
	addMails(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, ok := Forward(Parse(raw, Limits{}))
		if ok && got.From == (Address{}) {
			t.Errorf("a forward without an author")
		}
		if !utf8.ValidString(got.Text) || !utf8.ValidString(got.Subject) {
			t.Errorf("forward is not clean")
		}
	})
}

func FuzzAddressList(f *testing.F) {
	for _, s := range []string{"a@b.example", `"A, B" <a@b.example>, c@d.example`, "g: a@b.example, c@d.example;", `"open <a@b.example>, x`, "<<a@b.example>>;<c@d.example", "=?utf-8?Q?a,b?= <a@b.example>", "a@b.example (A (nested) B)", "Doe, Jane <j@d.example>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, _ := AddressList(s)
		for _, a := range list {
			if !utf8.ValidString(a.Name) || !utf8.ValidString(a.Address) || strings.ContainsAny(a.Address+a.Name, "\x00\n") {
				t.Errorf("address is not clean: %q", a)
			}
		}
	})
}

func FuzzHTMLLines(f *testing.F) {
	for _, s := range []string{"<p>a<br>b</p>", "<table><tr><td>a<td>b</table>", "<blockquote>x<ul><li>y", "<pre>a\nb</pre><s>x</s>", `<div style="color:#f00;display:none">x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range HTMLLines(s) {
			if strings.ContainsAny(l.Text, "\n\x00") {
				t.Errorf("line %q is more than a line", l.Text)
			}
		}
		HTMLText(s)
	})
}
