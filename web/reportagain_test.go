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
