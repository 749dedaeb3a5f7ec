package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

func TestAReportThatWaitsForItsTime(t *testing.T) {
	w := newWorld(t)
	report := &w.memory.reports[0]
	report.State = threads.ReportQueued
	report.Deliveries = []threads.Delivery{
		{Letter: "l0000000000000001", Report: report.ID, Recipient: anna, State: threads.Queued, Next: ago(-30 * time.Hour), Changed: ago(time.Hour)},
		{Letter: "l0000000000000003", Report: report.ID, Recipient: ravi, State: threads.Deferring, Words: "535 wrong password", Next: ago(-time.Minute), Changed: ago(time.Hour)},
		{Letter: "l0000000000000002", Report: report.ID, Recipient: ravi, State: threads.Held, Words: "its time was missed", Changed: ago(time.Hour)},
	}
	s := serve(t, w)
	says(t, s, "/r/"+report.ID+"?lang=en", "Waiting to be sent", "It goes out Thu 26 Nov", "Our own mail server does not work with us", "The server said: 535 wrong password", "Ready, not released", "It could not be sent at its time", "rapport report send "+report.ID)
	if strings.Contains(body(t, s, "/r/"+report.ID+"?lang=en"), threads.TimeMissed) {
		t.Error("our own words are shown as the server's")
	}
	says(t, s, "/r/"+report.ID+"?lang=zh", "发送时间", "我方邮件服务器目前无法使用", "到了发送时间而未能发出")
	says(t, s, "/?lang=en", "Not sent at its time")
	report.Deliveries = report.Deliveries[:2]
	says(t, s, "/p/"+report.Project+"?lang=en", "Waits for our mail server")
	report.Deliveries = report.Deliveries[:1]
	says(t, s, "/?lang=en", "goes out Thu 26 Nov")
}

// A report that missed its time, or was never released, goes or is withdrawn by
// a button; what has gone out has none, and a page that is behind sends nothing.
func TestAHeldReportIsDecidedOnItsPage(t *testing.T) {
	w := newWorld(t)
	b := &book{}
	s, err := New(Config{Archive: all(w.memory), Writer: b, Guest: "lena", Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, Server: s, book: b}
	report := &w.memory.reports[0]
	address := "/r/" + report.ID
	first := threads.Delivery{Letter: "l0000000000000001", Report: report.ID, Recipient: anna, State: threads.Held, Words: threads.TimeMissed}
	for name, c := range map[string]struct {
		letters        []threads.Delivery
		send, withdraw bool
	}{
		"missed":      {[]threads.Delivery{first}, true, true},
		"one of two":  {[]threads.Delivery{first, {Recipient: ravi, State: threads.Taken}}, true, false},
		"for later":   {[]threads.Delivery{{Letter: first.Letter, Recipient: anna, State: threads.Queued, Next: today.Add(time.Hour)}}, false, true},
		"on its way":  {[]threads.Delivery{{Letter: first.Letter, Recipient: anna, State: threads.Sending, Attempts: 1}}, false, false},
		"maybe there": {[]threads.Delivery{{Letter: first.Letter, Recipient: anna, State: threads.Unknown, Attempts: 1}}, false, false},
	} {
		report.Deliveries = c.letters
		page := body(t, d, address)
		if send, withdraw := strings.Contains(page, `value="send"`), strings.Contains(page, `value="withdraw"`); send != c.send || withdraw != c.withdraw {
			t.Errorf("%s: button to send %v, to withdraw %v", name, send, withdraw)
		}
	}
	b.behind = true
	if w := d.post(address, "step", "send", "back", address); w.Code != http.StatusConflict {
		t.Errorf("what waits for its time is sent: %d", w.Code)
	}
	b.behind = false
	if w := d.post(address, "step", "burn", "back", address); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown step: %d", w.Code)
	}
	report.Deliveries = []threads.Delivery{first}
	if page := d.done(address, "step", "send", "back", address); !strings.Contains(page, "The report is on its way.") {
		t.Error("the page does not say that the report is on its way")
	}
	if page := d.done(address, "step", "withdraw", "back", address); !strings.Contains(page, "The report is withdrawn.") {
		t.Error("the page does not say that the report is withdrawn")
	}
	if want := []string{"release lena " + report.ID, "withdraw lena " + report.ID}; !slices.Equal(b.asked, want) {
		t.Errorf("asked for %q, want %q", b.asked, want)
	}
}
