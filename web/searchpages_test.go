package web

import (
	"fmt"
	"html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// TestSearchIsReadToItsEnd follows the pages of a search, by words and without
// any, and meets each mail once.
func TestSearchIsReadToItsEnd(t *testing.T) {
	s, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const mails = 2*hitsShown + 3
	for n := range mails {
		m := threads.Message{Project: "ACME", Direction: threads.In, Class: threads.ClassPerson, MessageID: fmt.Sprintf("%d@x", n), Subject: "Labels",
			From: threads.Address{Address: "ella@acme.example"}, Received: today.Add(time.Duration(n) * time.Minute), Text: "About labels", NewText: "About labels"}
		if _, err := s.File(t.Context(), nil, []threads.Filing{{Message: m, Raw: []byte(m.MessageID)}}); err != nil {
			t.Fatal(err)
		}
	}
	pages, err := New(Config{Guest: "lena", Archive: within(s), Directory: func() *threads.Directory {
		return &threads.Directory{Projects: []threads.Project{{Key: "ACME", Client: "Acme", Zone: time.UTC}}, People: []threads.Person{{Login: "lena", Role: "admin"}}}
	}})
	if err != nil {
		t.Fatal(err)
	}
	hit, next := regexp.MustCompile(`class="name"><a href="(/m/[^"]+)"`), regexp.MustCompile(`href="([^"]+)" rel="next"`)
	for _, start := range []string{"/search?lang=en&q=labels", "/search?lang=en&project=ACME", "/search?lang=en&to=2999-12-31"} {
		seen := map[string]bool{}
		for number, address := 1, start; address != ""; number++ {
			page := body(t, pages, address)
			if says := fmt.Sprintf("%d mails found", mails); !strings.Contains(page, says) {
				t.Fatalf("page %d of %s does not say %q", number, start, says)
			}
			for _, m := range hit.FindAllStringSubmatch(page, -1) {
				if seen[m[1]] {
					t.Fatalf("%s: %s is there twice", start, m[1])
				}
				seen[m[1]] = true
			}
			if (number > 1) != strings.Contains(page, `rel="first"`) {
				t.Errorf("page %d of %s: the way back to the latest", number, start)
			}
			address = ""
			if m := next.FindStringSubmatch(page); m != nil {
				address = html.UnescapeString(m[1])
			}
		}
		if len(seen) != mails {
			t.Errorf("%s: %d mails were met, want %d", start, len(seen), mails)
		}
	}
}
