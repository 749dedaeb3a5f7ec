package compose

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"rapport/mail"
)

// sampleLetters renders all sample drafts.
func sampleLetters(t testing.TB) map[string]*Rendered {
	t.Helper()
	drafts, err := filepath.Glob("testdata/letters/*.md")
	if err != nil || len(drafts) < 12 {
		t.Fatalf("%d sample drafts, %v", len(drafts), err)
	}
	out := map[string]*Rendered{}
	for _, path := range drafts {
		out[strings.TrimSuffix(filepath.Base(path), ".md")] = render(t, path)
	}
	return out
}

func TestRenderingTwiceGivesTheSameBytes(t *testing.T) {
	once, twice := sampleLetters(t), sampleLetters(t)
	for name, r := range once {
		if o := twice[name]; o.HTML != r.HTML || o.Text != r.Text || o.Subject != r.Subject || len(o.Points) != len(r.Points) || len(o.Files) != len(r.Files) {
			t.Errorf("%s differs the second time", name)
		}
	}
}

func TestTextFitsIntoALineOfMail(t *testing.T) {
	for name, r := range sampleLetters(t) {
		tooWide(t, name, r.Text)
	}
}

// tooWide finds lines above 78 columns; an address is never cut.
func tooWide(t testing.TB, name, text string) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if w := displayWidth(line); w > textColumns && !strings.Contains(line, "://") {
			t.Errorf("%s line %d has %d columns: %s", name, i+1, w, line)
		}
	}
}

// letters is what the reader of replies compares: letters and digits only.
func onlyLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// A client's program quotes one of the two parts; each point must be found in
// either, and each line of the HTML in the text.
func TestPointsStandInBothParts(t *testing.T) {
	for name, r := range sampleLetters(t) {
		text, page := onlyLetters(r.Text), onlyLetters(mail.HTMLText(r.HTML))
		if len(r.Points) == 0 {
			t.Errorf("%s has no point that could be answered", name)
		}
		for _, p := range r.Points {
			if !strings.Contains(text, onlyLetters(p.Text)) {
				t.Errorf("%s: the text part words point %s differently: %s", name, p.ID, p.Text)
			}
			if p.ID[0] == 'P' && !strings.Contains(page, onlyLetters(p.Text)) && !strings.Contains(r.HTML, "<ol") {
				t.Errorf("%s: the HTML words point %s differently: %s", name, p.ID, p.Text)
			}
		}
		for _, l := range mail.HTMLLines(r.HTML) {
			if s := onlyLetters(l.Text); !strings.Contains(text, s) {
				t.Errorf("%s: a line of the HTML is not in the text part: %s", name, l.Text)
			}
		}
	}
}

func TestPointsHaveNamesOfTheirOwn(t *testing.T) {
	for name, r := range sampleLetters(t) {
		seen := map[string]int{}
		for _, p := range r.Points {
			most := 1
			if p.ID[0] != 'P' { // the same in each language
				most += len(r.Also)
			}
			if seen[p.ID]++; seen[p.ID] > most {
				t.Errorf("%s: %d points are called %s", name, seen[p.ID], p.ID)
			}
		}
	}
}

func renderText(t *testing.T, body string) (*Rendered, []Finding) {
	t.Helper()
	d, findings := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n"+body))
	r, more := Render(d, sampleInput(t, d))
	return r, append(findings, more...)
}

func TestSubjectsStayTheSameOverASeries(t *testing.T) {
	for front, want := range map[string]string{
		"project: HARBOUR-WEB\nperiod: 2026-W48":                                  "[HARBOUR-WEB] Weekly report: Web shop",
		"project: HARBOUR-WEB\nperiod: 2026-W49":                                  "[HARBOUR-WEB] Weekly report: Web shop",
		"project: HARBOUR-WEB\nperiod: 2026-11":                                   "[HARBOUR-WEB] Monthly report: Web shop",
		"project: HARBOUR-WEB\nperiod: 2026-11-01..2026-11-03":                    "[HARBOUR-WEB] Report: Web shop",
		"project: YUNSHAN-APP\nperiod: 2026-W48":                                  "[YUNSHAN-APP]周报：云杉商城",
		"project: YUNSHAN-APP\nperiod: 2026-W48\nsubject: \"第二阶段 周报\"":            "[YUNSHAN-APP] 第二阶段 周报",
		"project: YUNSHAN-APP\nperiod: 2026-W48\nsubject: \"周报：iOS客户端\"":          "[YUNSHAN-APP] 周报：iOS客户端",
		"project: HARBOUR-WEB\nperiod: 2026-W48\nsubject: \"A [HARBOUR-WEB]  b\"": "A [HARBOUR-WEB] b",
		"project: HARBOUR-WEB\nperiod: 2026-W48\nsubject: \"a\\r\\nBcc: x\"":      "[HARBOUR-WEB] a Bcc: x",
	} {
		d, _ := ReadDraft("week.md", []byte("---\n"+front+"\n---\n"))
		if r, _ := Render(d, sampleInput(t, d)); r.Subject != want {
			t.Errorf("%q: subject %q, want %q", front, r.Subject, want)
		}
	}
}

func TestPicturesAndAttachments(t *testing.T) {
	r := render(t, "testdata/letters/monthly.md")
	if len(r.Files) != 2 || r.Files[0].ContentID == "" || r.Files[0].Type != "image/png" || r.Files[1].Name != "plan.csv" || r.Files[1].ContentID != "" {
		t.Fatalf("%+v", r.Files)
	}
	if !strings.Contains(r.HTML, `src="cid:`+r.Files[0].ContentID+`"`) || !strings.Contains(r.Text, "[Picture: The home page") {
		t.Error("the picture is not shown")
	}
	for body, want := range map[string]string{
		"![a](gone.png)":                                        "picture-dead",
		"![a](https://a.example/b.png)":                         "picture-remote",
		"![a](../letters/home.png)":                             "picture-remote",
		"![a](/etc/passwd)":                                     "picture-remote",
		"![a](data:image/png;base64,xx)":                        "picture-remote",
		"![a](plan.csv)":                                        "picture-type",
		"<b>bold</b>":                                           "raw-html",
		"<table><tr><td>x</td></tr></table>":                    "raw-html",
		"- <script>x</script>":                                  "raw-html",
		"```status\noverall: green\nsummary: \"<b>x</b>\"\n```": "raw-html",
	} {
		if _, findings := renderText(t, body); codes(findings) != want {
			t.Errorf("%q finds %q, want %q", body, codes(findings), want)
		}
	}
}

func TestLetterNamesItsAnswersFirst(t *testing.T) {
	r, _ := renderText(t, "Dear Ellen,\n\n```decisions\n- decision: Go?\n  by: 2026-12-01\n```\n")
	if want := "We need one answer from you: D-1 by 1 December."; !strings.Contains(r.Text, want) || strings.Count(r.HTML, want) != 2 {
		t.Errorf("what is asked must stand at the top and in the preheader:\n%s", r.Text)
	}
}

func TestSignatureOnce(t *testing.T) {
	for body, want := range map[string]int{"Text.\n\nKind regards\nMara": 1, "Text.\n\nKind regards\nMara Lindqvist": 1, "Text.\n\nKind regards": 1, "Text.": 1} {
		if r, _ := renderText(t, body); strings.Count(r.Text, "Mara") != want {
			t.Errorf("%q names Mara %d times:\n%s", body, strings.Count(r.Text, "Mara"), r.Text)
		}
	}
}

// Gmail would hide the end of a very long letter, and with it what is asked.
func TestALetterThatIsTooLongIsShortened(t *testing.T) {
	var b strings.Builder
	b.WriteString("Dear Ellen,\n\nthis is long.\n\n## All of it\n\n![A picture](home.png)\n\n")
	for range 1500 {
		b.WriteString("- A line of a list that says nothing but is there, so that the letter grows.\n")
	}
	b.WriteString("\n```decisions\n- decision: Is this too long?\n```\n")
	r, findings := renderText(t, b.String())
	if codes(findings) != "html-short" || findings[0].Severity != Warning || len(r.HTML) > maxHTML {
		t.Fatalf("%v, %d bytes", findings, len(r.HTML))
	}
	for _, want := range []string{"this is long", "Is this too long?", "D-1", "The full report is attached"} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("the short letter lacks %q", want)
		}
	}
	golden(t, "testdata/short.html", r.HTML)
	last := r.Files[len(r.Files)-1]
	if len(r.Files) != 1 || last.Name != "HARBOUR-WEB-2026-W48.html" || last.Type != "text/html" || !strings.Contains(string(last.Body), "data:image/png;base64,") || strings.Contains(string(last.Body), "cid:") {
		t.Errorf("%d files, the last %s %s", len(r.Files), last.Name, last.Type)
	}
	if strings.Count(r.Text, "A line of a list") != 1500 {
		t.Error("the text part is not complete")
	}
}

// BenchmarkRender is a report of 2,000 words, both parts; BenchmarkRenderBlocks
// one with every report block. CPU time is told besides: wall time says little
// on a busy machine.
func BenchmarkRender(b *testing.B)       { benchmarkLetter(b, "long") }
func BenchmarkRenderBlocks(b *testing.B) { benchmarkLetter(b, "weekly") }

func benchmarkLetter(b *testing.B, name string) {
	src, err := os.ReadFile("testdata/letters/" + name + ".md")
	if err != nil {
		b.Fatal(err)
	}
	in := sampleInput(b, &Draft{Front: Front{Project: "HARBOUR-WEB"}})
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		d, _ := ReadDraft(name+".md", src)
		if r, _ := Render(d, in); len(r.HTML) == 0 {
			b.Fatal("nothing rendered")
		}
	}
	b.ReportMetric(float64(cpuTime(b)-before)/1e6/float64(b.N), "cpu-ms/op")
}

// cpuTime is what this process has used, in user and system mode.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
