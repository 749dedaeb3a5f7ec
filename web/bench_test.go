package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"rapport/internal/servers"
	"rapport/store"
	"rapport/store/storetest"
	"rapport/threads"
)

// pagesOf is how many mails the archive of the benchmark has, unless MAILS says.
const pagesOf = 20000

// BenchmarkPages asks for pages over HTTP, as a browser does: with the sign-in
// looked up, the page written, and all of it read.
func BenchmarkPages(b *testing.B) {
	s, err := store.Open(b.Context(), store.Config{URL: servers.Archive(func() string { return filepath.Join(b.TempDir(), "rapport.db") })})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	word, pair := storetest.Fill(b, s, servers.Mails(pagesOf))
	long := longThread(b, s, 200)

	dir := &threads.Directory{People: []threads.Person{{Login: "ines", Name: "Ines", Role: "auditor"}}}
	for n := range 40 {
		key := fmt.Sprintf("P-%d", n)
		dir.Projects = append(dir.Projects, threads.Project{Key: key, Client: "Client " + key, Name: "Web shop", Zone: time.UTC, Language: "en"})
	}
	pages, err := New(Config{Archive: within(s), Directory: func() *threads.Directory { return dir }, Guest: "ines"})
	if err != nil {
		b.Fatal(err)
	}
	site := httptest.NewServer(pages)
	b.Cleanup(site.Close)

	words := url.QueryEscape(word)
	for _, page := range []struct{ name, address string }{
		{"search for a common word", "/search?q=" + words},
		{"search for two Chinese characters", "/search?q=" + url.QueryEscape(pair)},
		{"search for a phrase", "/search?q=" + url.QueryEscape(`"`+word+" "+word+`"`)},
		{"search by project, person and attachment", "/search?project=P-7&with=person3&attached=1"},
		{"search without words", "/search?project=P-7"},
		{"thread of 200 mails", "/t/" + long},
		{"project", "/p/P-7"},
		{"items of a project", "/p/P-7/items"},
		{"overview", "/"},
		{"tray", "/tray"},
		{"log", "/log"},
	} {
		storetest.Timed(b, page.name, func() (int, error) {
			answer, err := http.Get(site.URL + page.address)
			if err != nil {
				return 0, err
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if err == nil && answer.StatusCode != http.StatusOK {
				err = fmt.Errorf("%s: %s", page.address, answer.Status)
			}
			return bytes.Count(body, []byte("<li")), err
		})
	}
}

// longThread files a thread of so many mails with items and quotes, and returns
// its id.
func longThread(b *testing.B, s *store.Store, mails int) string {
	b.Helper()
	at := time.Now().Add(-time.Hour * time.Duration(mails))
	var id string
	for n := range mails {
		fresh := fmt.Sprintf("Hello,\n\nplease change the %dth label on the order page.\nThe prices are right now.\n\nElla", n)
		m := threads.Message{Project: "P-7", Direction: threads.In, Class: threads.ClassPerson, MessageID: fmt.Sprintf("long%d@client7.example", n), Subject: "Re: Labels",
			From: threads.Address{Name: "Ella Marsh", Address: "ella@client7.example"}, To: []threads.Address{{Address: "post@us.example"}},
			Date: at, Received: at, Text: fresh + "\n> earlier\n", NewText: fresh, Folds: []threads.Fold{{Reason: "quote", Text: "> earlier", At: len(fresh)}}}
		if n > 0 {
			m.References = []string{"long0@client7.example"}
		}
		f := threads.Filing{Message: m, Raw: []byte("Message-ID: <" + m.MessageID + ">\r\n\r\n" + m.Text), Items: []threads.Item{{Kind: threads.Request, Text: fresh[8:50], Start: 8, End: 50}}}
		filed, err := s.File(b.Context(), nil, []threads.Filing{f})
		if err != nil {
			b.Fatal(err)
		}
		id, at = filed[0].Thread, at.Add(time.Hour)
	}
	return id
}
