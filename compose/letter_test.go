package compose

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// updating reports whether the goldens are to be written anew. The flag
// belongs to the test of the rendered letters.
func updating() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// friday is the moment of all letters in these tests.
var friday = time.Date(2026, 11, 27, 16, 0, 0, 0, time.FixedZone("CET", 3600))

func testKey(t testing.TB) threads.ReplyKey {
	t.Helper()
	key, err := threads.NewReplyKey([]byte("a secret of thirty-two bytes, ok"))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// weekly is a small report with everything that a letter can have.
func weekly() *Rendered {
	return &Rendered{
		Project: "ACME-WEB", Period: "2026-W48", Status: "green", Language: "en",
		Subject: "[ACME-WEB] Weekly report",
		HTML:    "<!doctype html>\n<html lang=\"en\"><body><p>All is well.</p><img src=\"cid:chart@rapport\" alt=\"Up.\"></body></html>\n",
		Text:    "All is well.\n\nUp.\n",
		To:      []threads.Address{{Name: "Ann \"Annie\" O'Neil", Address: "ann@client.example"}, {Name: "Bob, Jr.", Address: "bob@client.example"}},
		Cc:      []threads.Address{{Name: "李雷", Address: "lei@client.example"}},
		Files: []File{
			{Name: "chart.png", Type: "image/png", ContentID: "chart@rapport", Body: []byte("\x89PNG not really")},
			{Name: "Übersicht 第四十八周 进度报告.pdf", Type: "application/pdf", Body: []byte("%PDF not really\n")},
			{Name: "plan.csv", Type: "text/csv", Body: []byte("a,b\n1,2\n")},
		},
	}
}

// chinese is a letter without pictures and files.
func chinese() *Rendered {
	return &Rendered{
		Project: "HAITONG-APP", Period: "2026-W48", Language: "zh",
		Subject: "[HAITONG-APP] 海通门店小程序项目周报：支付联调完成，下周开始门店试用，请确认名单",
		HTML:    "<!doctype html>\n<html lang=\"zh\"><body><p><strong>重要：</strong>请确认试用名单。</p></body></html>\n",
		Text:    "重要：请确认试用名单。\n\n本周完成了支付联调，未发现严重问题。\n",
		To:      []threads.Address{{Name: "林晓雯", Address: "lin@haitong.example"}},
	}
}

// tiny is the least that can be sent.
func tiny() *Rendered {
	return &Rendered{
		Project: "ACME-WEB", Period: "2026-W48", Subject: "Short", Text: "Done.",
		To: []threads.Address{{Address: "ann@client.example"}},
	}
}

func input(t testing.TB) LetterInput {
	return LetterInput{
		At: friday, From: threads.Address{Name: "Mara Voss", Address: "projects@agency.example"},
		ReplyTo: "projects@agency.example", Key: testKey(t),
	}
}

// inSeries is the input of a letter that follows n others.
func inSeries(t testing.TB, n int) LetterInput {
	in := input(t)
	for i := range n {
		in.Series = append(in.Series, Sent{
			MessageID: "r" + strings.Repeat("0", i%10) + "." + string(rune('a'+i%26)) + "@agency.example",
			At:        friday.AddDate(0, 0, -7*(n-i)),
		})
	}
	return in
}

func mustLetters(t testing.TB, r *Rendered, in LetterInput) []threads.Letter {
	t.Helper()
	letters, err := Letters(r, in)
	if err != nil {
		t.Fatal(err)
	}
	return letters
}

func TestLettersAreAsTheGoldensSay(t *testing.T) {
	for name, c := range map[string]struct {
		report *Rendered
		in     LetterInput
	}{
		"weekly":         {weekly(), input(t)},
		"weekly-series":  {weekly(), inSeries(t, 14)},
		"chinese":        {chinese(), inSeries(t, 1)},
		"tiny":           {tiny(), input(t)},
		"picture-only":   {without(weekly(), "application/pdf", "text/csv"), input(t)},
		"file-only":      {without(weekly(), "image/png"), input(t)},
		"text-with-file": {textOnly(without(weekly(), "image/png")), input(t)},
	} {
		t.Run(name, func(t *testing.T) {
			raw := mustLetters(t, c.report, c.in)[0].Raw
			path := filepath.Join("testdata", "raw", name+".eml")
			if updating() {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, raw, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(raw, want) {
				t.Errorf("%s differs; look at it and run the test with -update\n%s", path, raw)
			}
		})
	}
}

// without takes the files of some types away.
func without(r *Rendered, types ...string) *Rendered {
	var kept []File
	for _, f := range r.Files {
		if !strings.Contains(strings.Join(types, " "), f.Type) {
			kept = append(kept, f)
		}
	}
	r.Files = kept
	return r
}

func textOnly(r *Rendered) *Rendered {
	r.HTML = ""
	return r
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	a, b := mustLetters(t, weekly(), inSeries(t, 3)), mustLetters(t, weekly(), inSeries(t, 3))
	for i := range a {
		if !bytes.Equal(a[i].Raw, b[i].Raw) || a[i].ID != b[i].ID || a[i].SHA != b[i].SHA {
			t.Errorf("letter %d differs between two runs", i)
		}
	}
}

func TestOtherInputGivesOtherIdentities(t *testing.T) {
	first := mustLetters(t, weekly(), input(t))[0]
	changes := map[string]func(*Rendered, *LetterInput){
		"text":      func(r *Rendered, _ *LetterInput) { r.Text += "More.\n" },
		"file":      func(r *Rendered, _ *LetterInput) { r.Files[1].Body = []byte("%PDF other") },
		"recipient": func(r *Rendered, _ *LetterInput) { r.Cc = nil },
		"second":    func(_ *Rendered, in *LetterInput) { in.At = in.At.Add(time.Second) },
		"salt":      func(_ *Rendered, in *LetterInput) { in.Salt = []byte("x") },
		"series":    func(_ *Rendered, in *LetterInput) { in.Series = Series{{"a@b.example", friday.AddDate(0, 0, -7)}} },
	}
	for name, change := range changes {
		r, in := weekly(), input(t)
		change(r, &in)
		l := mustLetters(t, r, in)[0]
		if l.MessageID == first.MessageID || l.ID == first.ID || l.Report == first.Report {
			t.Errorf("%s: another letter has the same id %s", name, l.MessageID)
		}
	}
}

// TestAnyAnswerIsKnownAsTheRecipients: the reply address, each button and the
// References of a letter lead to that letter, and nothing else tells the
// letters of a report apart.
func TestAnyAnswerIsKnownAsTheRecipients(t *testing.T) {
	r, in, key := buttons(t), inSeries(t, 2), testKey(t)
	in.ReplyTo = r.ReplyTo
	letters := mustLetters(t, r, in)
	if len(letters) != 3 {
		t.Fatalf("%d letters, want one for each of three recipients", len(letters))
	}
	var first string
	for i, l := range letters {
		m := mail.Parse(l.Raw, mail.Limits{})
		own := key.Address(in.ReplyTo, l.ID)
		if len(m.ReplyTo) != 1 || m.ReplyTo[0].Address != own {
			t.Errorf("Reply-To is %v, want %s", m.ReplyTo, own)
		}
		if len(m.References) != 3 || m.References[0] != own {
			t.Errorf("the References are %v, want %s first", m.References, own)
		}
		const all = 2 + 5 // yes, no and the rating
		if n := strings.Count(m.HTML, `href="mailto:`+own+`?`); n != all || strings.Count(m.HTML, "mailto:") != all {
			t.Errorf("letter %d: %d of %d buttons lead to %s", i, n, all, own)
		}
		h, _, err := splitHead(l.Raw)
		if err != nil {
			t.Fatal(err)
		}
		rest := strings.ReplaceAll(string(h.bytes())+m.Text+m.HTML, key.Token(l.ID), "TOKEN")
		if i > 0 && rest != first {
			t.Errorf("letter %d differs in more than its reply address:\n%s\n%s", i, rest, first)
		}
		first = rest
		if sum := sha256Of(l.Raw); l.SHA != sum {
			t.Errorf("letter %d has SHA %s, want %s", i, l.SHA, sum)
		}
	}
}

// buttons is a report with answer buttons to three recipients.
func buttons(t testing.TB) *Rendered {
	t.Helper()
	d, _ := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n```decisions\n- decision: Go?\n```\n\n```rating\n```\n"))
	in := sampleInput(t, d)
	in.ReplyTo = "projects@agency.example"
	r, findings := Render(d, in)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	r.To, r.Cc = weekly().To, weekly().Cc
	return r
}

func sha256Of(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestNobodyIsWrittenToTwice(t *testing.T) {
	r := weekly()
	r.To = append(r.To, threads.Address{Name: "Ann again", Address: "ANN@client.example"})
	r.Cc = append(r.Cc, threads.Address{Address: "bob@CLIENT.example"})
	letters := mustLetters(t, r, input(t))
	if len(letters) != 3 {
		t.Errorf("%d letters, want 3", len(letters))
	}
	if n := bytes.Count(letters[0].Raw, []byte("bob@client.example")); n != 1 {
		t.Errorf("bob stands %d times in the header", n)
	}
}

func TestDomainsInOtherScriptsAreWrittenInASCII(t *testing.T) {
	r := tiny()
	r.To = []threads.Address{{Address: "info@bücher.example"}}
	l := mustLetters(t, r, input(t))[0]
	if l.Recipient.Address != "info@xn--bcher-kva.example" || !bytes.Contains(l.Raw, []byte("xn--bcher-kva")) {
		t.Errorf("recipient %q", l.Recipient.Address)
	}
}
