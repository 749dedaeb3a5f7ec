package smtp_test

import (
	"bufio"
	"bytes"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/compose"
	"rapport/threads"
)

// drain is the quickest mail server that there is: it takes everything and
// keeps nothing.
func drain(b *testing.B) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go swallow(conn)
		}
	}()
	return l.Addr().String()
}

func swallow(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	conn.Write([]byte("220 drain ESMTP\r\n"))
	for inLetter := false; ; {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		switch {
		case inLetter:
			if inLetter = !bytes.Equal(line, []byte(".\r\n")); !inLetter {
				conn.Write([]byte("250 ok\r\n"))
			}
		case bytes.HasPrefix(line, []byte("DATA")):
			inLetter = true
			conn.Write([]byte("354 go on\r\n"))
		case bytes.HasPrefix(line, []byte("EHLO")):
			conn.Write([]byte("250-drain\r\n250 PIPELINING\r\n"))
		default:
			conn.Write([]byte("250 ok\r\n"))
		}
	}
}

// BenchmarkSubmit sends letters of 8 KB over one session. If Postfix's
// smtp-source is installed it does the same to the same server, and the metric
// "of-smtp-source" is our rate divided by its rate.
func BenchmarkSubmit(b *testing.B) {
	addr := drain(b)
	sender := sendTo(b, addr)
	defer sender.Close()
	raw := []byte("Subject: x\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", 112))
	n := 0
	for b.Loop() {
		if out := sender.Submit(b.Context(), compose.Submission{From: "a@b.example", To: "c@d.example", Raw: raw}); out.State != threads.Taken {
			b.Fatal(out)
		}
		n++
	}
	ours := float64(n) / b.Elapsed().Seconds()
	b.ReportMetric(ours, "letters/s")
	if source, err := exec.LookPath("smtp-source"); err == nil {
		const letters = 2000
		start := time.Now()
		cmd := exec.Command(source, "-d", "-s", "1", "-m", strconv.Itoa(letters), "-l", "8192", "-f", "a@b.example", "-t", "c@d.example", addr)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("smtp-source: %v\n%s", err, out)
		}
		b.ReportMetric(ours/(letters/time.Since(start).Seconds()), "of-smtp-source")
	}
}

// BenchmarkOutbox sends released letters from a real archive: lease, submit and
// settle, each transaction with its fsync.
func BenchmarkOutbox(b *testing.B) {
	h, addr := newHouse(b), drain(b)
	n := 0
	for b.Loop() {
		b.StopTimer()
		h.report(b, 50)
		b.StartTimer()
		sent, err := h.outbox(b, sendTo(b, addr), h.Store).Once(b.Context())
		if err != nil || sent != 50 {
			b.Fatal(sent, err)
		}
		n += sent
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "letters/s")
}
