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

// Benchmarks are the speeds that the store has promised.

// batch is how many mails one transaction files: more would keep other writers waiting.
const batch = 50

// stretch is how many mails are filed while a rate is taken.
const stretch = 5000

// Bench fills an archive, tells how fast that went and whether its size counts,
// and asks it what people and pages ask.
func Bench(b *testing.B, url string, mails int) {
	s := openBench(b, url)
	w := newWriter()
	rates := fill(b, s, w, mails)
	b.Run("file", func(b *testing.B) {
		if rates == nil {
			b.Skip("the archive was filled before")
		}
		early, late := rates[min(1, len(rates)-1)], rates[len(rates)-1]
		for b.Loop() { // it was measured above
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(stretch/late.took.Seconds(), "last-mails/s")
		b.ReportMetric(stretch/late.cpu.Seconds(), "last-mails/cpu-s")
		b.ReportMetric(late.took.Seconds()/early.took.Seconds(), "of-time-at-10000")
		b.ReportMetric(late.cpu.Seconds()/early.cpu.Seconds(), "of-cpu-at-10000")
	})
	b.Run("search", func(b *testing.B) { benchSearch(b, s, w) })
	b.Run("filter", func(b *testing.B) { benchFilters(b, s, w) })
	b.Run("page", func(b *testing.B) { benchPages(b, s) })
}

// Fill files as many mails as an archive of benchmarks has, in the projects P-0
// to P-39, and returns a common word and a common pair of Chinese characters.
func Fill(b *testing.B, s *store.Store, mails int) (word, pair string) {
	w := newWriter()
	fill(b, s, w, mails)
	return w.words[1], string(w.hanzi[1:3])
}

// rated is how long a stretch of mails took.
type rated struct{ took, cpu time.Duration }

// fill files mails as the pollers do, until there are so many. There are no
// rates if the archive was filled before.
func fill(b *testing.B, s *store.Store, w *writer, mails int) (rates []rated) {
	if mails < stretch {
		b.Fatalf("%d mails are too few; it takes %d to tell a rate", mails, stretch)
	}
	lines, _, err := s.LogHead(background)
	if err != nil {
		b.Fatal(err)
	}
	if lines >= int64(mails+mails/2) { // every second mail has an item
		hits, err := s.Search(background, threads.SearchQuery{Project: "P-1", Limit: 1})
		if err != nil || len(hits) == 0 {
			b.Fatal(len(hits), err)
		}
		w.at = hits[0].Message.Received
		return nil
	}
	if lines > 0 {
		b.Fatalf("the archive has %d lines of its log, too few for %d mails: take an empty one", lines, mails)
	}
	var r rated
	for filed := 0; filed < mails; filed += batch {
		filings := w.mails(batch)
		began, beganCPU := time.Now(), cpu()
		for i := range filings {
			filings[i] = s.Ready(filings[i])
		}
		if _, err := s.File(background, nil, filings); err != nil {
			b.Fatal(err)
		}
		r.took += time.Since(began)
		r.cpu += cpu() - beganCPU
		if (filed+batch)%stretch == 0 {
			rates = append(rates, r)
			r = rated{}
		}
	}
	return rates
}

// benchSearch asks for words of each kind.
func benchSearch(b *testing.B, s *store.Store, w *writer) {
	for _, q := range []struct{ name, text, project string }{
		{"common", w.words[1], ""},
		{"rare", w.words[len(w.words)-9], ""},
		{"two common", w.words[2] + " " + w.words[5], ""},
		{"phrase", `"` + w.words[1] + " " + w.words[3] + `"`, ""},
		{"rare phrase", `"` + w.words[1] + " " + w.words[300] + `"`, ""},
		{"in a project", w.words[1], "P-7"},
		{"rare in a project", w.words[3000], "P-7"},
		{"one character", string(w.hanzi[20]), ""},
		{"rare character", string(w.hanzi[len(w.hanzi)-3]), ""},
		{"two characters", string(w.hanzi[1:3]), ""},
		{"three characters", string(w.hanzi[1:4]), ""},
		{"nothing", "zzzzzz", ""},
		{"a person of many mails", "with:person3", ""},
		{"a person of few mails", "from:guest", ""},
		{"a kind", "kind:bounce", ""},
		{"the common kind", "kind:person", ""},
		{"attachment", "has:attachment", ""},
		{"name of an attachment", "file:plan", ""},
		{"person, kind and attachment", "with:person3 kind:person has:attachment", ""},
		{"common and attachment", w.words[1] + " has:attachment", ""},
		{"two characters and person in a project", string(w.hanzi[1:3]) + " from:person3", "P-5"},
		{"all that leaves few", "from:guest kind:bounce has:attachment " + w.words[1], ""},
	} {
		Timed(b, q.name, func() (int, error) {
			hits, err := s.Search(background, threads.SearchQuery{Text: q.text, Project: q.project, Limit: 50})
			return len(hits), err
		})
	}
}

// benchFilters asks within some days and projects, and how much there is.
func benchFilters(b *testing.B, s *store.Store, w *writer) {
	middle := w.at.Add(-w.at.Sub(w.began) / 2)
	week := threads.SearchQuery{Text: w.words[1], From: middle, To: middle.AddDate(0, 0, 7), Limit: 50}
	auditor := s.Within(threads.Scope{Projects: []string{"P-3", "P-7"}, From: middle})
	ask := func(name string, s *store.Store, q threads.SearchQuery) {
		Timed(b, name, func() (int, error) {
			hits, err := s.Search(background, q)
			return len(hits), err
		})
	}
	ask("a week long ago", s, week)
	ask("an auditor of two projects", auditor, threads.SearchQuery{Text: w.words[1], Limit: 50})
	for name, text := range map[string]string{"common": w.words[1], "phrase": `"` + w.words[1] + " " + w.words[3] + `"`, "rare phrase": `"` + w.words[1] + " " + w.words[300] + `"`, "two characters": string(w.hanzi[1:3]), "attachment": "has:attachment", "attachment and common": "has:attachment " + w.words[1]} {
		Timed(b, "count of "+name, func() (int, error) {
			n, _, err := s.Found(background, threads.SearchQuery{Text: text})
			return n, err
		})
	}
}

// benchPages asks what the pages of the web ask.
func benchPages(b *testing.B, s *store.Store) {
	longest, err := s.Threads(background, threads.ThreadQuery{Project: "P-7", Limit: 500})
	if err != nil || len(longest) == 0 {
		b.Fatal(len(longest), err)
	}
	slices.SortFunc(longest, func(a, b threads.Thread) int { return b.Messages - a.Messages })
	Timed(b, "thread", func() (int, error) {
		_, mails, err := s.Thread(background, longest[0].ID)
		return len(mails), err
	})
	Timed(b, "threads of a project", func() (int, error) {
		all, err := s.Threads(background, threads.ThreadQuery{Project: "P-7", Limit: 50})
		return len(all), err
	})
	Timed(b, "open items", func() (int, error) {
		all, err := s.Items(background, threads.ItemQuery{Project: "P-7", Open: true, Limit: 100})
		return len(all), err
	})
	Timed(b, "open items of all", func() (int, error) {
		all, err := s.Items(background, threads.ItemQuery{Open: true, Limit: 100})
		return len(all), err
	})
	Timed(b, "tray", func() (int, error) {
		all, err := s.Tray(background, 50)
		return len(all), err
	})
}

// Timed tells the fastest, the median and the slowest of many askings: the first
// says the most where other processes want the processors too.
func Timed(b *testing.B, name string, ask func() (rows int, err error)) {
	b.Run(name, func(b *testing.B) {
		var took []time.Duration
		var rows int
		for b.Loop() {
			began := time.Now()
			var err error
			if rows, err = ask(); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(rows), "rows")
		b.ReportMetric(took[0].Seconds()*1000, "fastest-ms")
		b.ReportMetric(took[len(took)/2].Seconds()*1000, "median-ms")
		b.ReportMetric(took[len(took)-1].Seconds()*1000, "slowest-ms")
	})
}

func openBench(b *testing.B, url string) *store.Store {
	s, err := store.Open(background, store.Config{URL: url})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

// writer makes mails of 8 KB with words as common as in a language, every
// fifth in Chinese and every third with an attachment, in threads of about five.
type writer struct {
	random *rand.Rand
	words  []string
	hanzi  []rune
	zipf   *rand.Zipf
	zh     *rand.Zipf
	n      int
	began  time.Time // when the first mail came
	at     time.Time // when the last one came
}

func newWriter() *writer {
	w := &writer{random: rand.New(rand.NewPCG(1, 2)), began: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	w.at = w.began
	syllables := strings.Fields("the in er an re on at en or ti te es ar al it le is ed ion ing con pro com ment ver per sta tion der ter ly un de pre tra")
	for range 40000 {
		word := ""
		for range 1 + w.random.IntN(4) {
			word += syllables[w.random.IntN(len(syllables))]
		}
		w.words = append(w.words, word)
	}
	for i := range 3000 {
		w.hanzi = append(w.hanzi, rune(0x4E00+i*5))
	}
	w.zipf = rand.NewZipf(w.random, 1.3, 5, uint64(len(w.words)-1))
	w.zh = rand.NewZipf(w.random, 1.3, 30, uint64(len(w.hanzi)-1))
	return w
}

func (w *writer) text(size int, chinese bool) string {
	var b strings.Builder
	for b.Len() < size {
		if chinese && w.random.IntN(8) > 0 {
			b.WriteRune(w.hanzi[w.zh.Uint64()])
		} else {
			b.WriteString(w.words[w.zipf.Uint64()] + " ")
		}
		if w.random.IntN(12) == 0 {
			b.WriteString(".\r\n"[:1+2*w.random.IntN(2)])
		}
	}
	return b.String()
}

func (w *writer) mails(n int) []threads.Filing {
	out := make([]threads.Filing, n)
	for i := range out {
		out[i] = w.mail()
	}
	return out
}

func (w *writer) mail() threads.Filing {
	w.n++
	w.at = w.at.Add(time.Duration(w.random.IntN(60000)) * time.Millisecond)
	chinese := w.n%5 == 0
	fresh, quoted := w.text(2500, chinese), w.text(4500, chinese)
	id := fmt.Sprintf("%016x.%d@client%d.example", w.random.Uint64(), w.n, w.n%40)
	project := w.n % 40
	m := threads.Message{
		Project: fmt.Sprintf("P-%d", project), Direction: threads.In, MessageID: id, Subject: "Re: " + w.text(40, chinese),
		From: threads.Address{Name: w.text(10, chinese), Address: fmt.Sprintf("person%d@client%d.example", w.n%7, project)},
		To:   []threads.Address{{Name: "Rapport", Address: "post@us.example"}},
		Date: w.at, Received: w.at, Class: threads.ClassPerson, Text: fresh + "\n" + quoted, NewText: fresh,
		Folds:    []threads.Fold{{Reason: "quote", Text: quoted, At: len(fresh)}},
		Evidence: []threads.Evidence{{Kind: "contact", Project: fmt.Sprintf("P-%d", project), Score: 60, Detail: "the sender is a contact"}},
	}
	if w.n%200 == 0 {
		m.Project = ""
	}
	if w.n%3 == 0 {
		m.Attachments = []threads.Attachment{{Name: fmt.Sprintf("plan %d.pdf", w.n%12)}}
	}
	if w.n%50 == 7 {
		m.Class = threads.ClassBounce
	}
	if w.n%2001 == 0 {
		m.From.Address = "guest@elsewhere.example"
	}
	if w.random.IntN(5) > 0 && w.n > 200 {
		m.References = []string{fmt.Sprintf("thread%d.%d@client%d.example", (w.n-w.random.IntN(200))/200, project, project)}
		m.InReplyTo = m.References
	}
	raw := fmt.Sprintf("Message-ID: <%s>\r\nReceived: %s\r\nSubject: %s\r\n\r\n%s", id, strings.Repeat(fmt.Sprintf("from %x by mx; ", w.random.Uint64()), 30), m.Subject, m.Text)
	return threads.Filing{Message: m, Raw: []byte(raw), Items: []threads.Item{{Kind: threads.Request, Text: fresh[:20], End: 20}}[:w.n%2],
		Position: &threads.Position{Mailbox: "inbox", UIDValidity: 1, UID: uint32(w.n)}}
}
