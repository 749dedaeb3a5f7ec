package archive_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rapport/archive"
	"rapport/store"
	"rapport/threads"
)

var mails = flag.Int("mails", 5000, "how many mails the archive has that is verified")

// BenchmarkVerify holds an archive of mails of 8 KB against its log.
func BenchmarkVerify(b *testing.B) {
	w := newWorld(b)
	random := rand.New(rand.NewPCG(1, 2))
	for n := 0; n < *mails; n += 50 {
		var batch []threads.Filing
		for i := range 50 {
			var text strings.Builder
			for text.Len() < 8000 {
				fmt.Fprintf(&text, "%x ", random.IntN(1<<16))
			}
			f := w.mail(fmt.Sprintf("%d@x", n+i), "ACME", text.String())
			f.Items[0].Text, f.Items[0].End = text.String()[:60], 60
			batch = append(batch, f)
		}
		w.file(batch...)
	}
	b.ReportAllocs()
	for b.Loop() {
		err := w.store.Snapshot(background, func(s *store.Snapshot) error {
			r, err := (&archive.Check{}).Run(background, s)
			if err == nil && r.Total > 0 {
				b.Errorf("findings: %v", r.Findings[0])
			}
			return err
		})
		w.must(err)
	}
	b.ReportMetric(float64(b.N)*float64(*mails)/b.Elapsed().Seconds(), "mails/s")
}
