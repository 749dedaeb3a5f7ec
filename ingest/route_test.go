package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapport/demo"
	"rapport/ingest"
	"rapport/threads"
)

// mailOf writes a mail of some header lines and a text.
func mailOf(fields ...string) string {
	text := "Please move the logo to the left.\n"
	return strings.Join(fields, "\n") + "\nDate: Fri, 20 Nov 2026 08:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" + text
}

// reports are letters that went out before the mails of a case come.
type reports struct {
	harbour, yunshan []threads.Letter
}

// reply is the signed reply address of a letter.
func (w *world) reply(l threads.Letter) string {
	return w.key.Address("projects@northlight.example", l.ID)
}

func TestRoute(t *testing.T) {
	const (
		ellen    = "From: Ellen Whitcombe <ellen@harbourlane.example>"
		lin      = "From: =?utf-8?B?5p6X5pmT6Zuv?= <lin.xiaowen@yunshan-tea.example>"
		priya    = "From: Priya Raman <priya@raman-consulting.example>"
		mara     = "From: Mara Lindqvist <mara@northlight.example>"
		stranger = "From: Ellen Whitcombe <ellen.whitcombe@freemail.example>"
		to       = "To: projects@northlight.example"
	)
	type want struct{ project, tray, proposal, evidence string }
	for _, c := range []struct {
		name string
		mail func(w *world, r reports) []string
		want want
	}{
		// What speaks for a project.
		{"a contact of one project", header(ellen, to), want{project: demo.Harbour, evidence: "contact"}},
		{"the client's domain, and one below it", header("From: a@shop.harbourlane.example", to), want{project: demo.Harbour, evidence: "domain"}},
		{"a domain that only ends alike", header("From: a@evil-harbourlane.example", to), want{tray: "unknown-sender"}},
		{"a consultant of two projects", header(priya, to), want{tray: "ambiguous"}},
		{"a consultant who names the project in the subject", header(priya, to, "Subject: [meridian-portal] Contrast"), want{project: demo.Meridian, evidence: "subject-tag"}},
		{"a consultant who writes to the project's address", header(priya, "To: harbour@northlight.example"), want{project: demo.Harbour, evidence: "our-address"}},
		{"a consultant who only mentions a client", header(priya, to, "Subject: Harbour Lane Books, contrast"), want{tray: "ambiguous", proposal: demo.Harbour}},
		{"a consultant who answers a report", func(w *world, r reports) []string {
			return []string{priya, to, "In-Reply-To: <" + r.harbour[0].MessageID + ">"}
		}, want{project: demo.Harbour, evidence: "reference"}},
		{"a consultant whose tag and reference disagree", func(w *world, r reports) []string {
			return []string{priya, "To: harbour@northlight.example", "Subject: [MERIDIAN-PORTAL] Contrast"}
		}, want{tray: "ambiguous", proposal: demo.Harbour}},
		{"nobody we know", header("From: jo@papermill.example", to), want{tray: "unknown-sender"}},
		{"no From at all", header("Subject: hello", to), want{tray: "unknown-sender"}},

		// Signed reply addresses, wherever the server has put them.
		{"the signed address in To", func(w *world, r reports) []string { return []string{priya, "To: " + w.reply(r.harbour[0])} }, want{project: demo.Harbour, evidence: "reply-address"}},
		{"the signed address in Delivered-To", func(w *world, r reports) []string {
			return []string{"Delivered-To: " + w.reply(r.harbour[0]), priya, to}
		}, want{project: demo.Harbour, evidence: "reply-address"}},
		{"the signed address in X-Original-To", func(w *world, r reports) []string {
			return []string{"X-Original-To: " + w.reply(r.harbour[0]), priya, to}
		}, want{project: demo.Harbour, evidence: "reply-address"}},
		{"the signed address in Received", func(w *world, r reports) []string {
			return []string{"Received: from a by b with ESMTPS id 1\n\tfor <" + w.reply(r.harbour[0]) + ">; Fri, 20 Nov 2026 08:00:00 +0000", priya, to}
		}, want{project: demo.Harbour, evidence: "reply-address"}},
		{"the signed address in capitals", func(w *world, r reports) []string {
			return []string{priya, "To: " + strings.ToUpper(w.reply(r.harbour[0]))}
		}, want{project: demo.Harbour, evidence: "reply-address"}},

		{"the signed address in the references, taken off the recipient", func(w *world, r reports) []string {
			return []string{priya, to, "References: <" + w.reply(r.harbour[0]) + ">"}
		}, want{project: demo.Harbour, evidence: "reply-address"}},
		{"a button whose signed address has lost its plus part", header(priya, to, "Subject: [HARBOUR-WEB] D-1: yes"), want{project: demo.Harbour, evidence: "subject-tag"}},

		// Attacks. None of these may enter a project.
		{"a stranger with forged references", func(w *world, r reports) []string {
			return []string{stranger, to, "Subject: Re: [HARBOUR-WEB] Report", "In-Reply-To: <" + r.harbour[0].MessageID + ">", "References: <" + r.harbour[0].MessageID + ">"}
		}, want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a stranger with a stolen token", func(w *world, r reports) []string { return []string{stranger, "To: " + w.reply(r.harbour[0])} }, want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a stranger with a spoofed tag", header(stranger, to, "Subject: [HARBOUR-WEB] hello"), want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a stranger at the project's address", header(stranger, "To: harbour@northlight.example"), want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a client's address in Reply-To", header(stranger, "Reply-To: ellen@harbourlane.example", to), want{tray: "unknown-sender"}},
		{"a client's address in Sender", header(stranger, "Sender: ellen@harbourlane.example", to), want{tray: "unknown-sender"}},
		{"a client's address as the name", header(`From: "ellen@harbourlane.example" <x@freemail.example>`, to), want{tray: "unknown-sender"}},
		{"a client's address in a comment", header("From: x@freemail.example (ellen@harbourlane.example)", to), want{tray: "unknown-sender"}},
		{"a client and a stranger in one From", header("From: ellen@harbourlane.example, x@freemail.example", to), want{tray: "unknown-sender"}},
		{"two From fields", header("From: ellen@harbourlane.example", "From: x@freemail.example", to), want{tray: "unknown-sender"}},
		{"a client's address with something behind it", header("From: ellen@harbourlane.example.evil.example", to), want{tray: "unknown-sender"}},
		{"a guessed token", header(priya, "To: projects+0123456789abcdefghjkmnpqrstvw@northlight.example"), want{tray: "ambiguous"}},
		{"a token that this key did not sign", func(w *world, r reports) []string {
			other, _ := threads.NewReplyKey([]byte("another secret with thirty-two bytes"))
			return []string{priya, "To: " + other.Address("projects@northlight.example", r.harbour[0].ID)}
		}, want{tray: "ambiguous"}},
		{"an empty Message-ID and empty references", header(stranger, to, "Message-ID: <>", "In-Reply-To: <>", "References: <> <>"), want{tray: "unknown-sender"}},
		{"a stranger who says it is an automatic reply", func(w *world, r reports) []string {
			return []string{stranger, "To: " + w.reply(r.harbour[0]), "Auto-Submitted: auto-replied", "In-Reply-To: <" + r.harbour[0].MessageID + ">"}
		}, want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a stranger who forwards a client's mail", header(stranger, to, "Subject: Fwd: logo\n\n---------- Forwarded message ---------\nFrom: Ellen Whitcombe <ellen@harbourlane.example>\nDate: Mon, 9 Nov 2026 at 18:22\nSubject: logo\nTo: x\n\nPay."), want{tray: "unknown-sender"}},

		// A client of one project, and another project.
		{"a client who got another client's letter", func(w *world, r reports) []string { return []string{lin, "To: " + w.reply(r.harbour[0])} }, want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a client who answers another client's report", func(w *world, r reports) []string {
			return []string{lin, to, "References: <" + r.harbour[0].MessageID + ">"}
		}, want{tray: "not-of-project", proposal: demo.Harbour}},
		{"a client with an old reference to another project", func(w *world, r reports) []string {
			return []string{lin, to, "References: <" + r.harbour[0].MessageID + "> <" + r.yunshan[0].MessageID + ">"}
		}, want{project: demo.Yunshan, evidence: "reference"}},

		// Ourselves.
		{"a manager's mail without a project", header(mara, to), want{tray: "no-project"}},
		{"a manager's mail with a tag", header(mara, to, "Subject: [HARBOUR-WEB] notes"), want{project: demo.Harbour, evidence: "subject-tag"}},
		{"a manager's answer in a thread", func(w *world, r reports) []string {
			return []string{mara, "To: ellen@harbourlane.example", "Cc: projects@northlight.example", "In-Reply-To: <" + r.harbour[0].MessageID + ">"}
		}, want{project: demo.Harbour, evidence: "reference"}},
		{"an auditor's mail", header("From: ada@northlight.example", to, "Subject: [HARBOUR-WEB] notes"), want{tray: "not-of-project", proposal: demo.Harbour}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			r := reports{w.report(demo.Harbour, "ellen@harbourlane.example"), w.report(demo.Yunshan, "lin.xiaowen@yunshan-tea.example")}
			m := w.file(mailOf(c.mail(w, r)...))[0]
			got := want{project: m.Project}
			if m.Tray != nil {
				got.tray, got.proposal = m.Tray.Cause, m.Tray.Proposal
			}
			if len(m.Evidence) > 0 && m.Project != "" {
				got.evidence = m.Evidence[0].Kind
			}
			if got != c.want {
				t.Errorf("got %+v, want %+v\n%+v\n%+v", got, c.want, m.Evidence, m.Tray)
			}
			if m.Tray != nil && (m.Tray.Words == "" || m.Thread != "") {
				t.Errorf("in the tray: %+v, thread %q", m.Tray, m.Thread)
			}
			if strings.Contains(c.name, "manager") && len(w.items(m)) > 0 {
				t.Error("a manager's words became items")
			}
		})
	}
}

func header(fields ...string) func(*world, reports) []string {
	return func(*world, reports) []string { return fields }
}

func TestTheAnswerToALetterJoinsItsThread(t *testing.T) {
	w := newWorld(t)
	letter := w.report(demo.Harbour, "ellen@harbourlane.example")[0]
	report := w.message(letter.MessageID)
	answer := "> - The shop pages are ready for your approval.\n\nApproved, thank you.\n\n> - The stock export runs every night now.\n\nCould you also add the prices to it?\n"
	for name, fields := range map[string][]string{
		"by reference":           {"To: projects@northlight.example", "In-Reply-To: <" + letter.MessageID + ">", "Message-ID: <1@harbourlane.example>"},
		"by reply address alone": {"To: " + w.reply(letter), "Message-ID: <2@harbourlane.example>"},
	} {
		raw := strings.Join(append(fields, "From: ellen@harbourlane.example", "Subject: Re: Report", "Content-Type: text/plain", "", answer), "\n")
		m := w.file(raw)[0]
		if m.Thread != report.Thread {
			t.Errorf("%s: thread %s, the report's is %s", name, m.Thread, report.Thread)
		}
		points := map[string]string{}
		for _, item := range w.items(m) {
			points[item.Point] = item.Text
		}
		if !strings.Contains(points["P1"], "Approved") || !strings.Contains(points["P2"], "add the prices") {
			t.Errorf("%s: the answers by point are %v", name, points)
		}
	}
}

func TestThreadsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	a := mailOf("From: ellen@harbourlane.example", "Message-ID: <a@h>", "Subject: Logo")
	b := mailOf("From: tom@harbourlane.example", "Message-ID: <b@h>", "References: <a@h>", "Subject: Re: Logo")
	c := mailOf("From: ellen@harbourlane.example", "Message-ID: <c@h>", "References: <unseen@h>", "Subject: Re: Bath")
	d := mailOf("From: tom@harbourlane.example", "Message-ID: <d@h>", "References: <unseen@h> <c@h> <d@h>", "Subject: Re: Bath")
	for _, order := range [][]string{{a, b, c, d}, {d, c, b, a}, {b, d, a, c}} {
		w := newWorld(t)
		w.file(order...)
		thread := func(id string) string { return w.message(id).Thread }
		if thread("a@h") != thread("b@h") || thread("c@h") != thread("d@h") || thread("a@h") == thread("c@h") {
			t.Errorf("threads %s %s, %s %s", thread("a@h"), thread("b@h"), thread("c@h"), thread("d@h"))
		}
	}
}

func TestAnotherMailWithAUsedMessageIDIsAnotherMail(t *testing.T) {
	w := newWorld(t)
	one := mailOf("From: ellen@harbourlane.example", "Message-ID: <same@h>", "Subject: One")
	two := mailOf("From: tom@harbourlane.example", "Message-ID: <same@h>", "Subject: Two")
	m := w.file(one, two)
	if m[0].ID == m[1].ID || m[1].Subject != "Two" {
		t.Errorf("filed as %s and %s", m[0].ID, m[1].ID)
	}
}

func TestTheSameMailInAnotherMailboxHasItsItemsOnce(t *testing.T) {
	raw := mailOf("From: ellen@harbourlane.example", "To: projects@northlight.example", "Message-ID: <same@h>", "Subject: Logo")
	other := "Delivered-To: harbour@northlight.example\r\nReceived: from a by b; Fri, 20 Nov 2026 08:00:00 +0000\r\n" + strings.ReplaceAll(raw, "\n", "\r\n")
	edited := strings.Replace(raw, "left", "right", 1)
	for name, file := range map[string]func(w *world) []threads.Message{
		"one after the other": func(w *world) []threads.Message { return w.file(raw, other, edited) },
		"in one batch": func(w *world) []threads.Message {
			filed, err := w.pipeline.File(context.Background(), nil, []ingest.Received{received(raw), received(other), received(edited)})
			w.must(err)
			return []threads.Message{w.message(filed[0].Message), w.message(filed[1].Message), w.message(filed[2].Message)}
		},
	} {
		w := newWorld(t)
		m := file(w)
		for i, want := range []int{1, 0, 1} {
			if n := len(w.items(m[i])); n != want {
				t.Errorf("%s: mail %d has %d items, want %d", name, i, n, want)
			}
		}
		if m[0].ID == m[1].ID || m[0].Thread != m[1].Thread {
			t.Errorf("%s: filed as %s and %s in the threads %s and %s", name, m[0].ID, m[1].ID, m[0].Thread, m[1].Thread)
		}
	}
}

func TestAThousandReferencesAreBounded(t *testing.T) {
	w := newWorld(t)
	var ids strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&ids, " <ref-%d@h>", i)
	}
	m := w.file(mailOf("From: ellen@harbourlane.example", "Message-ID: <many@h>", "References:"+ids.String()))[0]
	if n := len(m.References); n == 0 || n > 100 || m.References[0] != "ref-0@h" || m.References[n-1] != "ref-4999@h" {
		t.Errorf("%d references are kept", n)
	}
}

func TestReadingAgainChangesNothingByItself(t *testing.T) {
	w := newWorld(t)
	raw := mailOf("From: ellen@harbourlane.example", "To: projects@northlight.example", "Message-ID: <same@h>", "Subject: Logo")
	twin := "Delivered-To: harbour@northlight.example\n" + raw
	stored := w.file(raw, twin)
	for i, raw := range []string{raw, twin} {
		f, err := w.pipeline.Reread(context.Background(), &stored[i], []byte(raw), "")
		w.must(err)
		if f.Message.Project != demo.Harbour || f.Message.NewText != stored[i].NewText || len(f.Items) != 1-i {
			t.Errorf("mail %d read again: project %q, %d items", i, f.Message.Project, len(f.Items))
		}
	}
}
