package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"rapport/store"
	"rapport/threads"
)

// book is a Writer over the real store that notes what it is asked for.
type book struct {
	*store.Store
	asked  []string
	behind bool // the page was
}

func (b *book) note(what ...string) (threads.Change, error) {
	b.asked = append(b.asked, strings.Join(what, " "))
	return threads.Change{ID: "c0000000000000001", Kind: threads.ChangeFile}, nil
}

func (b *book) FileMail(_ context.Context, by, mail, project string, passOn bool) (threads.Change, error) {
	if passOn {
		return b.note("file", by, mail, project, "pass-on")
	}
	return b.note("file", by, mail, project)
}

func (b *book) AddContact(_ context.Context, by, mail, project string) (threads.Change, error) {
	return b.note("contact", by, mail, project)
}

func (b *book) NotOurs(_ context.Context, by, mail string) (threads.Change, error) {
	return b.note("dismiss", by, mail)
}

func (b *book) ReadAgain(_ context.Context, by, mail string) (threads.Change, error) {
	return b.note("reread", by, mail)
}

func (b *book) Split(_ context.Context, by, mail string) (threads.Change, error) {
	return b.note("split", by, mail)
}

func (b *book) SendAgain(_ context.Context, by, report string, to threads.Address) error {
	_, err := b.note("again", by, report, to.Address)
	return err
}

func (b *book) Release(_ context.Context, by, report string) error {
	if b.behind {
		return threads.ErrConflict
	}
	_, err := b.note("release", by, report)
	return err
}

func (b *book) Withdraw(_ context.Context, by, report string) error {
	_, err := b.note("withdraw", by, report)
	return err
}

// desk is a server whose pages have forms.
type desk struct {
	t *testing.T
	*Server
	book *book
}

func newDesk(t *testing.T, people ...threads.Person) *desk {
	w := newWorld(t)
	if people != nil {
		w.dir = threads.NewDirectory(w.dir.Projects, people, w.dir.Ours)
	}
	b := &book{Store: stored(t, w)}
	s, err := New(Config{
		Archive: within(b.Store), Writer: b, Guest: w.dir.People[0].Login, Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today },
		Sentences: func(text string) (out [][2]int) {
			for at := 0; at < len(text); {
				end := len(text)
				if i := strings.IndexAny(text[at:], ".?!\n"); i >= 0 {
					end = at + i + 1
				}
				if strings.TrimSpace(text[at:end]) != "" {
					out = append(out, [2]int{at, end})
				}
				at = end
			}
			return out
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, Server: s, book: b}
}

// post sends a form as the page's own browser does.
func (d *desk) post(address string, fields ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

// done posts a form and returns the page that it leads to.
func (d *desk) done(address string, fields ...string) string {
	d.t.Helper()
	w := d.post(address, fields...)
	if w.Code != http.StatusSeeOther {
		d.t.Fatalf("POST %s %q: %d\n%s", address, fields, w.Code, w.Body)
	}
	to, _, _ := strings.Cut(w.Header().Get("Location"), "#") // a browser keeps that part
	return body(d.t, d, to)
}

// item is the first open item of Harbour.
func (d *desk) item() threads.Item {
	d.t.Helper()
	items, err := d.book.Items(d.t.Context(), threads.ItemQuery{Project: "HARBOUR-WEB", Open: true})
	if err != nil || len(items) == 0 {
		d.t.Fatalf("no items: %v", err)
	}
	return items[len(items)-1]
}

func page(i threads.Item) string { return "/p/" + i.Project + "/i/" + i.Label() }

// undoOf is the address of the form that takes back what was done.
func undoOf(t *testing.T, page string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, `action="/undo/`)
	id, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("the page offers no undo:\n%s", page)
	}
	return "/undo/" + id
}

func TestAnItemIsCorrectedAndTakenBack(t *testing.T) {
	d := newDesk(t)
	i := d.item()
	back := "/t/" + i.Thread + "?at=" + i.Message + "#n1"
	again := func() threads.Item {
		now, err := d.book.Item(t.Context(), i.Project, i.Number)
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	if thread := body(t, d, back); strings.Count(thread, `class="correct"`) == 0 || !strings.Contains(thread, "Not an item") {
		t.Fatalf("the thread has no forms beside its items")
	}
	after := d.done(page(i), "kind", "praise", "back", back)
	if !strings.Contains(after, "Corrected.") || again().Kind != threads.Praise {
		t.Errorf("one click made it %s", again().Kind)
	}
	after = d.done(undoOf(t, after), "back", back)
	if !strings.Contains(after, "Taken back.") || again().Kind != i.Kind {
		t.Errorf("undone it is %s", again().Kind)
	}
	d.done(page(i), "step", "dismiss", "back", back)
	if again().State != threads.Dismissed || strings.Contains(body(t, d, page(i)), `value="answer"`) {
		t.Errorf("dismissed: %s", again().State)
	}
	d.done(page(i), "step", "return", "back", back)
	d.done(page(i), "kind", "problem", "facet", "budget", "due", "2026-12-24", "urgent", "1", "back", page(i))
	if got := again(); got.Kind != threads.Problem || got.Facet != threads.Budget || got.Due != "2026-12-24" || !got.Urgent || got.State != threads.Open {
		t.Errorf("corrected to %+v", got)
	}
}

func TestAnItemIsAnswered(t *testing.T) {
	d := newDesk(t)
	i := d.item()
	w := d.post(page(i), "step", "answer", "word", "rejected", "reason", "Too dear <this> year.", "back", page(i))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "also needs a next step") || !strings.Contains(w.Body.String(), "Too dear &lt;this&gt; year.") {
		t.Errorf("an answer without its next step: %d\n%s", w.Code, w.Body)
	}
	after := d.done(page(i), "step", "answer", "word", "rejected", "reason", "Too dear.", "next", "We ask again.", "date", "2027-01-15", "back", page(i))
	if !strings.Contains(after, "The answer is kept") || !strings.Contains(after, "We ask again.") || strings.Contains(after, `value="dismiss"`) {
		t.Errorf("answered:\n%s", after)
	}
	if w := d.post(page(i), "step", "dismiss", "back", "/"); w.Code != http.StatusConflict {
		t.Errorf("an answered item was dismissed: %d", w.Code)
	}
}

func TestASentenceBecomesAnItem(t *testing.T) {
	d := newDesk(t)
	var mail threads.Message
	var shown string
	items, err := d.book.Items(t.Context(), threads.ItemQuery{Project: "HARBOUR-WEB"})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if shown = body(t, d, "/m/"+i.Message); strings.Contains(shown, `name="sentence"`) {
			if mail, err = d.book.Message(t.Context(), i.Message); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	_, rest, _ := strings.Cut(shown, `name="sentence" value="`)
	sentence, _, _ := strings.Cut(rest, `"`)
	var start, end int
	if _, err := fmt.Sscanf(sentence, "%d-%d", &start, &end); err != nil {
		t.Fatalf("no sentence is offered: %v", err)
	}
	d.done("/m/"+mail.ID, "step", "add", "sentence", sentence, "kind", "question", "back", "/m/"+mail.ID)
	now, err := d.book.Items(t.Context(), threads.ItemQuery{Message: mail.ID, Kind: threads.Question})
	if err != nil || !slices.ContainsFunc(now, func(i threads.Item) bool { return i.Text == mail.NewText[start:end] }) {
		t.Errorf("no item has the words %q: %+v %v", mail.NewText[start:end], now, err)
	}
	for _, wrong := range []string{"", "5", "-1-4", "9-2", "0-99999999", "a-b"} {
		if w := d.post("/m/"+mail.ID, "step", "add", "sentence", wrong, "kind", "question"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("sentence %q: %d", wrong, w.Code)
		}
	}
}

func TestTheTrayIsSorted(t *testing.T) {
	d := newDesk(t)
	tray, err := d.book.Tray(t.Context(), 1)
	if err != nil || len(tray) == 0 {
		t.Fatalf("the tray: %v", err)
	}
	id := tray[0].ID
	if page := body(t, d, "/tray"); !strings.Contains(page, `<option value="HARBOUR-WEB" selected>`) {
		t.Error("the proposal is not chosen in the form")
	}
	for _, step := range []string{"file", "contact", "dismiss", "reread"} {
		if w := d.post("/m/"+id, "step", step, "project", "YUNSHAN-APP", "back", "/tray"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/tray?done=c0000000000000001" {
			t.Errorf("%s: %d to %s", step, w.Code, w.Header().Get("Location"))
		}
	}
	want := []string{"file lena " + id + " YUNSHAN-APP", "contact lena " + id + " YUNSHAN-APP", "dismiss lena " + id, "reread lena " + id}
	if !slices.Equal(d.book.asked, want) {
		t.Errorf("asked for %q, want %q", d.book.asked, want)
	}
	if page := body(t, d, "/tray"); !strings.Contains(page, "bulk.example may pass on later mail of this sender") {
		t.Error("whoever passed a mail on cannot be allowed to")
	}
	d.post("/m/"+id, "step", "file", "project", "HARBOUR-WEB", "pass-on", "1", "back", "/tray")
	if last := d.book.asked[len(d.book.asked)-1]; last != "file lena "+id+" HARBOUR-WEB pass-on" {
		t.Errorf("asked for %q", last)
	}
	if w := d.post("/m/"+id, "step", "file", "project", "NO-SUCH", "back", "/tray"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("an unknown project: %d", w.Code)
	}
}

func TestAnotherSubjectOnAnOldThreadIsProposed(t *testing.T) {
	d := newDesk(t)
	list, err := d.book.Threads(t.Context(), threads.ThreadQuery{Project: "MERIDIAN-PORTAL"})
	if err != nil || len(list) == 0 {
		t.Fatalf("threads: %v", err)
	}
	_, mails, err := d.book.Thread(t.Context(), list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var filings []threads.Filing
	for i, subject := range []string{"Our new address", "Re: our new address"} {
		filings = append(filings, threads.Filing{Raw: []byte(subject), Message: threads.Message{Project: "MERIDIAN-PORTAL", From: noor, Subject: subject, MessageID: fmt.Sprint("turn@", i),
			References: []string{mails[0].MessageID}, Date: today, Received: today.Add(time.Duration(i) * time.Hour), Class: threads.ClassPerson, NewText: "We move."}})
	}
	filed, err := d.book.File(t.Context(), nil, filings)
	if err != nil || filed[0].Thread != list[0].ID {
		t.Fatalf("filed %+v: %v", filed, err)
	}
	page := body(t, d, "/t/"+list[0].ID+"?lang=en")
	if strings.Contains(page, "%!") {
		t.Error("a word of the page has too many or too few values")
	}
	if n := strings.Count(page, `value="split"`); n != 1 || !strings.Contains(page, "days of silence: it may be about something else.") || !strings.Contains(page, "Give these 2 mails a conversation of their own") {
		t.Errorf("%d forms propose a conversation of its own", n)
	}
	d.done("/m/"+filed[0].Message, "step", "split", "back", "/t/"+list[0].ID)
	if !slices.Equal(d.book.asked, []string{"split lena " + filed[0].Message}) {
		t.Errorf("asked for %q", d.book.asked)
	}
}

func TestOtherSitesChangeNothing(t *testing.T) {
	d := newDesk(t)
	i := d.item()
	for _, headers := range []map[string]string{
		{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
	} {
		r := httptest.NewRequest(http.MethodPost, page(i), strings.NewReader("step=dismiss"))
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		if d.ServeHTTP(w, r); w.Code != http.StatusForbidden {
			t.Errorf("a form with %v: %d", headers, w.Code)
		}
	}
	if d.item().ID != i.ID {
		t.Error("another site has dismissed an item")
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", "", "evil"} {
		w := d.post(page(i), "kind", string(i.Kind), "back", back)
		if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/?done=c") {
			t.Errorf("back to %q leads to %q (%d)", back, to, w.Code)
		}
	}
}

// A server without a Writer, and one that only auditors read, have no forms.
func TestPagesThatOnlyRead(t *testing.T) {
	auditors := newDesk(t, threads.Person{Login: "ada", Name: "Ada", Role: "auditor"})
	for name, s := range map[string]http.Handler{"no writer": serve(t, newWorld(t)), "auditors": auditors} {
		for _, address := range []string{"/tray", "/p/HARBOUR-WEB/i/F-1", "/items"} {
			if page := body(t, s, address); strings.Contains(page, `method="post"`) {
				t.Errorf("%s: %s has a form", name, address)
			}
		}
		r := httptest.NewRequest(http.MethodPost, "/p/HARBOUR-WEB/i/F-1", strings.NewReader("step=dismiss"))
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: a form is answered with %d", name, w.Code)
		}
	}
}

// Forms are held to what every page is held to.
func TestPagesWithFormsAreValid(t *testing.T) {
	d := newDesk(t)
	i := d.item()
	for _, address := range []string{page(i), "/tray", "/m/" + i.Message, "/t/" + i.Thread} {
		shown := body(t, d, address+"?lang=zh")
		root, err := html.Parse(strings.NewReader(shown))
		if err != nil {
			t.Fatal(err)
		}
		check(t, address, root)
		if !strings.Contains(shown, `method="post"`) {
			t.Errorf("%s has no form", address)
		}
	}
}
