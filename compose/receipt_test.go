package compose

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

func sampleReceipt(language string) *Receipt {
	return &Receipt{
		Project: &threads.Project{Key: "HARBOUR-WEB", Name: "Web shop", Client: "Harbour Lane Books", Language: language},
		Message: &threads.Message{ID: "m1", Subject: "Gift ideas", Received: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)},
		Items: []threads.Item{{Number: 13, Kind: threads.Question, State: threads.Open, Text: "What would that cost?"},
			{Number: 12, Kind: threads.Request, State: threads.Open, Text: "Please add vouchers to the shop. <script>alert(1)</script> [click](http://evil.example)"},
			{Number: 14, Kind: threads.Commitment, State: threads.Noted, Text: "We send the texts by Friday."},
			{Number: 15, Kind: threads.Praise, State: threads.Noted, Text: "The new pages are lovely."},
			{Number: 16, Kind: threads.Question, State: threads.Dismissed, Text: "How are you?"}},
		By: "2026-12-01",
	}
}

// Receipts and reminders, as they are read; clients' words in them stay words.
func TestReceiptsAndReminders(t *testing.T) {
	project := sampleReceipt("en").Project
	due := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)
	late, soon := Reminder{Project: project, Due: due, Late: true}, Reminder{Project: project, Due: due}
	missed := MissedReport{Project: project, Report: "r06fz8k2m4n6p8q0rs", SendAt: due, Pages: "https://rapport.northlight.example/"}
	for name, n := range map[string]threads.Notice{
		"receipt.en": sampleReceipt("en").Notice(), "receipt.zh": sampleReceipt("zh").Notice(), "late.en": late.Notice("en"), "due.zh": soon.Notice("zh"),
		"missed.en": missed.Notice("en"), "missed.zh": missed.Notice("zh"),
	} {
		r := renderNotice(&n, "Northlight Studio", project, 2026)
		golden(t, filepath.Join("testdata", "notices", name+".txt"), n.Subject+"\n\n"+r.Text)
		for _, markup := range []string{"<script", "href=\"http://evil.example"} {
			if strings.Contains(r.HTML, markup) {
				t.Errorf("%s has %q in it", name, markup)
			}
		}
		for line := range strings.Lines(r.Text) {
			if displayWidth(strings.TrimRight(line, "\n")) > textColumns {
				t.Errorf("%s has a line of more than %d columns: %q", name, textColumns, line)
			}
		}
	}
}

func TestReceiptsAreForWhatWasAsked(t *testing.T) {
	r := sampleReceipt("en")
	if !r.Asks() {
		t.Error("a request and a question ask for nothing")
	}
	if r.Items = r.Items[2:]; r.Asks() {
		t.Error("a promise, praise and what is no item want a receipt")
	}
}

// Where a client reads reports in two languages, each gets receipts in the one
// they write.
func TestAReceiptIsInTheClientsLanguage(t *testing.T) {
	both := []string{"en", "zh"}
	for text, want := range map[string]string{
		"Please add vouchers to the shop.":         "en",
		"请在商店里增加礼券。":                               "zh",
		"请修复 checkout 页面上的 Apple Pay 按钮。":          "zh",
		"The button says 提交, please translate it.": "en",
		"Bitte ergänzen Sie das Impressum.":        "en",
	} {
		r := sampleReceipt("en")
		r.Items, r.Project.Languages = []threads.Item{{Number: 1, Kind: threads.Request, State: threads.Open, Text: text}}, both
		if n := r.Notice(); n.Language != want || strings.Contains(n.Body, "来信") != (want == "zh") {
			t.Errorf("%q gets a receipt in %s:\n%s", text, n.Language, n.Body)
		}
		r.Project.Languages = nil
		if n := r.Notice(); n.Language != "en" {
			t.Errorf("%q gets a receipt in %s, which the project does not have", text, n.Language)
		}
	}
}

func TestReplySubjects(t *testing.T) {
	for subject, want := range map[string]string{
		"Gift ideas":              "Re: [ACME-WEB] Gift ideas",
		"RE: AW: Gift ideas":      "Re: [ACME-WEB] Gift ideas",
		"Re: [ACME-WEB] Week 48":  "Re: [ACME-WEB] Week 48",
		"回复：[ACME-WEB] 第48周":      "Re: [ACME-WEB] 第48周",
		"":                        "Re: [ACME-WEB]",
		"one\r\nBcc: x@y.example": "Re: [ACME-WEB] one Bcc: x@y.example",
	} {
		if got := replySubject(subject, "ACME-WEB"); got != want {
			t.Errorf("%q: %q, want %q", subject, got, want)
		}
	}
}
