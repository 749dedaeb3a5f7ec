package storetest

import (
	"fmt"
	"testing"
	"time"

	"rapport/threads"
)

// approval is a report of ACME for a period, to two people.
func (h *house) approval(period string) threads.Approval {
	id := "report-" + period + "@us.example"
	f := h.mail(id, subject("Weekly report "+period), text("What we did in "+period), func(f *threads.Filing) {
		f.Message.Direction = threads.Out
		f.Message.From = threads.Address{Name: "Lin", Address: "lin@us.example"}
	})
	a := threads.Approval{Filing: f, Report: threads.Report{Project: "ACME", Subject: f.Message.Subject, Period: period, Status: "green", Language: "en",
		MessageID: id, DraftSHA: shaOf([]byte("draft")), Draft: "# draft", Text: f.Message.Text, ApprovedBy: "lin",
		Points: []threads.Point{{ID: "P1", Text: "We did it"}}}}
	for i, to := range []string{"anna", "bert"} {
		raw := []byte(fmt.Sprintf("To: %s\r\nMessage-ID: <%s>\r\n\r\n%s\r\n", to, id, f.Message.Text))
		a.Letters = append(a.Letters, threads.Letter{ID: fmt.Sprintf("l%07d%08d", h.mails, i), Recipient: threads.Address{Name: to, Address: to + "@acme.example"},
			MessageID: id, SHA: shaOf(raw), Raw: raw})
	}
	return a
}

func (h *house) approve(a threads.Approval) threads.Report {
	h.t.Helper()
	r, err := h.store.Approve(background, a)
	h.must(err)
	h.clock.pass(time.Second)
	return r
}

func approve(t *testing.T, h *house) {
	root := h.file(h.mail("root@us.example"), h.mail("a@x", says(threads.Item{Kind: threads.Request, Text: "Hello"})))
	item, err := h.store.Item(background, "ACME", 1)
	h.must(err)
	a := h.approval("2026-W48")
	a.Filing.Message.References = []string{"root@us.example"}
	a.Answers = []threads.Answer{{Item: item.ID, Word: threads.Accepted, Reason: "of course", By: "lin"}}
	r := h.approve(a)

	if r.Number != 1 || r.State != threads.ReportApproved || r.Thread != root[0].Thread || r.Draft != "# draft" || len(r.Deliveries) != 2 {
		t.Errorf("report is %s", jsonOf(r))
	}
	same(t, "read again", jsonOf(mustReport(h, r.ID[:14])), jsonOf(r))
	item, err = h.store.Item(background, "ACME", 1)
	h.must(err)
	if item.State != threads.Answered || item.Answer.Report != r.ID {
		t.Errorf("item is %s", jsonOf(item))
	}
	for i, d := range r.Deliveries {
		if d.State != threads.Held || d.Attempts != 0 || d.Recipient != a.Letters[i].Recipient {
			t.Errorf("delivery is %+v", d)
		}
		l, err := h.store.LetterRaw(background, d.Letter)
		h.must(err)
		same(t, "letter", shaOf(l.Raw), a.Letters[i].SHA)
	}
	m := mustMessage(h, r.MessageID)
	if m.Direction != threads.Out || m.Thread != r.Thread {
		t.Errorf("the report is filed as %s", jsonOf(m))
	}
	same(t, "found by its words", len(found(h, threads.SearchQuery{Text: "weekly report"})), 1)
	of, err := h.store.DeliveriesOf(background, r.MessageID)
	h.must(err)
	same(t, "deliveries by Message-ID", of, r.Deliveries)
	next := h.approve(h.approval("2026-W49"))
	same(t, "numbers count up", next.Number, 2)
	all, err := h.store.Reports(background, "ACME", 10)
	h.must(err)
	same(t, "reports, latest first", []string{all[0].ID, all[1].ID}, []string{next.ID, r.ID})
	checkTree(h)
}

func mustReport(h *house, id string) threads.Report {
	h.t.Helper()
	r, err := h.store.Report(background, id)
	h.must(err)
	return r
}

func onePerPeriod(t *testing.T, h *house) {
	first := h.approve(h.approval("2026-W48"))
	_, err := h.store.Approve(background, h.approval("2026-W48"))
	h.wants(err, threads.ErrConflict)
	_, err = h.store.Cancel(background, first.ID, "lin")
	h.must(err)
	second := h.approve(h.approval("2026-W48"))
	if second.ID == first.ID || second.Number != 2 {
		t.Errorf("after the cancelled report: %s", jsonOf(second))
	}
	other := h.approval("2026-W48")
	other.Report.Project, other.Filing.Message.Project = "OTHER", "OTHER"
	same(t, "another project's number", h.approve(other).Number, 1)

	won := make([]error, 4)
	approvals := make([]threads.Approval, len(won))
	for i := range approvals {
		approvals[i] = h.approval("2026-W49")
		approvals[i].Filing.Raw = fmt.Append(nil, "raw ", i)
		approvals[i].Filing.Message.RawSHA = ""
		for l := range approvals[i].Letters {
			approvals[i].Letters[l].ID = fmt.Sprintf("l%08d%08d", i, l)
		}
	}
	together(len(won), func(i int) { _, won[i] = h.store.Approve(background, approvals[i]) })
	n := 0
	for _, err := range won {
		if err == nil {
			n++
		} else {
			h.wants(err, threads.ErrConflict)
		}
	}
	same(t, "winners of one period", n, 1)
}

func approveOtherBytes(t *testing.T, h *house) {
	a := h.approval("2026-W48")
	a.Letters[1].Raw = append([]byte("x"), a.Letters[1].Raw...)
	_, err := h.store.Approve(background, a)
	h.wants(err, threads.ErrNotApproved)
	a = h.approval("2026-W48")
	a.Answers = []threads.Answer{{Item: "i0000000000000000", Word: threads.Done, Reason: "done"}}
	_, err = h.store.Approve(background, a)
	h.wants(err, threads.ErrNotFound)
	a = h.approval("2026-W48")
	a.Letters = nil
	_, err = h.store.Approve(background, a)
	h.wants(err, threads.ErrConflict)
	all, err := h.store.Reports(background, "", 10)
	h.must(err)
	same(t, "reports", len(all), 0)
	size, _, err := h.store.LogHead(background)
	h.must(err)
	same(t, "log entries", size, 0)
}

func sentLetters(t *testing.T, h *house) {
	var reports []threads.Report
	for _, period := range []string{"1", "2", "3", "4"} {
		reports = append(reports, h.approve(h.approval(period)))
	}
	_, err := h.store.Cancel(background, reports[3].ID, "lin")
	h.must(err)
	list := func(limit int, ids ...string) string {
		letters, err := h.store.SentLetters(background, "ACME", ids, limit)
		h.must(err)
		out := ""
		for _, l := range letters {
			for i, r := range reports {
				if r.ID == l.Report {
					out += fmt.Sprint(i + 1)
				}
			}
		}
		return out
	}
	same(t, "latest first", list(10), "321")
	same(t, "limited", list(2), "32")
	same(t, "named first, in their order", list(10, reports[0].MessageID, "x", reports[1].MessageID), "123")
	same(t, "named and limited", list(1, reports[0].MessageID), "1")
	same(t, "a cancelled one is not quoted", list(10, reports[3].MessageID), "321")
	letters, err := h.store.SentLetters(background, "ACME", nil, 1)
	h.must(err)
	same(t, "letter", letters[0], threads.SentLetter{Report: reports[2].ID, MessageID: reports[2].MessageID, Text: "What we did in 3",
		Points: []threads.Point{{ID: "P1", Text: "We did it"}}, At: reports[2].ApprovedAt})
	none, err := h.store.SentLetters(background, "OTHER", []string{reports[0].MessageID}, 5)
	h.must(err)
	same(t, "another project's client", len(none), 0)
}
