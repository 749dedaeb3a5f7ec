package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapport/demo"
	"rapport/threads"
)

// dsn is a bounce as Postfix writes it (RFC 3464).
func dsn(from, about, recipient, action, returned string) string {
	return strings.ReplaceAll(fmt.Sprintf(`Return-Path: <>
From: %s
To: projects@northlight.example
Subject: Undelivered Mail Returned to Sender
Date: Fri, 20 Nov 2026 08:00:00 +0000
Message-ID: <dsn-%s-%s>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

This is the mail system. Your mail to <%s> could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; %s
Action: %s
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B
Content-Type: text/rfc822-headers

%s
--B--
`, from, action, about, recipient, recipient, action, returned), "\n", "\r\n")
}

func TestABounceFindsItsLetter(t *testing.T) {
	const ours = "Mail Delivery System <MAILER-DAEMON@northlight.example>"
	const evil = "Support <support@evil.example>"
	type want struct {
		project, cause string
		bounced        int // which of the two letters
	}
	for _, c := range []struct {
		name string
		raw  func(w *world, l []threads.Letter) string
		want want
	}{
		{"by Message-ID and recipient", func(w *world, l []threads.Letter) string {
			return dsn(ours, l[0].MessageID, "tom@harbourlane.example", "failed", "Message-ID: <"+l[0].MessageID+">\n")
		}, want{demo.Harbour, "", 1}},
		{"by the reply address in the letter it gives back", func(w *world, l []threads.Letter) string {
			return dsn(ours, l[0].MessageID, "forwarded@elsewhere.example", "failed", "Reply-To: <"+w.reply(l[1])+">\nMessage-ID: <"+l[0].MessageID+">\n")
		}, want{demo.Harbour, "", 1}},
		{"for a recipient who got no letter", func(w *world, l []threads.Letter) string {
			return dsn(ours, l[0].MessageID, "warehouse@harbourlane.example", "failed", "Message-ID: <"+l[0].MessageID+">\n")
		}, want{demo.Harbour, "", -1}},
		{"for a manager's own mail to a contact", func(w *world, l []threads.Letter) string {
			return dsn(ours, "x", "ellen@harbourlane.example", "failed", "Message-ID: <private@northlight.example>\n")
		}, want{demo.Harbour, "", -1}},
		{"for mail to somebody else", func(w *world, l []threads.Letter) string {
			return dsn(ours, "x", "friend@elsewhere.example", "failed", "Message-ID: <private@northlight.example>\n")
		}, want{"", "no-project", -1}},
		{"a forged one about a contact", func(w *world, l []threads.Letter) string {
			return dsn(evil, "x", "ellen@harbourlane.example", "failed", "Message-ID: <guessed@northlight.example>\n")
		}, want{"", "unknown-sender", -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			letters := w.report(demo.Harbour, "ellen@harbourlane.example", "tom@harbourlane.example")
			m := w.file(c.raw(w, letters))[0]
			cause := ""
			if m.Tray != nil {
				cause = m.Tray.Cause
			}
			if m.Class != threads.ClassBounce || m.Project != c.want.project || cause != c.want.cause {
				t.Errorf("class %s, project %q, tray %q; want %+v\n%+v", m.Class, m.Project, cause, c.want, m.Evidence)
			}
			if c.want.bounced >= 0 && m.Thread != w.message(letters[0].MessageID).Thread {
				t.Error("it is not in the thread of the letter")
			}
			for i, state := range w.states(letters) {
				if bounced := state == threads.Bounced; bounced != (i == c.want.bounced) {
					t.Errorf("letter %d is %s", i, state)
				}
			}
		})
	}
}

// states are the states of the letters' deliveries.
func (w *world) states(letters []threads.Letter) []threads.DeliveryState {
	w.t.Helper()
	rows, err := w.store.DeliveriesOf(context.Background(), letters[0].MessageID)
	w.must(err)
	states := make([]threads.DeliveryState, len(letters))
	for i, l := range letters {
		for _, d := range rows {
			if d.Letter == l.ID {
				states[i] = d.State
			}
		}
	}
	return states
}

// leased takes the letters out of the queue as a worker does that then dies, so
// that it is unknown whether the server has them.
func (w *world) lost(letters []threads.Letter) {
	w.t.Helper()
	for range letters {
		d, _, err := w.store.Lease(context.Background(), "worker", 1)
		w.must(err)
		d.State, d.Words = threads.Unknown, "the connection ended"
		w.must(w.store.Settle(context.Background(), d))
	}
}

func TestOurOwnCopyProvesThatALetterWasTaken(t *testing.T) {
	trace := "Return-Path: <projects@northlight.example>\r\nDelivered-To: projects@northlight.example\r\nReceived: from us by mx;\r\n\tFri, 20 Nov 2026 08:00:00 +0000\r\n"
	for _, c := range []struct {
		name string
		raw  func(l threads.Letter) string
		own  bool
	}{
		{"under the server's trace", func(l threads.Letter) string { return trace + string(l.Raw) }, true},
		{"the very bytes", func(l threads.Letter) string { return string(l.Raw) + "\r\n" }, true},
		{"with bare LF", func(l threads.Letter) string { return strings.ReplaceAll(trace+string(l.Raw), "\r\n", "\n") }, true},
		{"with a word changed", func(l threads.Letter) string { return trace + strings.Replace(string(l.Raw), "ready", "done", 1) }, false},
		{"below other text", func(l threads.Letter) string {
			return "From: projects@northlight.example\r\nMessage-ID: <" + l.MessageID + ">\r\n\r\n" + string(l.Raw)
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			letters := w.report(demo.Harbour, "ellen@harbourlane.example", "tom@harbourlane.example")
			w.lost(letters)
			m := w.file(c.raw(letters[1]))[0]
			own := m.Class == threads.ClassOwnCopy
			if own != c.own {
				t.Errorf("class %s, want own copy: %v", m.Class, c.own)
			}
			if c.own && (m.Project != demo.Harbour || len(w.items(m)) > 0 || m.Thread != w.message(m.MessageID).Thread) {
				t.Errorf("filed in %q, thread %q", m.Project, m.Thread)
			}
			want := []threads.DeliveryState{threads.Unknown, threads.Unknown}
			if c.own {
				want[1] = threads.Taken
			}
			if got := w.states(letters); got[0] != want[0] || got[1] != want[1] {
				t.Errorf("the letters are %v, want %v", got, want)
			}
		})
	}
}

func TestAReadReceiptShowsOnItsLetter(t *testing.T) {
	for disposition, opened := range map[string]bool{"manual-action/MDN-sent-manually; displayed": true, "automatic-action/MDN-sent-automatically; deleted": false} {
		w := newWorld(t)
		letters := w.report(demo.Harbour, "ellen@harbourlane.example")
		w.lost(letters)
		m := w.file(receipt(letters[0].MessageID, disposition))[0]
		rows, err := w.store.DeliveriesOf(context.Background(), letters[0].MessageID)
		w.must(err)
		if m.Class != threads.ClassReceipt || m.Project != demo.Harbour || rows[0].Opened != opened || rows[0].State != threads.Taken {
			t.Errorf("%s: class %s in %q, delivery %+v", disposition, m.Class, m.Project, rows[0])
		}
	}
}

func receipt(about, disposition string) string {
	return strings.ReplaceAll(fmt.Sprintf(`From: ellen@harbourlane.example
To: projects@northlight.example
Subject: Read: Report
Message-ID: <mdn@harbourlane.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="B"

--B
Content-Type: text/plain

Your message was read.

--B
Content-Type: message/disposition-notification

Final-Recipient: rfc822;ellen@harbourlane.example
Original-Message-ID: <%s>
Disposition: %s

--B--
`, about, disposition), "\n", "\r\n")
}

func TestAnOutOfOfficeReplySaysUntilWhen(t *testing.T) {
	w := newWorld(t)
	raw := `From: ellen@harbourlane.example
To: projects@northlight.example
Subject: Automatic reply: Report
Date: Fri, 20 Nov 2026 08:00:00 +0000
Return-Path: <postmaster@eur05.prod.protection.outlook.example>
X-Auto-Response-Suppress: All
X-MS-Exchange-Inbox-Rules-Loop: ellen@harbourlane.example
Message-ID: <%s@harbourlane.example>

%s
`
	for text, want := range map[string]*threads.Away{
		"I am out of the office from 30 November until 4 December and will be back on Monday, 7 December.": {From: "2026-11-30", Until: "2026-12-04", Back: "2026-12-07"},
		"I am out of the office at the moment.": nil,
	} {
		m := w.file(fmt.Sprintf(raw, fmt.Sprint(len(text)), text))[0]
		if m.Class != threads.ClassOutOfOffice || m.Project != demo.Harbour || (m.Away == nil) != (want == nil) || want != nil && *m.Away != *want {
			t.Errorf("%q: class %s in %q, away %+v, want %+v", text, m.Class, m.Project, m.Away, want)
		}
	}
	m := w.file(mailOf("From: ellen@harbourlane.example", "Subject: I am away until 4 December"))[0]
	if m.Away != nil {
		t.Errorf("a person's mail says %+v", m.Away)
	}
}
