package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// searchOfAllTimes looks through mail of seconds, months and decades, filed in
// no order, whose words are common and rare, in a row and apart.
func searchOfAllTimes(t *testing.T, h *house) {
	random := rand.New(rand.NewPCG(1, 2))
	var filings []threads.Filing
	texts := map[string]string{}
	for n := range 400 {
		name := fmt.Sprintf("%d@x", n)
		texts[name] = "all red blue"
		if n%3 == 0 {
			texts[name] = "all blue red"
		}
		if n%97 == 0 {
			texts[name] += " rare"
		}
		f := h.mail(name, text(texts[name]))
		back := time.Duration(n) * time.Second
		switch n % 4 {
		case 1:
			back = time.Duration(n) * 7 * time.Hour
		case 2:
			back = time.Duration(n) * 40 * 24 * time.Hour // 43 years
		case 3:
			f.Message.Project = "OTHER"
		}
		f.Message.Received = f.Message.Received.Add(-back)
		filings = append(filings, f)
	}
	random.Shuffle(len(filings), func(a, b int) { filings[a], filings[b] = filings[b], filings[a] })
	for batch := range slices.Chunk(filings, 100) {
		h.file(batch...)
	}
	slices.SortFunc(filings, func(a, b threads.Filing) int { return b.Message.Received.Compare(a.Message.Received) })
	moment := filings[150].Message.Received
	auditor := h.store.Within(threads.Scope{Projects: []string{"OTHER"}, From: filings[300].Message.Received})
	for name, c := range map[string]struct {
		store *store.Store
		query threads.SearchQuery
		fits  func(m threads.Message, text string) bool
	}{
		"all":              {h.store, threads.SearchQuery{Text: "all"}, func(threads.Message, string) bool { return true }},
		"rare":             {h.store, threads.SearchQuery{Text: "rare"}, func(_ threads.Message, text string) bool { return strings.Contains(text, "rare") }},
		"a phrase":         {h.store, threads.SearchQuery{Text: `"blue red"`}, func(_ threads.Message, text string) bool { return strings.Contains(text, "blue red") }},
		"a rare phrase":    {h.store, threads.SearchQuery{Text: `"red rare" all`}, func(_ threads.Message, text string) bool { return strings.Contains(text, "red rare") }},
		"the end of one":   {h.store, threads.SearchQuery{Text: `"red ra*"`}, func(_ threads.Message, text string) bool { return strings.Contains(text, "red rare") }},
		"before a moment":  {h.store, threads.SearchQuery{Text: "all", To: moment}, func(m threads.Message, _ string) bool { return m.Received.Before(moment) }},
		"from a moment on": {h.store, threads.SearchQuery{Text: "red", From: moment}, func(m threads.Message, _ string) bool { return !m.Received.Before(moment) }},
		"a project":        {h.store, threads.SearchQuery{Text: "blue", Project: "OTHER"}, func(m threads.Message, _ string) bool { return m.Project == "OTHER" }},
		"what an auditor may": {auditor, threads.SearchQuery{Text: "all"}, func(m threads.Message, _ string) bool {
			return m.Project == "OTHER" && !m.Received.Before(filings[300].Message.Received)
		}},
	} {
		var want []string
		for _, f := range filings {
			if c.fits(f.Message, texts[f.Message.MessageID]) {
				want = append(want, f.Message.MessageID)
			}
		}
		for _, limit := range []int{1, 7, 50, 1000} {
			c.query.Limit = limit
			hits, err := c.store.Search(background, c.query)
			h.must(err)
			var got []string
			for i, hit := range hits {
				got = append(got, hit.Message.MessageID)
				if i > 0 && hit.Message.Received.After(hits[i-1].Message.Received) {
					t.Fatalf("%s: %s is later than what stands before it", name, hit.Message.MessageID)
				}
			}
			same(t, fmt.Sprintf("%s, at most %d", name, limit), got, want[:min(limit, len(want))])
		}
		n, more, err := c.store.Found(background, c.query)
		h.must(err)
		same(t, "count of "+name, fmt.Sprint(n, more), fmt.Sprint(len(want), false))
	}
}
