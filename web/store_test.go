package web

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// The store is what the pages read in earnest.
var _ Archive = (*store.Store)(nil)

// within is the store as somebody may read it.
func within(s *store.Store) func(threads.Scope) Archive {
	return func(scope threads.Scope) Archive { return s.Within(scope) }
}

// stored is the world filed in a real database.
func stored(t *testing.T, w *world) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "rapport.db"), Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, m := range w.messages {
		f := threads.Filing{Message: m, Raw: w.raw[m.ID], Source: "samples"}
		for _, i := range w.items {
			if i.Message == m.ID && i.Answer == nil {
				i.ID, i.Message, i.Thread, i.Number, i.Report, i.Point = "", "", "", 0, "", ""
				f.Items = append(f.Items, i)
			}
		}
		if m.Thread != "" {
			f.Message.References = []string{m.Thread + "@mail.example"}
		}
		f.Message.ID, f.Message.Thread = "", ""
		if _, err := s.File(context.Background(), nil, []threads.Filing{f}); err != nil {
			t.Fatalf("file %s: %v", m.ID, err)
		}
	}
	return s
}

func TestPagesOverTheRealStore(t *testing.T) {
	w := newWorld(t)
	s, err := New(Config{Guest: "lena", Archive: within(stored(t, w)), Directory: func() *threads.Directory { return w.dir }, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	c := &crawl{t: t, s: s, seen: map[string]bool{}, ids: map[string]map[string]bool{}}
	for _, start := range []string{"/?lang=en", "/search?lang=zh&q=小程序", "/search?lang=en&q=discount+code"} {
		c.follow(start, "start")
	}
	for len(c.queue) > 0 {
		next := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(next[0], next[1])
	}
	c.anchors()
	if len(c.ids) < 20 {
		t.Errorf("only %d pages were found", len(c.ids))
	}
	says(t, s, "/?lang=en", "waiting for an answer", "1 day late", "opening hours")
	says(t, s, "/search?lang=en&q=discount+code", "mail", "found", "Checkout and the launch date")
	says(t, s, "/log?lang=en", "lines", "Mail filed")
	if page := body(t, s, "/tray?lang=en"); strings.Count(page, "class=\"proposal\"") != 3 {
		t.Error("the tray does not show its three mails")
	}
}
