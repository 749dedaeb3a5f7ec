package imap_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/ingest"
	"rapport/internal/servers"
)

// benchMails is how many mails are in the mailbox of the benchmarks.
const benchMails = 2000

// sentences are what the benchmark's mails are made of: some want something,
// most do not, as in real mail.
var sentences = []string{
	"Thank you for the call on Monday, it was good to see the whole team again.", "We had a look at the new pages with our colleagues.",
	"Could you please move the order button to the top?", "The weather in Bath was awful all week.", "The export stops with an error since the update.",
	"Our shops open again on Thursday, so everybody is busy.", "When can we test the vouchers?", "I have attached the list from the warehouse.",
	"整体效果不错，大家都很喜欢。", "希望首页增加一个客服入口。", "我们下周要去广州出差。", "支付页面偶尔会卡住，请尽快处理。",
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
		say("> ")
	}
	return []byte(b.String())
}

// benchHouse is a house with a full mailbox.
func benchHouse(b *testing.B) *house {
	h := newHouse(b)
	c := h.dovecot.Login(b, user)
	defer c.Close()
	for i := range benchMails {
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

// BenchmarkFiling measures filing from a local Dovecot over TLS against two
// floors in the same run: reading the same answers from a bare socket, and
// mbsync into a Maildir.
func BenchmarkFiling(b *testing.B) {
	h := benchHouse(b)
	var bySocket, byMbsync float64
	b.Run("socket", func(b *testing.B) {
		for b.Loop() {
			socket(b, h)
		}
		bySocket = rate(b)
	})
	b.Run("mbsync", func(b *testing.B) {
		servers.Program(b, "mbsync", "isync")
		for b.Loop() {
			mbsync(b, h)
		}
		byMbsync = rate(b)
	})
	b.Run("rapport", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			fresh := archive(b)
			fresh.dovecot = h.dovecot
			p := fresh.poller(fresh.config(), func(c *ingest.PollerConfig) { c.Log = nil })
			b.StartTimer()
			if c := fresh.once(p); c.Filed != benchMails {
				b.Fatalf("%+v", c)
			}
		}
		filed := rate(b)
		for floor, of := range map[string]float64{"of-socket": bySocket, "of-mbsync": byMbsync} {
			if of > 0 {
				b.ReportMetric(filed/of, floor)
			}
		}
	})
}

// rate reports how many mails a second went by.
func rate(b *testing.B) float64 {
	perSecond := benchMails * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "mails/s")
	return perSecond
}

// socket reads the literals as fast as the server sends them.
func socket(b *testing.B, h *house) {
	c, err := tls.Dial("tcp", h.dovecot.TLSAddr, &tls.Config{RootCAs: h.dovecot.Pool})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 64<<10)
	line := func() string {
		s, err := in.ReadString('\n')
		if err != nil {
			b.Fatal(err)
		}
		return s
	}
	command := func(tag, s string) {
		fmt.Fprintf(c, "%s %s\r\n", tag, s)
		for {
			s := line()
			if i := strings.LastIndexByte(s, '{'); i > 0 {
				if n, err := strconv.Atoi(strings.TrimRight(s[i+1:], "}\r\n")); err == nil {
					io.CopyN(io.Discard, in, int64(n))
				}
			}
			if strings.HasPrefix(s, tag+" ") {
				return
			}
		}
	}
	line()
	command("a", `AUTHENTICATE PLAIN `+plain(user, "sécret"))
	command("b", "EXAMINE INBOX")
	command("c", "UID FETCH 1:* (UID INTERNALDATE BODY.PEEK[])")
}

// mbsync reads the mailbox into a fresh Maildir.
func mbsync(b *testing.B, h *house) {
	b.StopTimer()
	dir := b.TempDir()
	_, port, _ := strings.Cut(h.dovecot.TLSAddr, ":")
	config := fmt.Sprintf("IMAPAccount a\nHost localhost\nPort %s\nUser %s\nPass sécret\nSSLType IMAPS\nCertificateFile %s\nAuthMechs PLAIN\n\n"+
		"IMAPStore far\nAccount a\n\nMaildirStore near\nInbox %s/inbox\nPath %s/\n\nChannel c\nFar :far:INBOX\nNear :near:INBOX\nCreate Near\nSync Pull\nSyncState *\n",
		port, user, certificate(b, h, dir), dir, dir)
	path := filepath.Join(dir, "rc")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
	if out, err := exec.Command("mbsync", "-q", "-c", path, "c").CombinedOutput(); err != nil {
		b.Fatalf("mbsync: %v\n%s", err, out)
	}
	b.StopTimer()
	found, _ := filepath.Glob(filepath.Join(dir, "inbox", "*", "*"))
	if len(found) < benchMails {
		b.Fatalf("mbsync has read %d mails", len(found))
	}
	b.StartTimer()
}

// BenchmarkDelivery measures from the end of a delivery to the mail being
// visible in the archive, while the server is watched.
func BenchmarkDelivery(b *testing.B) {
	h := newHouse(b)
	p := h.poller(h.config(), func(c *ingest.PollerConfig) { c.Log = nil })
	h.run(p)
	h.until("the mailbox is watched", func() bool { return p.Status().State == "idle" })
	n := 0
	var slowest time.Duration
	for b.Loop() {
		n++
		h.dovecot.Deliver(b, user, letter(n))
		begin := time.Now()
		for p.Status().Counts.Filed < n {
			time.Sleep(200 * time.Microsecond)
		}
		slowest = max(slowest, time.Since(begin))
	}
	b.ReportMetric(float64(slowest.Milliseconds()), "slowest-ms")
}

func plain(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
}

// certificate writes the server's certificate to a file, as mbsync wants it.
func certificate(b *testing.B, h *house, dir string) string {
	c, err := tls.Dial("tcp", h.dovecot.TLSAddr, &tls.Config{RootCAs: h.dovecot.Pool})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	path := filepath.Join(dir, "cert.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.ConnectionState().PeerCertificates[0].Raw})
	if err := os.WriteFile(path, data, 0o644); err != nil {
		b.Fatal(err)
	}
	return path
}
