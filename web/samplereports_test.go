package web

import (
	"time"

	"rapport/threads"
)

const letterHTML = "From: Northlight <projects@northlight.example>\r\nTo: Anna Lindqvist <anna@harbour.example>\r\nSubject: Weekly report: Web shop\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
	`<table role="presentation" width="600" align="center" style="font-family:Georgia,serif"><tr><td bgcolor="#17568c" style="padding:20px;color:#ffffff"><b>Harbour Coffee · Web shop</b></td></tr>` +
	`<tr><td style="padding:20px"><h1 style="font-size:22px">Weekly report</h1><p>The shop is on track for 1 December.</p><p><b>P1</b> The discount code is repaired and waits for your test.</p>` +
	`<p><b>P2</b> We propose to move the blog to January. Is that all right?</p></td></tr></table>` + "\r\n"

// letters are the reports of the world and the log.
func (w *world) letters() {
	w.reports = []threads.Report{
		{
			ID: "r0000000000000001", Project: "HARBOUR-WEB", Number: 7, Subject: "Weekly report: Web shop", Period: "2026-W47", Status: "green", Language: "en",
			State: threads.ReportTrouble, MessageID: "m0000000000000005@mail.example", Thread: "t0000000000000002", Text: "Weekly report",
			Points: []threads.Point{
				{ID: "P1", Text: "The discount code is repaired and waits for your test."},
				{ID: "P2", Text: "We propose to move the blog to January. Is that all right?"},
				{ID: "P3", Text: "The photographs of the two new cafés are still missing."},
			},
			ApprovedBy: "lena", ApprovedAt: ago(5 * day),
			Deliveries: []threads.Delivery{
				{Letter: "l0000000000000001", Report: "r0000000000000001", Recipient: anna, State: threads.Taken, Attempts: 1, Words: "250 2.0.0 Ok: queued as 4X2Q1z", Changed: ago(5 * day), Opened: true},
				{Letter: "l0000000000000002", Report: "r0000000000000001", Recipient: ravi, State: threads.Bounced, Attempts: 2, Words: "550 5.2.2 Mailbox full", Changed: ago(5*day - time.Hour)},
			},
		},
		{
			ID: "r0000000000000002", Project: "YUNSHAN-APP", Number: 3, Subject: "双周报：会员小程序", Period: "2026-11-02..2026-11-15", Status: "yellow", Language: "zh",
			State: threads.ReportSent, MessageID: "r2@northlight.example", Thread: "t0000000000000003", Text: "双周报\n\n本期完成首页改版，积分明细有延期风险。",
			Points:     []threads.Point{{ID: "P1", Text: "首页改版已完成，请确认。"}},
			ApprovedBy: "tao", ApprovedAt: ago(7 * day),
			Deliveries: []threads.Delivery{{Letter: "l0000000000000003", Report: "r0000000000000002", Recipient: zhou, State: threads.Taken, Attempts: 1, Words: "250 Mail OK", Changed: ago(7 * day)}},
		},
	}
	plain := []byte("From: projects@northlight.example\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n双周报\r\n")
	w.memory.letters = []threads.Letter{
		{ID: "l0000000000000001", Report: "r0000000000000001", Project: "HARBOUR-WEB", Recipient: anna, Raw: []byte(letterHTML)},
		{ID: "l0000000000000002", Report: "r0000000000000001", Project: "HARBOUR-WEB", Recipient: ravi, Raw: []byte(letterHTML)},
		{ID: "l0000000000000003", Report: "r0000000000000002", Project: "YUNSHAN-APP", Recipient: zhou, Raw: plain},
	}
	for _, e := range []threads.Entry{
		{At: ago(6 * day), Type: threads.EntryMailIn, Project: "HARBOUR-WEB", Subject: "m0000000000000001", Ref: "t0000000000000001", Commit: threads.Commit([]byte("salt"), []byte("a mail"))},
		{At: ago(5 * day), Type: threads.EntryReportApproved, Project: "HARBOUR-WEB", Subject: "r0000000000000001"},
		{At: ago(5 * day), Type: threads.EntryLetter, Project: "HARBOUR-WEB", Subject: "l0000000000000001", Ref: "r0000000000000001"},
		{At: ago(5 * day), Type: threads.EntryDelivery, Project: "HARBOUR-WEB", Subject: "l0000000000000001", State: string(threads.Taken)},
		{At: ago(5 * time.Hour), Type: threads.EntryMailTray, Subject: "m0000000000000031"},
	} {
		w.log = append(w.log, e.Line())
	}
}
