package imap_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rapport/ingest"
	"rapport/internal/servers"
	"rapport/mail"
)

// heavy is a mail of about n bytes with one file in it, whose bytes no program
// can make shorter.
func heavy(seed uint64, n int) []byte {
	var b bytes.Buffer
	b.Grow(n + 1024)
	fmt.Fprintf(&b, "From: Ann <ann@acme.example>\r\nTo: %s\r\nSubject: Photos %d\r\nMessage-ID: <photos-%d@acme.example>\r\n"+
		"Date: Mon, 02 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=limit\r\n\r\n"+
		"--limit\r\nContent-Type: text/plain\r\n\r\nHere are the photos of shop %d.\r\nPlease put them on the first page.\r\n"+
		"--limit\r\nContent-Type: application/zip; name=photos.zip\r\nContent-Disposition: attachment; filename=photos.zip\r\n"+
		"Content-Transfer-Encoding: base64\r\n\r\n", user, seed, seed, seed)
	random := rand.New(rand.NewPCG(seed, 2))
	line, text := make([]byte, 57), make([]byte, 76)
	for b.Len() < n-100 {
		for i := range line {
			line[i] = byte(random.Uint32())
		}
		base64.StdEncoding.Encode(text, line)
		b.Write(text)
		b.WriteString("\r\n")
	}
	b.WriteString("--limit--\r\n")
	return b.Bytes()
}

// peak reads the mailbox in a process of its own and returns the most memory
// that it had, in MB.
func (h *house) peak() float64 {
	h.t.Helper()
	config, err := json.Marshal(child{Archive: h.url, Server: h.dovecot.Addr, Once: true})
	h.must(err)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childConfig+"="+string(config))
	out, err := cmd.CombinedOutput()
	var kb float64
	if _, scanErr := fmt.Sscanf(string(out), "ready\nVmHWM: %f kB", &kb); scanErr != nil {
		h.t.Fatalf("%v, %v\n%s", err, scanErr, out)
	}
	return kb / 1024
}

// tellPeak prints the most memory that this process had. What the system counts
// for a child that has ended would include its parent's.
func tellPeak() {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	for line := range strings.Lines(string(status)) {
		if strings.HasPrefix(line, "VmHWM:") {
			os.Stdout.WriteString(line)
		}
	}
}

// BenchmarkMemory prints the peak memory of a process that files mails of 50 MB,
// beside that of one that files a few small ones.
func BenchmarkMemory(b *testing.B) {
	const most = 50 << 20
	for _, c := range []struct {
		name         string
		small, heavy int
	}{{"small", 20, 0}, {"one-of-50MB", 20, 1}, {"six-of-50MB", 20, 6}, {"six-of-50MB-after-3000", 3000, 6}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				h := archive(b)
				h.dovecot = servers.StartDovecot(b)
				h.dovecot.AddUser(b, user, "sécret")
				var mails [][]byte
				for i := range c.small {
					mails = append(mails, letter(i))
				}
				for i := range c.heavy {
					mails = append(mails, heavy(uint64(i), most))
				}
				for _, raw := range mails {
					h.dovecot.Append(b, user, raw)
				}
				b.StartTimer()
				peak := h.peak()
				b.StopTimer()
				b.ReportMetric(peak, "MB-peak")
				if c.heavy > 0 {
					b.ReportMetric(peak-float64(len(mails[len(mails)-1]))/(1<<20), "MB-above-largest")
				}
				for i, raw := range mails {
					if !h.has(raw) {
						b.Errorf("mail %d is not in the archive", i)
					}
				}
				b.StartTimer()
			}
		})
	}
}

func TestAMailOf50MB(t *testing.T) {
	h := newHouse(t)
	large := heavy(1, 50<<20)
	h.dovecot.Append(t, user, large)
	h.dovecot.Append(t, user, letter(2))
	if c := h.once(h.poller(h.config(), nil)); c.Filed != 2 || !h.has(large) {
		t.Errorf("%+v", c)
	}
	h.complete()
	h.whole()
	m, err := h.store.Message(context.Background(), "photos-1@acme.example")
	h.must(err)
	file := mail.Parse(large, mail.Limits{Part: 50 << 20}).Parts[0]
	if len(m.Attachments) != 1 || m.Attachments[0].SHA256 != file.SHA256 || m.Attachments[0].Size != file.Size || file.Size < 36<<20 || len(m.Faults) != 0 {
		t.Errorf("attachments %+v, faults %v", m.Attachments, m.Faults)
	}

	small := h.poller(h.config(), func(c *ingest.PollerConfig) { c.Name, c.MaxSize = "small", 1<<20 })
	if c := h.once(small); c.Known != 1 || c.Aside != 1 {
		t.Errorf("%+v", c)
	}
	owed := h.coverage("small").Owed
	if len(owed) != 1 || owed[0].UID != 1 || owed[0].Size != int64(len(large)) || owed[0].Words != "it has 50.0 MB, and the limit is 1.0 MB" ||
		owed[0].From.Address != "ann@acme.example" || owed[0].Subject != "Photos 1" {
		t.Errorf("owed %+v", owed)
	}
}

// Half of a mail is no mail, however large it is.
func TestAMailOf50MBIsCutOff(t *testing.T) {
	databases(t, func(t *testing.T, h *house) {
		large := heavy(1, 50<<20)
		s := newScripted(t, letter(1), large, letter(3))
		s.body = func(p *peer, number int, uid uint32, raw []byte) (bool, error) {
			if uid != 2 || p.n > 2 {
				return false, nil
			}
			p.say("* %d FETCH (UID %d BODY[] {%d}", number, uid, len(raw))
			p.Write(raw[:len(raw)/p.n-1])
			return true, errors.New("cut")
		}
		p := h.poller(s.config(), nil)
		h.run(p)
		h.until("all is filed", func() bool { return p.Status().Counts.Filed == 3 })
		if h.messages() != 3 || !h.has(large) || !h.has(letter(3)) || h.account() != "1..3: 3 filed, 0 vanished" {
			t.Errorf("%d mails, %s", h.messages(), h.account())
		}
	})
}

// BenchmarkMemoryOfMany prints the peak memory of a process that reads a whole
// mailbox of small mails; with MAILS=100000 one of the size that was promised.
func BenchmarkMemoryOfMany(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		mails := servers.Mails(2000)
		h := newHouse(b)
		h.dovecot.Append(b, user, benchMail(0)) // makes the Maildir
		for i := 1; i < mails; i++ {            // far faster than by IMAP
			name := filepath.Join(h.dovecot.Maildir(user), "cur", fmt.Sprintf("%d.M%dP1.bench:2,", 1_700_000_000+i, i))
			h.must(os.WriteFile(name, benchMail(i), 0o644))
		}
		b.StartTimer()
		peak := h.peak()
		b.StopTimer()
		held, err := h.store.Coverage(b.Context(), h.cursor().Mailbox)
		h.must(err)
		if held.Filed != mails {
			b.Errorf("%d of %d mails are filed", held.Filed, mails)
		}
		b.ReportMetric(peak, "MB-peak")
		b.ReportMetric(float64(mails)/b.Elapsed().Seconds(), "mails/s")
		b.StartTimer()
	}
}
