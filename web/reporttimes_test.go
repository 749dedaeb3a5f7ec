package web

import (
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
