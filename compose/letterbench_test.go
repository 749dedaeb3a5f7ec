package compose

import (
	"strings"
	"testing"

	"rapport/threads"
)

// long is a report of about 2,000 words with a chart.
func long() *Rendered {
	r := weekly()
	r.To, r.Cc = []threads.Address{{Name: "Ann", Address: "ann@client.example"}}, nil
	r.Text = strings.Repeat("A sentence of eight words stands right here.\n", 250)
	r.HTML = "<html><body>" + strings.Repeat(`<p style="margin:0 0 12px">A sentence of eight words stands right here.</p>`+"\n", 250) + "</body></html>\n"
	r.Files = r.Files[:1]
	r.Files[0].Body = []byte(strings.Repeat("picture ", 1500))
	return r
}

func BenchmarkLetters(b *testing.B) {
	for _, c := range []struct {
		name string
		sign []*DKIM
	}{{"unsigned", nil}, {"rsa", signers().keys[:1]}, {"ed25519", signers().keys[1:]}} {
		b.Run(c.name, func(b *testing.B) {
			r, in := long(), inSeries(b, 10)
			in.Sign = c.sign
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Letters(r, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
