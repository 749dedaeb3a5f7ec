package web

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rapport/threads"
)

// foreign is one thing of each kind in the project of another manager.
type foreign struct {
	project, label, thread, message, report, letter, change string
}

// words are what nobody else may see of it.
func (f foreign) words() []string {
	return []string{f.project, "云杉", "双周报", "zhoumin", f.thread, f.message, f.report, f.letter, f.change}
}

// address fills the placeholders of a route.
func (f foreign) address(r route) (method, address string) {
	method, pattern, _ := strings.Cut(r.pattern, " ")
	return method, strings.NewReplacer("{$}", "", "{project}", f.project, "{label}", f.label, "{thread}", f.thread, "{message}", f.message,
		"{report}", f.report, "{letter}", f.letter, "{change}", f.change, "{file}", "style.css", "{tile...}", "000.p/1",
		"{part}", "2", "{until}", "1764", "{mac}", "forged", "{token}", "forged").Replace(pattern)
}

// newForeign adds to the store what the samples lack: a mail with files and a
// picture, a letter with a picture, a change.
func newForeign(t *testing.T, d *doored) foreign {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	hash := func(raw []byte) string { sum := sha256.Sum256(raw); return hex.EncodeToString(sum[:]) }
	raw := []byte(strings.ReplaceAll(hostileMail, "Subject: ", "Subject: 双周报 "))
	mail := threads.Message{Project: "YUNSHAN-APP", MessageID: "files@yunshan.example", Subject: "双周报 files", From: zhou, Received: today, Date: today,
		Text: "请看附件", NewText: "请看附件", RawSHA: hash(raw)}
	filed, err := d.store.File(t.Context(), nil, []threads.Filing{{Message: mail, Raw: raw, Items: []threads.Item{{Kind: threads.Request, Text: "请看附件", End: len("请看附件")}}}})
	must(err)
	items, err := d.store.Items(t.Context(), threads.ItemQuery{Message: filed[0].Message})
	must(err)
	c, err := d.store.Correct(t.Context(), threads.Correction{Step: threads.CorrectRead, Item: items[0].ID, Kind: threads.Problem, By: "tao"})
	must(err)
	letter := append([]byte("X-Letter: 1\r\n"), raw...)
	own := append([]byte("X-Report: 1\r\n"), raw...)
	mail.MessageID, mail.Direction, mail.RawSHA = "report@northlight.example", threads.Out, hash(own)
	r, err := d.store.Approve(t.Context(), threads.Approval{
		Filing:  threads.Filing{Message: mail, Raw: own},
		Report:  threads.Report{Project: "YUNSHAN-APP", Subject: "双周报", Period: "2026-W48", Status: "green", Language: "zh", MessageID: mail.MessageID, DraftSHA: hash(nil), Text: "双周报", ApprovedBy: "tao"},
		Letters: []threads.Letter{{ID: "l0000000000000009", Recipient: zhou, MessageID: mail.MessageID, SHA: hash(letter), Raw: letter}},
	})
	must(err)
	return foreign{project: "YUNSHAN-APP", label: items[0].Label(), thread: filed[0].Thread, message: filed[0].Message, report: r.ID,
		letter: r.Deliveries[0].Letter, change: c.ID}
}

// TestNobodySeesAForeignProject walks every route as everybody: whose project it
// is not is told that it is not there, or that there is no such address.
func TestNobodySeesAForeignProject(t *testing.T) {
	d := newDoored(t, "")
	f := newForeign(t, d)
	cookies := map[string]*http.Cookie{}
	for _, p := range staff() {
		cookies[p.Login] = d.in(p.Login)
	}
	mine := map[string]bool{"olga": true, "tao": true, "ada": true}
	for _, r := range routes {
		method, address := f.address(r)
		if strings.Contains(address, "{") {
			t.Errorf("%s: the test does not know how to fill it", r.pattern)
		}
		names := (r.demand == signedIn || r.demand == decider) && regexp.MustCompile(`\{[a-z]+\}`).MatchString(r.pattern)
		for _, p := range staff() {
			if r.pattern == "POST /sign-out" { // the session is needed
				continue
			}
			w := d.ask(method, address, url.Values{"step": {"nonsense"}}, cookies[p.Login])
			there := w.Code != http.StatusNotFound && w.Code != http.StatusMethodNotAllowed
			switch {
			case r.demand == signed: // whoever it is, it takes a signature
				if w.Code != http.StatusNotFound {
					t.Errorf("%s gets %s: %d", p.Login, address, w.Code)
				}
			case r.demand == decider && !p.Decides():
				if w.Code != http.StatusMethodNotAllowed {
					t.Errorf("%s may %s %s: %d", p.Login, method, address, w.Code)
				}
			case names && there != mine[p.Login]:
				t.Errorf("%s asks for %s %s: %d", p.Login, method, address, w.Code)
			}
			for _, word := range f.words() {
				if !mine[p.Login] && strings.Contains(w.Body.String(), word) && !strings.Contains(address, word) {
					t.Errorf("%s sees %q at %s %s", p.Login, word, method, address)
				}
			}
		}
	}
	for _, address := range []string{"/search?q=双周报", "/search?q=files&project=YUNSHAN-APP", "/search?q=zhoumin", "/items?open=1", "/log?before=9999", "/log?day=2026-11-25", "/p/HARBOUR-WEB?before=" + f.thread} {
		for _, login := range []string{"lena", "ruth"} {
			page := d.ask(http.MethodGet, address, nil, cookies[login]).Body.String()
			for _, word := range f.words() {
				if strings.Contains(page, word) && !strings.Contains(address, word) {
					t.Errorf("%s sees %q at %s", login, word, address)
				}
			}
		}
		if page := d.ask(http.MethodGet, address, nil, cookies["tao"]).Body.String(); strings.HasPrefix(address, "/search") && !strings.Contains(page, f.message) {
			t.Errorf("tao does not find the mail at %s", address)
		}
	}
}

// Whoever may not read all lines of a tile does not get others in their place:
// who checks the log would take that for forgery.
func TestATileHasItsOwnLines(t *testing.T) {
	d := newDoored(t, "")
	newForeign(t, d)
	rows, err := d.store.Log(t.Context(), 0, 256)
	if err != nil || len(rows) < 5 {
		t.Fatalf("%d lines, %v", len(rows), err)
	}
	got := map[string]int{}
	for _, login := range []string{"olga", "lena", "ruth"} {
		c, want := d.in(login), ""
		for i, r := range rows {
			want += string(binary.BigEndian.AppendUint16(nil, uint16(len(r.Line)))) + string(r.Line)
			w := d.ask(http.MethodGet, fmt.Sprintf("/log/tile/entries/000.p/%d", i+1), nil, c)
			if w.Code == http.StatusOK {
				got[login]++
				if w.Body.String() != want {
					t.Errorf("%s gets other lines than the first %d", login, i+1)
				}
			}
		}
	}
	if w := d.ask(http.MethodGet, "/log/tile/entries/x072/x057/x594/x037/x927/936.p/1", nil, d.in("olga")); w.Code != http.StatusNotFound { // 1<<56, eight bits of which are cut off
		t.Errorf("a place beyond every log has lines: %d", w.Code)
	}
	if got["olga"] != len(rows) || got["lena"] == len(rows) || got["ruth"] == len(rows) {
		t.Errorf("of %d tiles are had: %v", len(rows), got)
	}
}

// The tray is sorted by all managers, each into the own projects; an auditor of
// some projects does not see it.
func TestTheTrayIsSharedByManagers(t *testing.T) {
	d := newDoored(t, "")
	for login, want := range map[string]int{"olga": 3, "lena": 3, "tao": 3, "ada": 3, "ruth": 0} {
		page := d.ask(http.MethodGet, "/tray", nil, d.in(login)).Body.String()
		if got := strings.Count(page, `class="proposal"`); got != want {
			t.Errorf("%s sees %d mails in the tray", login, got)
		}
		if foreign := strings.Contains(page, "Harbour Coffee"); foreign != (login != "tao" && login != "ruth") {
			t.Errorf("%s is proposed HARBOUR-WEB: %v", login, foreign)
		}
	}
	tray, err := d.store.Tray(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	c := d.in("tao")
	for project, want := range map[string]int{"HARBOUR-WEB": http.StatusUnprocessableEntity, "YUNSHAN-APP": http.StatusSeeOther} {
		if w := d.ask(http.MethodPost, "/m/"+tray[0].ID, url.Values{"step": {"file"}, "project": {project}}, c); w.Code != want {
			t.Errorf("tao files into %s: %d", project, w.Code)
		}
	}
}

func TestEveryRouteSaysWhatItDemands(t *testing.T) {
	saved := routes
	defer func() { routes = saved }()
	routes = append(routes[:len(routes):len(routes)], route{pattern: "GET /new", do: (*visit).tray})
	if _, err := New(Config{Archive: all(&memory{}), Directory: func() *threads.Directory { return nil }, Guest: "lena"}); err == nil || !strings.Contains(err.Error(), "GET /new") {
		t.Errorf("a route without a demand: %v", err)
	}
}
