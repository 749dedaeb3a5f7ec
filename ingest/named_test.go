package ingest_test

import (
	"strings"
	"testing"

	"rapport/demo"
	"rapport/threads"
)

// A stranger who names a project gets it proposed, with the names as evidence, and
// is never filed there.
func TestAStrangerWhoNamesAProject(t *testing.T) {
	for _, c := range []struct{ name, from, subject, text, proposal, words string }{
		{"the client in the text, over two lines", "jo@papermill.example", "Hello", "I have taken over from Tom at Harbour\nLane Books.", demo.Harbour, "the mail names Harbour Lane Books."},
		{"the key in the subject", "jo@papermill.example", "harbour-web: new texts", "See below.", demo.Harbour, "the mail names " + demo.Harbour},
		{"in Chinese", "zhou@teashop.example", "你好", "我是云杉茶业的新同事，想了解会员小程序的进度。", demo.Yunshan, "the mail names 会员小程序, 云杉茶业."},
		{"one with more of its names", "jo@papermill.example", "Client portal", "Meridian Logistics sends me; Harbour Lane Books knows us too.", demo.Meridian, "the mail names Client portal, Meridian Logistics."},
		{"two alike", "jo@papermill.example", "Hello", "Harbour Lane Books and Meridian Logistics know us.", "", ""},
		{"only a part of a word", "jo@papermill.example", "Web shopping", "We sell client portals.", "", ""},
		{"nobody", "jo@papermill.example", "Hello", "We sell paper.", "", ""},
		{"one of us", "mara@northlight.example", "Notes", "Harbour Lane Books called.", demo.Harbour, "the mail names Harbour Lane Books."},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			m := w.file(mailOf("From: "+c.from, "To: projects@northlight.example", "Subject: "+c.subject, "Content-Type: text/plain; charset=utf-8", "", c.text))[0]
			if m.Project != "" || m.Tray == nil {
				t.Fatalf("filed in %q, tray %+v", m.Project, m.Tray)
			}
			if m.Tray.Proposal != c.proposal || !strings.Contains(m.Tray.Words, c.words) {
				t.Errorf("proposed %q: %s", m.Tray.Proposal, m.Tray.Words)
			}
		})
	}
	w := newWorld(t)
	w.people = w.people.With(threads.Choices{NotOurs: map[string]bool{"jo@papermill.example": true}})
	if m := w.file(mailOf("From: jo@papermill.example", "Subject: Harbour Lane Books"))[0]; m.Tray.Proposal != "" {
		t.Errorf("mail that is not ours is proposed for %s", m.Tray.Proposal)
	}
}
