package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// sameDecoded holds block by block against all at once.
func sameDecoded(t *testing.T, body []byte, encoding string) {
	t.Helper()
	var whole, blocks faultList
	want := decodeTransfer(body, encoding, &whole)
	const keep = 1000
	got := decodeLarge(body, encoding, keep, &blocks)
	sum := sha256.Sum256(want)
	if got.size != int64(len(want)) || !bytes.Equal(got.sum.Sum(nil), sum[:]) || !bytes.Equal(got.head, want[:min(keep, len(want))]) || !slices.Equal(whole.faults, blocks.faults) {
		t.Errorf("%s of %d bytes: %d bytes and %v, want %d and %v", encoding, len(body), got.size, blocks.faults, len(want), whole.faults)
	}
}

func lines(text string, n int) string {
	var b strings.Builder
	for len(text) > n {
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return b.String() + text + "\r\n"
}

func TestLargeBodiesAreDecodedBlockByBlock(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	data := make([]byte, 400_000)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	text := base64.StdEncoding.EncodeToString(data)
	for name, body := range map[string]string{
		"lines of 76":                 lines(text, 76),
		"lines of 75":                 lines(text, 75),
		"one line":                    text,
		"without padding":             strings.TrimRight(lines(text, 76), "=\r\n"),
		"two pieces":                  lines(base64.StdEncoding.EncodeToString(data[:100_000]), 76) + lines(text, 76),
		"with a footer":               lines(text, 76) + "_______________________________________________\r\nWe are a list of people who write to each other\r\n",
		"with a broken character":     lines(text[:200_000]+"*"+text[200_000:], 76),
		"cut off in the middle":       lines(text, 76)[:300_001],
		"no base64":                   strings.Repeat("These are words, and no base64 at all.\r\n", 5000),
		"empty lines and blanks":      strings.ReplaceAll(lines(text, 76), "\r\n", " \r\n\r\n"),
		"with all faults, quoted too": lines("=?=3D=\r\n"+text, 998),
	} {
		t.Run(name, func(t *testing.T) {
			for _, encoding := range []string{"base64", "quoted-printable", "8bit", "x-unknown"} {
				sameDecoded(t, []byte(body), encoding)
			}
		})
	}
}

func FuzzDecodeLarge(f *testing.F) {
	f.Add([]byte("aGVsbG8gd29ybGQ=\r\naGVsbG8=\r\n"), "base64", 30)
	f.Add([]byte("a=3Db=\r\nc =\n=zz"), "quoted-printable", 3000)
	f.Fuzz(func(t *testing.T, body []byte, encoding string, times int) {
		sameDecoded(t, bytes.Repeat(body, min(max(times, 1), 1+200_000/(len(body)+1))), encoding)
	})
}

// A file in a mail is hashed and measured without being in memory beside it.
func TestALargeFileTakesNoMemory(t *testing.T) {
	for _, c := range []struct{ media, encoding, line string }{
		{"application/zip", "base64", strings.Repeat("ABCDEFGHIJKLMNOPQRS=", 3)[:56] + "ABCDEFGHIJKLMNOPQRSTABCD\r\n"},
		{"application/zip", "base64", strings.Repeat("A", 76) + "\r\n"},
		{"application/octet-stream", "quoted-printable", strings.Repeat("=C3=A4", 12) + "=\r\n"},
		{"video/mp4", "binary", strings.Repeat("\x01", 76) + "\r\n"},
	} {
		raw := []byte(fmt.Sprintf("From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nWords.\r\n--x\r\nContent-Type: %s\r\n"+
			"Content-Transfer-Encoding: %s\r\nContent-Disposition: attachment; filename=large\r\n\r\n", c.media, c.encoding))
		raw = append(append(raw, bytes.Repeat([]byte(c.line), 400_000)...), "--x--\r\n"...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m := Parse(raw, Limits{File: 4 << 10})
		runtime.ReadMemStats(&after)
		if len(m.Parts) != 1 || len(m.Parts[0].Body) != 4<<10 || m.Parts[0].Size < 8<<20 || m.Text != "Words." {
			t.Errorf("%s: %d parts, text %q", c.media, len(m.Parts), m.Text)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
			t.Errorf("%s as %s: reading a mail of %d MB took %d KB", c.media, c.encoding, len(raw)>>20, used>>10)
		}
		whole := Parse(raw, Limits{Part: 100 << 20})
		if whole.Parts[0].SHA256 != m.Parts[0].SHA256 || whole.Parts[0].Size != m.Parts[0].Size || int64(len(whole.Parts[0].Body)) != m.Parts[0].Size {
			t.Errorf("%s as %s: %+v", c.media, c.encoding, whole.Parts[0].Size)
		}
	}
}
