package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/compose"
	"rapport/ingest"
	"rapport/mail"
	"rapport/store"
	"rapport/threads"
)

// TestMachinesThatAnswerEachOtherComeToRest lets two installations, which send
// a receipt for each mail, write to each other, to a responder that looks like
// a person and to a server that sends everything back.
func TestMachinesThatAnswerEachOtherComeToRest(t *testing.T) {
	t.Parallel()
	w := &mailWorld{t: t, now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), houses: map[string]*correspondent{}}
	w.open("a.example", "b.example")
	w.open("b.example", "a.example")
	const days = 4
	for day := range days {
		for _, to := range []string{"a.example", "b.example"} {
			for _, from := range []string{"ellen@away.example", "tom@polite.example", "gone@bouncing.example", "projects@a.example", "projects@b.example"} {
				if threads.Domain(from) != to {
					w.post(from, "projects@"+to, fmt.Sprintf("<d%d.%s>", day, from), "A question", "Could you please send the plan?", "")
				}
			}
		}
		for range 24 * 6 {
			w.step()
			w.now = w.now.Add(10 * time.Minute)
		}
	}
	if n := len(w.transit); n > 0 {
		t.Errorf("%d mails are on their way yet", n)
	}
	sent := 0
	for _, h := range w.houses {
		for peer, times := range h.sent {
			sent += len(times)
			for i := 2; i < len(times); i++ {
				if gap := times[i].Sub(times[i-2]); gap < 24*time.Hour {
					t.Errorf("%s sent three mails by itself to %s within %s", h.domain, peer, gap)
				}
			}
		}
		if n := len(h.sent["ellen@away.example"]); n < days {
			t.Errorf("%s sent only %d receipts to the responder", h.domain, n)
		}
		figures, err := h.store.NoticeFigures(context.Background(), time.Time{})
		w.must(err)
		if figures.Brakes[threads.BrakePeer] == 0 || figures.Brakes[threads.BrakeMachine] == 0 {
			t.Errorf("%s shows these brakes: %v", h.domain, figures.Brakes)
		}
		tampered := 0
		w.must(h.store.Snapshot(context.Background(), func(s *store.Snapshot) error {
			return s.Records(func(r threads.Record) error {
				if r.Entry.Commit == "" && r.Entry.Type == threads.EntryNotice {
					tampered++
				}
				return nil
			})
		}))
		if tampered > 0 {
			t.Errorf("%d notices of %s are not what was logged", tampered, h.domain)
		}
	}
	if sent == 0 || sent > 2*3*2*days*2 {
		t.Errorf("%d automatic mails in %d days", sent, days)
	}
}

// mailWorld is a post office with a clock of its own.
type mailWorld struct {
	t       *testing.T
	now     time.Time
	n       int
	houses  map[string]*correspondent
	transit []envelope
}

type envelope struct {
	from, to string
	raw      []byte
}

// correspondent is one installation.
type correspondent struct {
	w        *mailWorld
	domain   string
	store    *store.Store
	pipeline *ingest.Pipeline
	notifier *compose.Notifier
	outbox   *compose.Outbox
	sent     map[string][]time.Time
}

func (w *mailWorld) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *mailWorld) open(domain, other string) {
	h := &correspondent{w: w, domain: domain, sent: map[string][]time.Time{}}
	clock := func() time.Time { return w.now }
	dir := threads.NewDirectory([]threads.Project{{Key: "SHOP", Name: "Shop", Client: "All", Language: "en",
		Contacts: []threads.Contact{{Name: "All", Addresses: []string{"projects@" + other, "ellen@away.example", "tom@polite.example", "gone@bouncing.example"}}}}}, nil, []string{"projects@" + domain})
	directory := func() *threads.Directory { return dir }
	var err error
	h.store, err = store.Open(context.Background(), store.Config{URL: filepath.Join(w.t.TempDir(), "rapport.db"), Now: clock, Subject: mail.BaseSubject})
	w.must(err)
	w.t.Cleanup(func() { h.store.Close() })
	h.pipeline, err = ingest.NewPipeline(ingest.PipelineConfig{Archive: h.store, Directory: directory, Now: clock})
	w.must(err)
	h.notifier, err = compose.NewNotifier(compose.NotifierConfig{Archive: h.store, Directory: directory, Now: clock,
		From: threads.Address{Name: "House", Address: "projects@" + domain}, Limits: threads.BrakeLimits{Peer: 2, Own: 30, Thread: 2, Total: 60}})
	w.must(err)
	h.outbox, err = compose.NewOutbox(compose.OutboxConfig{Archive: h.store.NoticeQueue(), Sender: h, Owner: domain, From: "projects@" + domain, Now: clock})
	w.must(err)
	w.houses[domain] = h
}

// Submit takes a mail of an installation into the post (compose.Sender).
func (h *correspondent) Submit(_ context.Context, s compose.Submission) compose.Outcome {
	h.sent[s.To] = append(h.sent[s.To], h.w.now)
	h.w.transit = append(h.w.transit, envelope{s.From, s.To, s.Raw})
	return compose.Outcome{State: threads.Taken, Words: "250 ok"}
}

func (h *correspondent) Close() error { return nil }

func (w *mailWorld) post(from, to, id, subject, text, headers string) {
	raw := fmt.Sprintf("%sFrom: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: %s\r\n\r\n%s\r\n", headers, from, to, subject, w.now.Format(time.RFC1123Z), id, text)
	w.transit = append(w.transit, envelope{from, to, []byte(raw)})
}

// step delivers what is on its way, and lets every installation send.
func (w *mailWorld) step() {
	mails := w.transit
	w.transit = nil
	for _, m := range mails {
		w.deliver(m)
	}
	for _, domain := range []string{"a.example", "b.example"} {
		_, err := w.houses[domain].outbox.Once(context.Background())
		w.must(err)
	}
}

func (w *mailWorld) deliver(m envelope) {
	w.n++
	id := fmt.Sprintf("<n%d@post.example>", w.n)
	switch domain := threads.Domain(m.to); domain {
	case "away.example": // says nowhere that it is a machine, and answers everything
		w.post(m.to, m.from, id, "A word from Ellen", fmt.Sprintf("I look into it, number %d.", w.n), "")
	case "polite.example":
		w.post(m.to, m.from, id, "Automatic reply: "+subjectIn(m.raw), "I am away until Monday.", "Auto-Submitted: auto-replied\r\n")
	case "bouncing.example":
		w.post("MAILER-DAEMON@bouncing.example", m.from, id, "Undelivered Mail Returned to Sender", "This is the mail system. Your mail could not be delivered.", "Return-Path: <>\r\n")
	default:
		w.houses[domain].receive(m.raw)
	}
}

func subjectIn(raw []byte) string { return mail.Parse(raw, mail.Limits{}).Subject }

// receive files a mail and sends a receipt for it, if the brakes allow.
func (h *correspondent) receive(raw []byte) {
	filed, err := h.pipeline.File(context.Background(), nil, []ingest.Received{{Raw: raw, InternalDate: h.w.now}})
	h.w.must(err)
	_, err = h.notifier.Notify(context.Background(), threads.Notice{Key: "receipt " + filed[0].Message, Kind: threads.NoticeReceipt,
		Answers: filed[0].Message, Subject: "Re: " + strings.TrimPrefix(subjectIn(raw), "Re: "), Body: "Your mail has come."})
	h.w.must(err)
}
