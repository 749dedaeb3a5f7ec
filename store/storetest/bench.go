package storetest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rapport/store"
	"rapport/threads"
)

// Benchmarks are the speeds that the store has promised.

// batch is how many mails one transaction files: more would keep other writers waiting.
const batch = 50

// lastMails are those whose filing is measured: the archive has then its size.
const lastMails = 5000

// BenchFile files mails in batches and tells the rate of the last ones: with
// -benchtime 10000x and 100000x it tells how the archive's size counts.
func BenchFile(b *testing.B, url string) {
	s := openBench(b, url)
	w := newWriter()
	b.ReportAllocs()
	b.ResetTimer()
	var last, lastCPU time.Duration
	for filed := 0; filed < b.N; {
		filings := w.mails(min(batch, b.N-filed))
		began, beganCPU := time.Now(), cpu()
		if _, err := s.File(background, nil, filings); err != nil {
			b.Fatal(err)
		}
		if filed += len(filings); filed > b.N-lastMails {
			last += time.Since(began)
			lastCPU += cpu() - beganCPU
		}
	}
	b.ReportMetric(float64(min(b.N, lastMails))/last.Seconds(), "last-mails/s")
	b.ReportMetric(float64(min(b.N, lastMails))/lastCPU.Seconds(), "last-mails/cpu-s")
}

// BenchSearch asks an archive of so many mails for words of each kind.
func BenchSearch(b *testing.B, url string, mails int) {
	s := openBench(b, url)
	w := newWriter()
	for range mails / batch {
		if _, err := s.File(background, nil, w.mails(batch)); err != nil {
			b.Fatal(err)
		}
	}
	for _, q := range []struct{ name, text, project string }{
		{"common", w.words[1], ""},
		{"rare", w.words[len(w.words)-9], ""},
		{"two common", w.words[2] + " " + w.words[5], ""},
		{"phrase", `"` + w.words[1] + " " + w.words[3] + `"`, ""},
		{"in a project", w.words[1], "P-7"},
		{"rare in a project", w.words[3000], "P-7"},
		{"one character", string(w.hanzi[20]), ""},
		{"rare character", string(w.hanzi[len(w.hanzi)-3]), ""},
		{"two characters", string(w.hanzi[1:3]), ""},
		{"three characters", string(w.hanzi[1:4]), ""},
		{"nothing", "zzzzzz", ""},
	} {
		b.Run(q.name, func(b *testing.B) {
			found := 0
			for range b.N {
				hits, err := s.Search(background, threads.SearchQuery{Text: q.text, Project: q.project, Limit: 50})
				if err != nil {
					b.Fatal(err)
				}
				found = len(hits)
			}
			b.ReportMetric(float64(found), "hits")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/search")
		})
	}
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
// fifth in Chinese, in threads of about five.
type writer struct {
	random *rand.Rand
	words  []string
	hanzi  []rune
	zipf   *rand.Zipf
	zh     *rand.Zipf
	n      int
	at     time.Time
}

func newWriter() *writer {
	w := &writer{random: rand.New(rand.NewPCG(1, 2)), at: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
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
	if w.random.IntN(5) > 0 && w.n > 200 {
		m.References = []string{fmt.Sprintf("thread%d.%d@client%d.example", (w.n-w.random.IntN(200))/200, project, project)}
		m.InReplyTo = m.References
	}
	raw := fmt.Sprintf("Message-ID: <%s>\r\nReceived: %s\r\nSubject: %s\r\n\r\n%s", id, strings.Repeat(fmt.Sprintf("from %x by mx; ", w.random.Uint64()), 30), m.Subject, m.Text)
	return threads.Filing{Message: m, Raw: []byte(raw), Items: []threads.Item{{Kind: threads.Request, Text: fresh[:20], End: 20}}[:w.n%2],
		Position: &threads.Position{Mailbox: "inbox", UIDValidity: 1, UID: uint32(w.n)}}
}
