package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rapport/threads"
	"rapport/web"
)

const wish = "From: %WHO%\r\nTo: projects@agency.example\r\nSubject: Leaflets\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n" +
	"Message-ID: <%ID%@mail.example>\r\n\r\nPlease send the leaflets to the printer.\r\n"

// TestDecidingOnThePages sorts a mail and corrects its item as a browser does,
// with the whole program behind the pages.
func TestDecidingOnThePages(t *testing.T) {
	dir := t.TempDir()
	config := dir + "/rapport.yaml"
	put(t, dir, "rapport.yaml", statusConfig)
	put(t, dir, "password", "secret\n")
	put(t, dir, "first.eml", strings.NewReplacer("%WHO%", "jo@papermill.example", "%ID%", "first").Replace(wish))
	put(t, dir, "second.eml", strings.NewReplacer("%WHO%", "jo@papermill.example", "%ID%", "second").Replace(wish))
	inProcess(t, exitOK, "-c", config, "import", dir+"/first.eml")

	h, err := (&env{ctx: t.Context(), config: config, err: io.Discard}).open()
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	pages, err := web.New(web.Config{Guest: "mara", Archive: h.within, Accesses: h.store.AccessLog(), Directory: h.projects, Writer: desk{h}, Sentences: sentences})
	if err != nil {
		t.Fatal(err)
	}
	post := func(address string, fields url.Values) (change string) {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(fields.Encode()))
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("POST %s %v: %d\n%s", address, fields, w.Code, w.Body)
		}
		_, change, _ = strings.Cut(w.Header().Get("Location"), "done=")
		return change
	}
	tray := func() []threads.Message {
		t.Helper()
		mails, err := h.store.Tray(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return mails
	}
	mail := "/m/" + tray()[0].ID
	for _, step := range []string{"file", "dismiss", "reread", "contact"} {
		change := post(mail, url.Values{"step": {step}, "project": {"ACME-WEB"}})
		if left := len(tray()); (left == 0) == (step == "reread") {
			t.Errorf("%d mails in the tray after %s", left, step)
		}
		if step != "contact" {
			post("/undo/"+change, nil)
		}
		if left := len(tray()); (left == 1) == (step == "contact") {
			t.Errorf("%d mails in the tray after %s was taken back", left, step)
		}
	}
	if h.projects().Project("ACME-WEB").Contact("jo@papermill.example") == nil {
		t.Error("the new contact is not known at once")
	}

	post("/p/ACME-WEB/i/F-2", url.Values{"kind": {"concern"}})
	inProcess(t, exitOK, "-c", config, "import", dir+"/second.eml")
	items, err := h.store.Items(t.Context(), threads.ItemQuery{Project: "ACME-WEB", Kind: threads.Concern})
	if err != nil || len(items) != 2 {
		t.Errorf("the next mail is not read as its sender's last one was corrected: %+v %v", items, err)
	}
	changes, err := h.store.Changes(t.Context(), 1)
	if err != nil || changes[0].By != "mara" || changes[0].Kind != threads.ChangeCorrect {
		t.Errorf("who decided: %+v %v", changes, err)
	}
	if _, err := (desk{h}).Undo(t.Context(), changes[0].ID, "nobody"); err == nil {
		t.Error("somebody unknown may decide")
	}
}
