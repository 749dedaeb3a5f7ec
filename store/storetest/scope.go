package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// twoClients files mail of two projects, some of it early, and one in the tray.
// Every thing of ACME says "Hello", every one of BETA "Secret".
func twoClients(h *house) (acme, beta threads.Report) {
	early := h.clock.Now()
	h.file(
		h.mail("a1@x", subject("First plan"), says(threads.Item{Kind: threads.Request, Text: "Hello"}), at("box", 1)),
		h.mail("b1@x", project("BETA"), text("Secret plans"), subject("Secret"), says(threads.Item{Kind: threads.Request, Text: "Secret"}), at("box", 2), at("other", 1)),
		h.mail("t1@x", project(""), text("Stray words"), func(f *threads.Filing) {
			f.Message.Evidence = []threads.Evidence{{Kind: "name", Project: "ACME", Detail: "Acme"}, {Kind: "name", Project: "BETA", Detail: "Beta"}}
			f.Message.Tray = &threads.Tray{Cause: "ambiguous", Words: "ACME or BETA", Proposal: "BETA"}
		}),
	)
	h.clock.pass(48 * time.Hour)
	h.file(
		h.mail("a2@x", refers("a1@x"), subject("Second plan"), text("Hello again"), says(threads.Item{Kind: threads.Question, Text: "Hello"})),
		h.mail("b2@x", project("BETA"), refers("b1@x"), text("Secret again"), subject("Secret"), says(threads.Item{Kind: threads.Question, Text: "Secret"})),
	)
	acme = h.approve(h.approval("2026-W48"))
	a := h.approval("2026-W49")
	a.Filing.Message.Project, a.Report.Project = "BETA", "BETA"
	beta = h.approve(a)
	if h.clock.Now().Before(early.Add(47 * time.Hour)) {
		h.t.Fatal("the clock has not moved")
	}
	return acme, beta
}

// seen is everything that a view of the store gives, as text.
func seen(h *house, s *store.Store) string {
	h.t.Helper()
	var b strings.Builder
	say := func(v any, err error) {
		h.t.Helper()
		h.must(err)
		b.WriteString(jsonOf(v))
	}
	ctx := background
	for _, project := range []string{"", "ACME", "BETA"} {
		say(s.Threads(ctx, threads.ThreadQuery{Project: project}))
		say(s.Items(ctx, threads.ItemQuery{Project: project}))
		say(s.Reports(ctx, project, 10))
		for _, words := range []string{"hello", "secret", "stray"} {
			say(s.Search(ctx, threads.SearchQuery{Text: words, Project: project}))
		}
	}
	say(s.Tray(ctx, 10))
	say(s.Changes(ctx, 10))
	rows, err := s.Log(ctx, 0, 100)
	h.must(err)
	for _, r := range rows {
		b.Write(r.Line)
	}
	return b.String()
}

func scopes(t *testing.T, h *house) {
	acme, beta := twoClients(h)
	betaMail, err := h.store.Message(background, "b1@x")
	h.must(err)
	acmeMail, err := h.store.Message(background, "a1@x")
	h.must(err)
	_, err = h.store.Change(background, threads.Change{Kind: threads.ChangeDismiss, By: "lin", Project: "BETA"}, nil)
	h.must(err)

	ofAcme := threads.Scope{Projects: []string{"ACME"}}
	s := h.store.Within(ofAcme)
	all := seen(h, s)
	for _, foreign := range []string{"BETA", "ecret", beta.ID, betaMail.ID, betaMail.Thread, "tray", "b1@x"} {
		if strings.Contains(all, foreign) {
			t.Errorf("who reads ACME sees %q in\n%s", foreign, all)
		}
	}
	for _, own := range []string{acme.ID, acmeMail.ID, acmeMail.Thread, "a2@x", "Hello again", "report.approved"} {
		if !strings.Contains(all, own) {
			t.Errorf("who reads ACME does not see %q", own)
		}
	}
	foreign := map[string]func(context.Context) error{
		"message": func(ctx context.Context) error { _, err := s.Message(ctx, betaMail.ID); return err },
		"by Message-ID": func(ctx context.Context) error {
			_, err := s.Message(ctx, "b1@x")
			return err
		},
		"bytes":  func(ctx context.Context) error { _, err := s.Raw(ctx, betaMail.ID); return err },
		"thread": func(ctx context.Context) error { _, _, err := s.Thread(ctx, betaMail.Thread); return err },
		"item":   func(ctx context.Context) error { _, err := s.Item(ctx, "BETA", 1); return err },
		"report": func(ctx context.Context) error { _, err := s.Report(ctx, beta.ID); return err },
		"letter": func(ctx context.Context) error { _, err := s.LetterRaw(ctx, beta.Deliveries[0].Letter); return err },
	}
	for what, ask := range foreign {
		if err := ask(background); err == nil {
			t.Errorf("a foreign %s is there", what)
		} else {
			h.wants(err, threads.ErrNotFound)
		}
	}
	// A beginning of an id that fits a foreign mail, too, is not ambiguous.
	begin := acmeMail.ID[:10]
	_, err = h.store.Message(background, begin)
	h.wants(err, threads.ErrAmbiguous)
	m, err := s.Message(background, begin)
	h.must(err)
	same(t, "by what all ids begin with", m.ID, acmeMail.ID)
	if _, ok, err := s.HasRaw(background, betaMail.RawSHA); ok || err != nil {
		t.Errorf("foreign bytes are known: %v %v", ok, err)
	}
	boxes, err := s.Mailboxes(background)
	h.must(err)
	same(t, "mailboxes", len(boxes), 0) // none was claimed
	c, err := h.store.Claim(background, "box", "test", h.clock.Now().Add(time.Hour))
	h.must(err)
	c.UIDValidity, c.First, c.LastUID, c.Owing = 7, 1, 5, []threads.Owed{{UID: 3, Why: threads.WhyTooLarge, Words: "large", Subject: "Secret"}}
	h.read(&c)
	_, err = h.store.SignCoverage(background, c)
	h.must(err)
	covered, err := s.Coverage(background, "box")
	h.must(err)
	covered.Latest = time.Time{}
	same(t, "what is told of the mailbox", covered, threads.Coverage{Filed: 1, Owed: []threads.Owed{}})
	if s.Disable(background, "mara") == nil {
		t.Error("a view has written")
	}
}

func scopeOfTray(t *testing.T, h *house) {
	twoClients(h)
	mails, err := h.store.Within(threads.Scope{Projects: []string{"ACME"}, Tray: true}).Tray(background, 10)
	h.must(err)
	m := mails[0]
	if len(mails) != 1 || len(m.Evidence) != 1 || m.Evidence[0].Project != "ACME" || m.Tray.Proposal != "" || m.Tray.Words != "" || m.Tray.Cause != "ambiguous" {
		t.Errorf("the tray tells of a foreign project: %s", jsonOf(mails))
	}
	whole, err := h.store.Within(threads.Scope{All: true, Tray: true}).Tray(background, 10)
	h.must(err)
	same(t, "who reads all", whole[0].Tray.Proposal, "BETA")
}

func scopeOfDays(t *testing.T, h *house) {
	from := h.clock.Now()
	twoClients(h)
	early := h.store.Within(threads.Scope{All: true, Tray: true, To: from.Add(24 * time.Hour)})
	all := seen(h, early)
	for _, late := range []string{"a2@x", "b2@x", "again", "Second plan", "report-", "2026-11-25"} {
		if strings.Contains(all, late) {
			t.Errorf("who reads the first day sees %q in\n%s", late, all)
		}
	}
	list, err := early.Threads(background, threads.ThreadQuery{Project: "ACME"})
	h.must(err)
	same(t, "its thread has one mail and one open item, and names nobody", fmt.Sprint(len(list), list[0].Messages, list[0].Open, len(list[0].People)), "1 1 1 0")
	_, mails, err := early.Thread(background, list[0].ID)
	h.must(err)
	same(t, "mails of the thread", len(mails), 1)
	late := seen(h, h.store.Within(threads.Scope{All: true, Tray: true, From: from.Add(24 * time.Hour)}))
	if strings.Contains(late, "Stray") || strings.Contains(late, "First plan") || !strings.Contains(late, "Second plan") || strings.Contains(late, `a1@x"`) && !strings.Contains(late, "references") || !strings.Contains(late, "a2@x") || !strings.Contains(late, "report-2026-W49") {
		t.Errorf("who reads from the second day on sees\n%s", late)
	}
}
