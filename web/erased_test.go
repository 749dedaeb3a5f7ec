package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// erasing is the world in a real database, of which a mail was erased and a
// conversation is held.
func erasing(t *testing.T) (s *Server, st *store.Store, erased, held threads.Message) {
	w := newWorld(t)
	st = stored(t, w)
	find := func(project, words string) threads.Message {
		hits, err := st.Search(t.Context(), threads.SearchQuery{Project: project, Text: words, Limit: 1})
		if err != nil || len(hits) != 1 {
			t.Fatalf("search %s: %d hits, %v", words, len(hits), err)
		}
		return hits[0].Message
	}
	erased, held = find("HARBOUR-WEB", "press visit"), find("YUNSHAN-APP", "安卓")
	err := st.Erase(t.Context(), []string{erased.ID}, threads.Erasure{Cause: threads.CauseRequest, Reason: "Anna has asked <for> it", By: "lena"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.Hold(t.Context(), threads.Hold{Thread: held.Thread, Reason: "A lawsuit is <expected>", By: "lena"}); err != nil {
		t.Fatal(err)
	}
	s, err = New(Config{Guest: "lena", Archive: within(st), Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	return s, st, erased, held
}

func TestAnErasedMailIsShownAsATombstone(t *testing.T) {
	s, _, erased, _ := erasing(t)
	thread := "/t/" + erased.Thread
	for _, page := range []string{thread + "?lang=en", "/m/" + erased.ID + "?lang=en"} {
		says(t, s, page, "Erased mail", "because somebody asked for it", "Anna has asked <for> it", "Lena Brandt")
		if text := body(t, s, page); strings.Contains(text, "press visit") {
			t.Errorf("%s still has its words", page)
		}
	}
	says(t, s, thread+"?lang=zh", "已清除的邮件", "应要求清除")
	says(t, s, "/m/"+erased.ID+"?lang=en", "How it came, and went", "mail.in", "mail.erased")
	for _, gone := range []string{"/raw", "/source", "/body"} {
		if w := get(t, s, "/m/"+erased.ID+gone); w.Code != http.StatusGone {
			t.Errorf("%s of it answers %d, want 410", gone, w.Code)
		}
	}
	says(t, s, "/search?lang=en&q=press+visit", "No mail")
	says(t, s, "/log?lang=en", "Held against erasure", "Mail erased")
}

func TestPagesWithErasedMailLeadNowhereWrong(t *testing.T) {
	s, _, erased, _ := erasing(t)
	c := &crawl{t: t, s: s, seen: map[string]bool{}, ids: map[string]map[string]bool{}}
	for _, start := range []string{"/?lang=en", "/t/" + erased.Thread, "/m/" + erased.ID + "?lang=zh", "/log?lang=en"} {
		c.follow(start, "start")
	}
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(next[0], next[1])
	}
	c.anchors()
}

// A hold is shown to whoever may read what it holds.
func TestHoldsAreShownWhereTheyHold(t *testing.T) {
	s, st, _, held := erasing(t)
	says(t, s, "/t/"+held.Thread+"?lang=en", "On hold: this conversation", "A lawsuit is <expected>", "Lena Brandt")
	says(t, s, "/p/"+held.Project+"?lang=en", "On hold: this conversation")
	if text := body(t, s, "/p/HARBOUR-WEB?lang=en"); strings.Contains(text, "On hold") {
		t.Error("the hold is shown in another project")
	}
	if _, err := st.Hold(t.Context(), threads.Hold{Project: held.Project, Reason: "An audit", By: "lena"}); err != nil {
		t.Fatal(err)
	}
	says(t, s, "/p/"+held.Project+"?lang=en", "On hold: no mail of this project", "An audit")
	all, err := st.Holds(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("holds %+v: %v", all, err)
	}
	for _, h := range all {
		if _, err := st.Lift(t.Context(), h.ID, "lena"); err != nil {
			t.Fatal(err)
		}
	}
	if text := body(t, s, "/t/"+held.Thread+"?lang=en"); strings.Contains(text, "On hold") {
		t.Error("a hold that was lifted is still shown")
	}
	if text, err := st.Within(threads.Scope{Projects: []string{"HARBOUR-WEB"}}).Holds(t.Context()); err != nil || len(text) != 0 {
		t.Errorf("of another project %+v: %v", text, err)
	}
}

// Of an item that we have answered the number and our word stay; of a report
// that went with its mail, when it was approved and what became of its letters.
func TestErasedItemsAndReportsSayThatTheyAre(t *testing.T) {
	w := newWorld(t)
	var item threads.Item
	for i := range w.items {
		if w.items[i].Answer != nil {
			w.items[i].Text, w.items[i].Answer.Reason, w.items[i].Answer.Next, w.items[i].Due, w.items[i].About = "", "", "", "", ""
			item = w.items[i]
		}
	}
	for i := range w.messages {
		if m := &w.messages[i]; m.ID == item.Message {
			*m = threads.Message{ID: m.ID, Project: m.Project, Thread: m.Thread, Direction: m.Direction, Class: m.Class, Received: m.Received, Date: m.Received,
				Erased: &threads.Erasure{Message: m.ID, Cause: threads.CauseRetention, Reason: "kept for 2y", By: "automatic", At: ago(day)}}
		}
	}
	r := &w.reports[0]
	r.Subject, r.Text, r.Draft, r.Status, r.Period, r.MessageID, r.Points = "", "", "", "", "", "", nil
	for i := range r.Deliveries {
		r.Deliveries[i].Recipient, r.Deliveries[i].Words = threads.Address{}, ""
	}
	w.memory.letters = nil
	s := serve(t, w)
	says(t, s, "/p/"+item.Project+"/i/"+item.Label()+"?lang=en", item.Label(), "These words were erased with their mail", "Deferred", "Erased because the time for keeping it was over", "kept for 2y", "automatic")
	says(t, s, "/m/"+item.Message+"?lang=en", "Erased mail", item.Label(), "How it came, and went")
	says(t, s, "/t/"+item.Thread+"?lang=en", "Erased mail", item.Label())
	says(t, s, "/r/"+r.ID+"?lang=en", "Erased report", "This report was erased", "Erased recipient")
	if text := body(t, s, "/r/"+r.ID); strings.Contains(text, "/l/") {
		t.Error("the page of an erased report leads to its letters")
	}
	says(t, s, "/p/"+r.Project+"?lang=en", "Erased report")
}

func TestAProjectSaysHowLongItsMailIsKept(t *testing.T) {
	w := newWorld(t)
	w.dir.Projects[0].Retention = threads.Retention{AtLeast: threads.Span{Months: 18}, AtMost: threads.Span{Years: 1}}
	w.dir.Projects[1].Retention = threads.Retention{AtMost: threads.Span{Days: 90}}
	s := serve(t, w)
	says(t, s, "/p/"+w.dir.Projects[0].Key+"?lang=en", "Mail is kept", "at least 18 months, at most 1 year")
	says(t, s, "/p/"+w.dir.Projects[1].Key+"?lang=zh", "邮件保存期限", "最多 90 天")
	if text := body(t, s, "/p/"+w.dir.Projects[2].Key+"?lang=en"); strings.Contains(text, "Mail is kept") {
		t.Error("a project without a rule says one")
	}
}
