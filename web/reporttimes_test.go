package web

import (
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
		{Letter: "l0000000000000002", Report: report.ID, Recipient: ravi, State: threads.Held, Words: "its time was missed", Changed: ago(time.Hour)},
	}
	s := serve(t, w)
	says(t, s, "/r/"+report.ID+"?lang=en", "Waiting to be sent", "It goes out Thu 26 Nov", "Ready, not released", "Its time went by while Rapport did not run", "rapport report send "+report.ID)
	says(t, s, "/r/"+report.ID+"?lang=zh", "发送时间", "Rapport 未在运行")
}
