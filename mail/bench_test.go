package mail

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// ordinary are the mails that the goal of 10,000 a second of CPU is meant for.
func ordinary(b *testing.B) (mails [][]byte, size int64) {
	for _, path := range samples(b, "../demo/mails/*.eml") {
		raw := readSample(b, path)
		mails = append(mails, raw)
		size += int64(len(raw))
	}
	for _, path := range samples(b, "../ingest/extract/testdata/gold/*.eml") {
		raw := readSample(b, path)
		mails = append(mails, raw)
		size += int64(len(raw))
	}
	return mails, size
}

func BenchmarkParse(b *testing.B) {
	mails, size := ordinary(b)
	b.SetBytes(size)
	for b.Loop() {
		for _, raw := range mails {
			Parse(raw, Limits{})
		}
	}
	b.ReportMetric(float64(len(mails)*b.N)/b.Elapsed().Seconds(), "mails/s")
}

func BenchmarkClassify(b *testing.B) {
	mails, _ := ordinary(b)
	var parsed []*Message
	for _, raw := range mails {
		parsed = append(parsed, Parse(raw, Limits{}))
	}
	for b.Loop() {
		for _, m := range parsed {
			Classify(m)
			Forward(m)
		}
	}
	b.ReportMetric(float64(len(mails)*b.N)/b.Elapsed().Seconds(), "mails/s")
}

// hostile are inputs that cost other readers seconds or minutes; the goal is a
// second for a megabyte.
func hostile() map[string][]byte {
	m := map[string][]byte{}
	var b bytes.Buffer
	for i := range 20000 { // each level opens and none closes
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	m["nested 20,000 deep"] = bytes.Clone(b.Bytes())
	b.Reset()
	b.WriteString("Content-Type: multipart/mixed; boundary=x\n\n")
	for range 10000 {
		b.WriteString("--x\nContent-Type: application/pdf; name=a.pdf\n\nabc\n")
	}
	m["10,000 parts"] = bytes.Clone(b.Bytes())
	m["header line of 10 MB"] = []byte("X-Long: " + strings.Repeat("a ", 5<<20) + "\nSubject: found\n\ntext\n")
	m["folded header of 10 MB"] = []byte("X-Long: a" + strings.Repeat("\n b", 3<<20) + "\nSubject: found\n\ntext\n")
	m["767 KB of quote marks"] = []byte("Subject: x\n\n" + strings.Repeat(">", 767<<10) + "\n")
	m["767 KB of quote lines"] = []byte("Subject: Fwd: x\nContent-Type: text/plain; format=flowed\n\n" + strings.Repeat("> \n", 256<<10))
	m["1 MB of open tags"] = []byte("Content-Type: text/html\n\n" + strings.Repeat("<div><table><tr><td>", 50<<10))
	m["1 MB of misnested tags"] = []byte("Content-Type: text/html\n\n" + strings.Repeat("<a><b><p></b></a>", 60<<10))
	for what, unit := range map[string]string{
		"quotes": `"`, "brackets": "<", "comments": "(", "commas and brackets": "<,", "stray quotes": `"<a@b>,`, "words without end": "=?x?q?a,", "word beginnings": "=?", "base64 words": "=?x?b?", "colons": "a:", "commas": "a,", "addresses": "a@b.example,",
		"escapes": `\"`, "chars": "=?gbk?Q?=C4?=",
	} {
		m["1 MB address field of "+what] = []byte("To: " + strings.Repeat(unit, 1<<20/len(unit)) + "\nSubject: " + strings.Repeat(unit, 200<<10/len(unit)) + "\n\nx\n")
	}
	m["parameters"] = []byte("Content-Type: text/plain" + strings.Repeat("; a*0*=x'", 20<<10) + "\n\nx\n")
	m["1 MB of Chinese without charset"] = []byte("Subject: x\n\n" + strings.Repeat("\xc4\xe3\xba\xc3\xa3\xac\xc7\xeb\xc8\xb7\xc8\xcf\xa1\xa3\n", 60<<10))
	m["1 MB of random bytes"] = []byte("Content-Type: text/plain; charset=gbk\n\n" + pseudoRandom(1<<20))
	m["1 MB of near boundaries"] = []byte("Content-Type: multipart/mixed; boundary=aaaa\n\n" + strings.Repeat("\n--aaaaa", 120<<10))
	m["1 MB of begin lines"] = []byte("Subject: x\n\n" + strings.Repeat("begin 644 x\n#0V%T\n", 60<<10))
	m["1 MB of header blocks"] = []byte("Subject: Fwd: x\n\n" + strings.Repeat("From: \n", 150<<10))
	m["1 MB of attributions"] = []byte("Subject: x\n\n" + strings.Repeat("On a b c d ", 100<<10))
	m["bounce of addresses"] = []byte("From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n" + strings.Repeat("<a@b.example>:\nno\n\n", 50<<10))
	m["plus signs in UTF-7"] = []byte("Content-Type: text/plain; charset=utf-7\n\n" + strings.Repeat("+A", 500<<10))
	m["enriched"] = []byte("Content-Type: text/enriched\n\n" + strings.Repeat("<param>", 140<<10))
	return m
}

func pseudoRandom(n int) string {
	out := make([]byte, n)
	x := uint32(1)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = byte(x >> 24)
	}
	return string(out)
}

// TestHostile reads inputs built to be expensive; what they cost shows
// BenchmarkHostile.
func TestHostile(t *testing.T) {
	for name, raw := range hostile() {
		t.Run(name, func(t *testing.T) {
			m := Parse(raw, Limits{})
			checkClean(t, m)
			if len(m.Parts) > 1000 {
				t.Errorf("%d parts", len(m.Parts))
			}
			Classify(m)
			Deliveries(m)
			Forward(m)
			if strings.Contains(name, "10 MB") && m.Subject != "found" {
				t.Errorf("the field behind the long one was not read: %q", m.Subject)
			}
		})
	}
}

func BenchmarkHostile(b *testing.B) {
	for name, raw := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				m := Parse(raw, Limits{})
				Classify(m)
				Deliveries(m)
				Forward(m)
			}
		})
	}
}
