package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rapport/internal/servers"
	"rapport/threads"
)

// TestHostileWordsInABrowser has a client write HTML into everything that pages
// show as words, and opens the pages in a real browser.
func TestHostileWordsInABrowser(t *testing.T) {
	evil := newElsewhere(t)
	hostile := strings.NewReplacer("EVIL", evil.URL+"/hit/1").Replace(
		`bravo </title></textarea></style></bdi></pre><script>document.title='ran'</script><img src=EVIL onerror=document.title='ran'><svg onload=document.title='ran'>` +
			`<meta http-equiv=refresh content="0;url=EVIL"><link rel=stylesheet href=EVIL> "'><img src=EVIL> ' onfocus=document.title='ran' autofocus x=' javascript:document.title='ran' {{.}} ${x} &lt;script&gt; ` + "`")
	w := newWorld(t)
	const id = "m2000000000000001"
	w.mail(threads.Message{
		ID: id, Project: "HARBOUR-WEB", Thread: "t0000000000000001", Received: today, From: threads.Address{Name: hostile, Address: "anna@harbour.example"},
		To: []threads.Address{{Name: hostile, Address: "x@y.example"}}, Subject: hostile, NewText: hostile, Folds: []threads.Fold{{Reason: "quote", Text: hostile}},
		Class: threads.ClassPerson, ClassReason: hostile, Faults: []threads.Fault{{Code: "charset-guessed", Detail: hostile}},
		Evidence:    []threads.Evidence{{Kind: "contact", Project: "HARBOUR-WEB", Score: 60, Detail: hostile}},
		Attachments: []threads.Attachment{{Part: "2", Name: hostile, Type: hostile, Size: 1}},
	}, said{threads.Request, hostile, func(i *threads.Item) { i.About = hostile }})
	item := w.items[len(w.items)-1].Label()
	s := serve(t, w)
	site := httptest.NewServer(s)
	defer site.Close()
	for _, page := range []string{"/m/" + id, "/m/" + id + "/source", "/t/t0000000000000001", "/p/HARBOUR-WEB/i/" + item, "/search?q=bravo"} {
		shown := servers.Chromium(t, site.URL+page)
		root, err := html.Parse(strings.NewReader(shown))
		if err != nil {
			t.Fatal(err)
		}
		check(t, page, root)
		if !strings.Contains(shown, "&lt;script&gt;document.title") || strings.Contains(shown, "<title>ran") || strings.Contains(shown, `http-equiv="refresh"`) {
			t.Errorf("%s in a browser:\n%s", page, shown)
		}
	}
	if hits := evil.hits(); len(hits) > 0 {
		t.Errorf("something is loaded from elsewhere: %v", hits)
	}
}

// What came with a mail is never shown in its own right, whatever it is.
func TestHostileFilesInABrowser(t *testing.T) {
	evil := newElsewhere(t)
	w := newWorld(t)
	const id = "m2000000000000002"
	run := "top.postMessage(1,'*');new Image().src='" + evil.URL + "/hit/1'"
	files := []struct{ mediaType, body string }{
		{"image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" onload="` + run + `"><image href="` + evil.URL + `/hit/2"/></svg>`},
		{"text/html", `<script>` + run + `</script><img src="` + evil.URL + `/hit/3">`},
		{"application/xhtml+xml", `<html xmlns="http://www.w3.org/1999/xhtml"><script>` + run + `</script></html>`},
		{"text/xml", `<?xml-stylesheet href="` + evil.URL + `/hit/4" type="text/xsl"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>` + run + `</h:script></x>`},
		{"image/png", `<html><script>` + run + `</script>`},
		{"image/gif", "GIF89a/*<html>*/=1;" + run + "//<script>" + run + "</script>"},
		{"text/plain", `<html><script>` + run + `</script>`},
		{"application/pdf", "%PDF-1.4\n<html><script>" + run + "</script>"},
		{"", `<html><script>` + run + `</script>`},
	}
	raw := "Subject: files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
	for _, f := range files {
		raw += "--b\r\nContent-Type: " + f.mediaType + "\r\nContent-Disposition: attachment; filename=a\r\n\r\n" + f.body + "\r\n"
	}
	w.raw[id] = []byte(raw + "--b--\r\n")
	w.mail(threads.Message{ID: id, Project: "HARBOUR-WEB", Thread: "t0000000000000001", From: anna, Subject: "files", Received: ago(day), NewText: "files"})
	s := serve(t, w)
	var frames []string
	for i := range files {
		n := string(rune('1' + i))
		frames = append(frames, s.signed("/m/"+id+"/part/"+n), s.signed("/m/"+id+"/picture/"+n))
	}
	frames = append(frames, "/m/"+id+"/raw", "/m/"+id+"/source", "/m/"+id+"/body")
	if ran, hits := browsed(t, s, frames), evil.hits(); ran != "" || len(hits) > 0 {
		t.Errorf("files run %q and load %v", ran, hits)
	}
}
