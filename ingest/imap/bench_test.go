package imap_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"rapport/ingest"
	"rapport/internal/servers"
)

// sentences are what the benchmark's mails are made of: some want something,
// most do not, as in real mail.
var sentences = []string{
	"Thank you for the call on Monday, it was good to see the whole team again.", "We had a look at the new pages with our colleagues.",
	"Could you please move the order button to the top?", "The weather in Bath was awful all week.", "The export stops with an error since the update.",
	"Our shops open again on Thursday, so everybody is busy.", "When can we test the vouchers?", "I have attached the list from the warehouse.",
	"整体效果不错，大家都很喜欢。", "希望首页增加一个客服入口。", "我们下周要去广州出差。", "支付页面偶尔会卡住，请尽快处理。",
}

var syllables = strings.Fields("ka lo mi ne ru sta ver ion ter qua del pro ing com ex tra")

// word is one of 20,000, small numbers much more often than large ones, as in a
// language.
func word(n uint32) string {
	r := float64(n%(1<<20)) / (1 << 20)
	var out []byte
	for i := int(20000*r*r*r*r) + 1; i > 0; i /= 16 {
		out = append(out, syllables[i%16]...)
	}
	return string(out) + " "
}

// benchMail is a mail of about 8 KB: some new text, a signature, and the long
// quoted mails below that real answers carry.
func benchMail(n int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "From: Ann <ann@acme.example>\r\nTo: %s\r\nSubject: Re: Note %d\r\nMessage-ID: <bench-%d@acme.example>\r\n"+
		"References: <bench-%d@acme.example>\r\nDate: Mon, 02 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nHi Mara,\r\n\r\n", user, n/5, n, n/5*5)
	x := uint32(n)*2654435761 + 1
	say := func(before string) {
		x = x*1664525 + 1013904223
		fmt.Fprintf(&b, "%s%s (%d)\r\n", before, sentences[int(x>>16)%len(sentences)], x>>20)
	}
	for range 8 {
		say("")
	}
	b.WriteString("\r\nBest\r\nAnn\r\n\r\nOn Mon, 2 Nov 2026 at 08:00, Mara <mara@us.example> wrote:\r\n")
	for b.Len() < 8000 {
		b.WriteString("> ")
		for range 11 {
			x = x*1664525 + 1013904223
			b.WriteString(word(x >> 8))
		}
		b.WriteString("\r\n")
	}
	return []byte(b.String())
}

// benchHouse is a house with a full mailbox.
func benchHouse(b *testing.B, mails int) *house {
	h := newHouse(b)
	c := h.dovecot.Login(b, user)
	defer c.Close()
	for i := range mails {
		raw := benchMail(i)
		cmd := c.Append("INBOX", int64(len(raw)), nil)
		cmd.Write(raw)
		cmd.Close()
		if _, err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
	}
	return h
}

// BenchmarkFiling measures filing from a local Dovecot over TLS against three
// floors in the same run: reading the same answers from a bare socket, mbsync
// into a Maildir, and mbsync followed by notmuch, which is what people do to
// search their mail.
func BenchmarkFiling(b *testing.B) {
	mails := servers.Mails(2000)
	h := benchHouse(b, mails)
	floors := map[string]float64{}
	floor := func(name string, needs [][2]string, once func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			for _, program := range needs {
				servers.Program(b, program[0], program[1])
			}
			for b.Loop() {
				once(b)
			}
			floors["of-"+name] = rate(b, mails)
		})
	}
	isync, search := [2]string{"mbsync", "isync"}, [2]string{"notmuch", "notmuch"}
	floor("socket", nil, func(b *testing.B) { socket(b, h) })
	floor("mbsync", [][2]string{isync}, func(b *testing.B) { mbsync(b, h, mails, nil) })
	floor("mbsync+notmuch", [][2]string{isync, search}, func(b *testing.B) {
		mbsync(b, h, mails, func(dir string) { notmuch(b, dir) })
	})
	b.Run("rapport", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fresh := archive(b)
			fresh.dovecot = h.dovecot
			p := fresh.poller(fresh.config(), func(c *ingest.PollerConfig) { c.Log = nil })
			b.StartTimer()
			if c := fresh.once(p); c.Filed != mails {
				b.Fatalf("%+v", c)
			}
		}
		filed := rate(b, mails)
		for name, of := range floors {
			b.ReportMetric(filed/of, name)
		}
		b.ReportMetric(peakMemory(b), "peak-MB")
	})
}

// rate reports how many mails a second went by.
func rate(b *testing.B, mails int) float64 {
	perSecond := float64(mails) * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "mails/s")
	return perSecond
}

// peakMemory is the most that this process has had in memory, in MB.
func peakMemory(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Maxrss) / 1024 // Linux counts kilobytes
}
