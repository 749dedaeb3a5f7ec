package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

// A report that came back is sent to somebody whom the page proposes, and to
// nobody else.
func TestAReportIsSentAgainFromItsPage(t *testing.T) {
	w := newWorld(t)
	p, address := w.dir.Project("HARBOUR-WEB"), "/r/"+w.memory.reports[0].ID
	p.Contacts = append(p.Contacts, threads.Contact{Name: "Ida Holm", Addresses: []string{"ida@harbour.example"}})
	says(t, serve(t, w), address+"?lang=en", "Who else at the client may get it: Ida Holm ida@harbour.example", "rapport report again") // pages that only read

	b := &book{}
	s, err := New(Config{Archive: all(w.memory), Writer: b, Guest: "lena", Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, Server: s, book: b}
	if page := body(t, d, address); !strings.Contains(page, `name="to" value="ida@harbour.example"`) {
		t.Fatalf("no button proposes Ida:\n%s", page)
	}
	for _, other := range []string{"", "somebody@elsewhere.example", anna.Address, ravi.Address} {
		if w := d.post(address, "to", other, "back", address); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("to %q: %d", other, w.Code)
		}
	}
	if page := d.done(address, "to", "ida@harbour.example", "back", address); !strings.Contains(page, "on its way") {
		t.Errorf("the page does not say what was done:\n%s", page)
	}
	if want := []string{"again lena " + w.memory.reports[0].ID + " ida@harbour.example"}; !slices.Equal(b.asked, want) {
		t.Errorf("asked for %q, want %q", b.asked, want)
	}
}

// A report met a note of absence: who is named in it may get the report.
func TestAReportGoesToWhomANoteOfAbsenceNames(t *testing.T) {
	w := newWorld(t)
	b := &book{}
	s, err := New(Config{Archive: all(w.memory), Writer: b, Guest: "lena", Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	report := &w.memory.reports[0]
	address, project := "/r/"+report.ID, w.dir.Project("HARBOUR-WEB")
	project.Contacts = append(project.Contacts, threads.Contact{Name: "Ida Holm", Addresses: []string{"ida@harbour.example"}})
	report.Deliveries = []threads.Delivery{{Letter: "l0000000000000001", Report: report.ID, Recipient: ravi, State: threads.Taken, Changed: ago(time.Hour)}}
	d := &desk{t: t, Server: s, book: b}
	if page := body(t, d, address); strings.Contains(page, `name="to"`) {
		t.Error("somebody is proposed though nobody is away")
	}
	w.mail(threads.Message{ID: "m00000000000000aa", Project: "HARBOUR-WEB", Thread: "t0000000000000001", From: ravi, Class: threads.ClassOutOfOffice, Direction: threads.In,
		Received: ago(time.Minute), Away: &threads.Away{Until: today.Format(time.DateOnly)}, NewText: "Ask ida@harbour.example, or eve@elsewhere.example."})
	says(t, s, address+"?lang=en", "answered with a note of absence: away until", "It names somebody who may get the report instead:", "Ida Holm ida@harbour.example")
	says(t, s, "/p/HARBOUR-WEB?lang=en", "Ravi Menon away until", "instead: Ida Holm")
	says(t, s, address+"?lang=zh", "收件人自动回复不在", "回复中提到可以转发给")
	if w := d.post(address, "to", "eve@elsewhere.example", "back", address); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("somebody who is not of the project: %d", w.Code)
	}
	d.done(address, "to", "ida@harbour.example", "back", address)
	if want := []string{"again lena " + report.ID + " ida@harbour.example"}; !slices.Equal(b.asked, want) {
		t.Errorf("asked for %q, want %q", b.asked, want)
	}
}
