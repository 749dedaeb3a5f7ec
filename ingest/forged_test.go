package ingest_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"rapport/demo"
	"rapport/ingest"
	"rapport/ingest/authentic"
	"rapport/threads"
)

// guarded is a world whose mail server stamps mail, and whose DNS knows one
// policy.
func guarded(t testing.TB) *world {
	w := newWorld(t)
	now := func() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }
	checker := authentic.New(authentic.Config{Now: now, LookupTXT: func(_ context.Context, name string) ([]string, error) {
		if name == "_dmarc.harbourlane.example" {
			return []string{"v=DMARC1; p=reject"}, nil
		}
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}})
	var err error
	w.pipeline, err = ingest.NewPipeline(ingest.PipelineConfig{
		Archive: w.store, Directory: func() *threads.Directory {
			choices, err := w.store.Choices(context.Background())
			w.must(err)
			return w.people.With(choices)
		}, Key: w.key, Now: now,
		Authenticate: func(ctx context.Context, in authentic.Input) *threads.Authentication {
			in.Servers = []string{"mx.northlight.example"}
			return checker.Check(ctx, in)
		},
	})
	w.must(err)
	return w
}

// arrive files a mail as it comes out of a mailbox.
func (w *world) arrive(raw string, uid uint32) threads.Message {
	w.t.Helper()
	r := received(raw)
	r.Position = &threads.Position{Mailbox: "projects", UIDValidity: 1, UID: uid}
	filed, err := w.pipeline.File(context.Background(), nil, []ingest.Received{r})
	w.must(err)
	return w.message(filed[0].Message)
}

const border = "Received: from somewhere.example (somewhere.example [203.0.113.9]) by mx.northlight.example; Fri, 20 Nov 2026 08:00:00 +0000\n"

// stamped is a mail as our server gives it to us, with what it has found out.
func stamped(results string, fields ...string) string {
	stamp := border
	if results != "" {
		stamp = "Authentication-Results: mx.northlight.example; " + results + "\n" + border
	}
	return stamp + mailOf(fields...)
}

func TestForgedContacts(t *testing.T) {
	const (
		ellen  = "From: Ellen Whitcombe <ellen@harbourlane.example>"
		priya  = "From: Priya Raman <priya@raman-consulting.example>"
		mara   = "From: Mara Lindqvist <mara@northlight.example>"
		to     = "To: projects@northlight.example"
		pass   = "dmarc=pass header.from=harbourlane.example"
		fail   = "spf=pass smtp.mailfrom=evil.example; dmarc=fail (p=none) header.from=harbourlane.example"
		nobody = "spf=none; dkim=none; dmarc=none header.from=raman-consulting.example"
	)
	type want struct {
		project, tray, proposal string
		verdict                 threads.Verdict
	}
	for _, c := range []struct {
		name    string
		results string
		fields  func(w *world, r reports) []string
		want    want
	}{
		{"a contact, proven", pass, header(ellen, to), want{demo.Harbour, "", "", "pass"}},
		{"a contact, forged", fail, header(ellen, to), want{"", "forged", demo.Harbour, "fail"}},
		{"a contact, not proven", nobody, header(priya, "To: harbour@northlight.example"), want{demo.Harbour, "", "", "none"}},
		{"a contact whose domain wants signatures, and our server said nothing", "", header(ellen, to), want{"", "forged", demo.Harbour, "fail"}},
		{"a contact with results of the sender's own making", "", header("Authentication-Results: mx.northlight.example; "+pass, ellen, to), want{demo.Harbour, "", "", "pass"}}, // our border has to take them away, RFC 8601 section 5
		{"the same, below a trace of the sender's", "", header("Received: from mx.northlight.example (localhost [127.0.0.1]) by mx.northlight.example; x", "Authentication-Results: mx.northlight.example; "+pass, ellen, to),
			want{"", "forged", demo.Harbour, "fail"}},
		{"results of another server", "", header("Authentication-Results: mx.evil.example; "+pass, ellen, to), want{"", "forged", demo.Harbour, "fail"}},
		{"a forged contact with a stolen token", fail, func(w *world, r reports) []string { return []string{ellen, "To: " + w.reply(r.harbour[0])} }, want{"", "forged", demo.Harbour, "fail"}},
		{"a forged contact who answers a report", fail, func(w *world, r reports) []string {
			return []string{ellen, to, "In-Reply-To: <" + r.harbour[0].MessageID + ">", "References: <" + r.harbour[0].MessageID + ">"}
		}, want{"", "forged", demo.Harbour, "fail"}},
		{"a forged contact who lets answers go elsewhere", fail, header(ellen, "Reply-To: x@evil.example", to), want{"", "forged", demo.Harbour, "fail"}},
		{"a forged contact without ids", fail, header(ellen, to, "Message-ID: <>", "References: <>"), want{"", "forged", demo.Harbour, "fail"}},
		{"a forged contact who says it is an automatic reply", fail, header(ellen, to, "Auto-Submitted: auto-replied"), want{"", "forged", demo.Harbour, "fail"}},
		{"an impostor with a domain of their own, proven", "dmarc=pass header.from=evil.example", header("From: Ellen Whitcombe <ellen@evil.example>", to), want{"", "unknown-sender", "", "pass"}},
		{"an impostor whose name is a contact's address", "dmarc=pass header.from=evil.example", header(`From: "ellen@harbourlane.example" <x@evil.example>`, to), want{"", "unknown-sender", "", "pass"}},
		{"a contact and an impostor in one From, proven for one", pass, header("From: ellen@harbourlane.example, x@evil.example", to), want{"", "unknown-sender", "", "none"}},
		{"two contacts in one From, forged", "dmarc=fail", header("From: ellen@harbourlane.example, ellen.whitcombe@homepost.example", to), want{"", "forged", demo.Harbour, "fail"}},
		{"a forged manager", "dmarc=fail header.from=northlight.example", header(mara, to, "Subject: [HARBOUR-WEB] notes"), want{"", "forged", demo.Harbour, "fail"}},
		{"a forged manager who passes a client's mail on", "dmarc=fail header.from=northlight.example", header(mara, to,
			"Subject: Fwd: logo\n\n---------- Forwarded message ---------\nFrom: Ellen Whitcombe <ellen@harbourlane.example>\nDate: Mon, 9 Nov 2026 at 18:22\nSubject: logo\nTo: x\n\nPay."),
			want{"", "forged", demo.Harbour, "fail"}},
		{"an impostor with a domain that begins alike, proven", fail, header("From: jo@harbourlane.example.evil.example", to), want{"", "unknown-sender", "", "pass"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := guarded(t)
			r := reports{w.report(demo.Harbour, "ellen@harbourlane.example"), w.report(demo.Yunshan, "lin.xiaowen@yunshan-tea.example")}
			m := w.arrive(stamped(c.results, c.fields(w, r)...), 1)
			got := want{project: m.Project}
			if m.Tray != nil {
				got.tray, got.proposal = m.Tray.Cause, m.Tray.Proposal
			}
			if m.Authentication != nil {
				got.verdict = m.Authentication.Verdict
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v\n%+v\n%+v", got, c.want, m.Tray, m.Authentication)
			}
			if m.Project == "" && len(w.items(m)) > 0 {
				t.Error("mail in the tray has items")
			}
		})
	}
}

// A bounce is seldom signed; what it may do is decided by other rules.
func TestAnUnprovenBounceIsStillNews(t *testing.T) {
	w := guarded(t)
	l := w.report(demo.Harbour, "ellen@harbourlane.example", "tom@harbourlane.example")
	raw := dsn("Mail Delivery System <MAILER-DAEMON@harbourlane.example>", l[0].MessageID, "tom@harbourlane.example", "failed", "Message-ID: <"+l[0].MessageID+">\n")
	m := w.arrive("Authentication-Results: mx.northlight.example; dmarc=fail\n"+border+raw, 1)
	if m.Project != demo.Harbour || m.Authentication.Verdict != threads.Forged {
		t.Errorf("the bounce: %q, %+v", m.Project, m.Authentication)
	}
}

// A manager who knows the list says so once.
func TestAListThatAManagerAllows(t *testing.T) {
	w := guarded(t)
	list := "dkim=pass header.d=lists.books.example; dmarc=fail header.from=harbourlane.example"
	const ellen = "From: Ellen Whitcombe <ellen@harbourlane.example>"
	held := w.arrive(stamped(list, ellen, "Message-ID: <1@h>"), 1)
	if held.Tray == nil || held.Tray.Cause != "forged" || !strings.Contains(held.Tray.Words, "books.example") || held.Authentication.Via != "books.example" {
		t.Fatalf("held: %+v %+v", held.Tray, held.Authentication)
	}
	raw, err := w.store.Raw(context.Background(), held.ID)
	w.must(err)
	f, err := w.pipeline.Reread(context.Background(), &held, raw, demo.Harbour)
	w.must(err)
	f.Message.ID = held.ID
	c, err := w.store.Change(context.Background(), threads.Change{Kind: threads.ChangeFile, Project: demo.Harbour, Address: held.From.Address, Via: held.Authentication.Via, By: "mara"}, []threads.Filing{f})
	w.must(err)
	if m := w.message(held.ID); m.Project != demo.Harbour || m.Authentication == nil || m.Authentication.Line != held.Authentication.Line || !m.Authentication.At.Equal(held.Authentication.At) {
		t.Errorf("filed by hand: %q, %+v", m.Project, m.Authentication)
	}
	next := w.arrive(stamped(list, ellen, "Message-ID: <2@h>"), 2)
	if next.Project != demo.Harbour || next.Authentication.Verdict != threads.Forged || !strings.Contains(next.Evidence[len(next.Evidence)-1].Detail, "books.example") {
		t.Errorf("the next one: %q, %+v, %+v", next.Project, next.Tray, next.Evidence)
	}
	for name, raw := range map[string]string{
		"another list":                stamped(strings.ReplaceAll(list, "books", "evil"), ellen, "Message-ID: <3@h>"),
		"another sender by that list": stamped(list, "From: tom@harbourlane.example", "Message-ID: <4@h>"),
		"no list":                     stamped("dmarc=fail", ellen, "Message-ID: <5@h>"),
	} {
		if m := w.arrive(raw, uint32(10+len(name))); m.Project != "" {
			t.Errorf("%s was let in", name)
		}
	}
	_, err = w.store.Undo(context.Background(), c.ID, "mara")
	w.must(err)
	if m := w.arrive(stamped(list, ellen, "Message-ID: <6@h>"), 6); m.Project != "" {
		t.Error("after the decision was undone, the list is let in")
	}
}

func TestReadingAgainKeepsWhatDNSHadSaid(t *testing.T) {
	w := guarded(t)
	m := w.arrive(stamped("", "From: ellen@harbourlane.example", "Message-ID: <1@h>"), 1)
	if m.Authentication.Why != threads.WhyPolicy || m.Authentication.Policy == "" {
		t.Fatalf("found: %+v", m.Authentication)
	}
	raw, err := w.store.Raw(context.Background(), m.ID)
	w.must(err)
	f, err := w.pipeline.Reread(context.Background(), &m, raw, "")
	w.must(err)
	if a := f.Message.Authentication; a != m.Authentication || f.Message.Tray == nil || f.Message.Tray.Cause != "forged" {
		t.Errorf("read again: %+v, %+v", a, f.Message.Tray)
	}
	m.Authentication = nil // filed before anybody looked
	if f, err = w.pipeline.Reread(context.Background(), &m, raw, ""); err != nil || f.Message.Authentication != nil || f.Message.Project != demo.Harbour {
		t.Errorf("DNS was asked about old mail: %+v, %v", f.Message.Authentication, err)
	}
}
