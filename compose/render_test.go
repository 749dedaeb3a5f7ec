package compose

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"

	"rapport/mail"
	"rapport/threads"
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
		seen := map[string]bool{}
		for _, p := range r.Points {
			if seen[p.ID] {
				t.Errorf("%s: two points are called %s", name, p.ID)
			}
			seen[p.ID] = true
		}
	}
}

// TestHTMLHolds walks each letter's elements and holds them to what mail
// programs show and screen readers say.
func TestHTMLHolds(t *testing.T) {
	for name, r := range sampleLetters(t) {
		if len(r.HTML) > maxHTML {
			t.Errorf("%s has %d bytes of HTML; Gmail would cut it", name, len(r.HTML))
		}
		open := []string{}
		z := html.NewTokenizer(strings.NewReader(r.HTML))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			token := z.Token()
			switch kind {
			case html.StartTagToken:
				element(t, name, token)
				if !map[string]bool{"meta": true, "br": true, "hr": true, "img": true}[token.Data] {
					open = append(open, token.Data)
				}
			case html.EndTagToken:
				if len(open) == 0 || open[len(open)-1] != token.Data {
					t.Fatalf("%s: </%s> closes %v", name, token.Data, open)
				}
				open = open[:len(open)-1]
			}
		}
		if len(open) > 0 {
			t.Errorf("%s leaves %v open", name, open)
		}
		for _, want := range []string{`lang="`, "<title>", `name="color-scheme"`, `prefers-color-scheme`} {
			if !strings.Contains(r.HTML, want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
	}
}

func element(t *testing.T, name string, n html.Token) {
	t.Helper()
	attr := map[string]string{}
	for _, a := range n.Attr {
		if _, twice := attr[a.Key]; twice {
			t.Errorf("%s: <%s> has two %s", name, n.Data, a.Key)
		}
		attr[a.Key] = a.Val
	}
	style := ";" + attr["style"]
	if strings.Contains(style, ";color:") != strings.Contains(style, ";background-color:") {
		t.Errorf("%s: <%s style=%q> sets one of text and background without the other", name, n.Data, attr["style"])
	}
	for _, bad := range []string{"text-align", "flex", "grid", "var(", "rem", "position", "javascript"} {
		if strings.Contains(style, bad) {
			t.Errorf("%s: <%s> has %s, which few programs know", name, n.Data, bad)
		}
	}
	switch n.Data {
	case "script", "iframe", "form", "svg", "link", "blockquote", "base", "object":
		t.Errorf("%s has <%s>", name, n.Data)
	case "img":
		if attr["alt"] == "" || !strings.HasPrefix(attr["src"], "cid:") || attr["width"] == "" {
			t.Errorf("%s: picture %v lacks words, width or its Content-ID", name, attr)
		}
	case "th":
		if attr["scope"] == "" {
			t.Errorf("%s: a heading cell has no scope", name)
		}
	case "table":
		if attr["role"] == "" && !strings.Contains(style, "font-size:15px") {
			t.Errorf("%s: a table of layout has no role", name)
		}
	case "a":
		if href := attr["href"]; !goodLink(href) || len(href) >= maxMailto && strings.HasPrefix(href, "mailto:") {
			t.Errorf("%s: link to %s", name, href)
		}
	}
}

// TestContrast computes WCAG 2.2 contrast of every pair of colours.
func TestContrast(t *testing.T) {
	for _, s := range shades {
		for _, pair := range [][2]string{{s.ink, s.ground}, {s.darkInk, s.darkGround}} {
			a, b := luminance(t, pair[0]), luminance(t, pair[1])
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.1f", s.class, pair[0], pair[1], ratio)
			}
		}
	}
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatalf("%q is no colour", color)
		}
		c := float64(v) / 255
		if c <= 0.03928 {
			sum += weight * c / 12.92
			continue
		}
		x := (c + 0.055) / 1.055
		p := x * x
		sum += weight * p * pow04(x) // x^2.4
	}
	return sum
}

// pow04 is x^0.4 by Newton's method on y^5 = x^2, so that the test needs no more than arithmetic.
func pow04(x float64) float64 {
	y := x
	for range 60 {
		y -= (y*y*y*y*y - x*x) / (5 * y * y * y * y)
	}
	return y
}

func renderText(t *testing.T, body string) (*Rendered, []Finding) {
	t.Helper()
	d, findings := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n"+body))
	r, more := Render(d, sampleInput(t, d))
	return r, append(findings, more...)
}

func TestAnswersAreTiedToTheClientsItems(t *testing.T) {
	r := render(t, "testdata/letters/answers.md")
	if len(r.Answers) != 4 {
		t.Fatalf("%d answers", len(r.Answers))
	}
	_, _, past := sampleProject("HARBOUR-WEB")
	first := r.Answers[0]
	if first.Item != past.Open[0].ID || first.Word != threads.Adjusted || first.By != "mara" || first.At.IsZero() || first.Next != "You see it on the test shop on Monday." {
		t.Errorf("%+v", first)
	}
	for _, a := range r.Answers {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", a.Item, err)
		}
	}
	for _, item := range past.Open {
		if !strings.Contains(strings.Join(strings.Fields(r.Text), " "), item.Text) {
			t.Errorf("the letter does not show the client's words: %s", item.Text)
		}
	}
}

func TestAnswersThatMustNotGoOut(t *testing.T) {
	for yaml, want := range map[string]string{
		"- item: F-99\n  answer: done\n  reason: r":                                            "answer-unknown",
		"- item: none\n  answer: done\n  reason: r":                                            "answer-unknown",
		"- item: F-13\n  reason: r":                                                            "answer-word",
		"- item: F-13\n  answer: accepted\n  reason: \" \"":                                    "answer-reason",
		"- item: F-13\n  answer: rejected\n  reason: r":                                        "answer-next",
		"- item: F-13\n  answer: deferred\n  reason: r":                                        "answer-next",
		"- item: F-13\n  answer: done\n  reason: r\n- item: F-13\n  answer: done\n  reason: r": "answer-twice",
		"- item: F-13\n  answer: perhaps\n  reason: r":                                         "bad-word answer-word",
		"- item: F-13\n  answer: done\n  reason: r\n  date: tomorrow":                          "bad-date",
		"- item: F-13\n  answer: done\n  reasons: r":                                           "unknown-key answer-reason",
		"": "block-empty",
	} {
		r, findings := renderText(t, "```answers\n"+yaml+"\n```\n")
		if got := codes(findings); got != want {
			t.Errorf("%q finds %q, want %q", yaml, got, want)
		}
		for _, f := range findings {
			if f.Line < 6 || f.Line > 12 {
				t.Errorf("%q: line %d of %s is not in the block", yaml, f.Line, f.Code)
			}
		}
		for _, a := range r.Answers {
			if a.Check() != nil {
				t.Errorf("%q gives an answer that may not be given: %+v", yaml, a)
			}
		}
	}
}

func TestLabelsCountOnOverTheProjectsReports(t *testing.T) {
	d, _ := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n```decisions\n- decision: One?\n- decision: Two?\n```\n\n```ask\n- question: Three?\n```\n"))
	in := sampleInput(t, d)
	in.Past.Reports = []threads.Report{
		{Points: []threads.Point{{ID: "D-4"}, {ID: "P1"}, {ID: "F-40"}}},
		{Points: []threads.Point{{ID: "D-2"}, {ID: "Q-7"}, {ID: "D-x"}}},
	}
	r, _ := Render(d, in)
	var got []string
	for _, p := range r.Points {
		got = append(got, p.ID)
	}
	if s := strings.Join(got, " "); s != "D-5 D-6 Q-8" {
		t.Errorf("labels %s", s)
	}
}

func TestButtonsWriteOneExactLine(t *testing.T) {
	r, findings := renderText(t, "```decisions\n- decision: Go?\n```\n\n```ask\n- question: Where?\n```\n\n```rating\n```\n")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, want := range []string{
		`href="mailto:projects+0k3v9x2m4t7qabcd@northlight.example?subject=%5BHARBOUR-WEB%5D%20D-1%3A%20yes&amp;body=D-1%3A%20yes%0D%0A"`,
		`&amp;body=D-1%3A%20no%0D%0A"`, `&amp;body=Q-1%3A%20%0D%0A"`, `&amp;body=Rating%3A%204%0D%0A"`,
	} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("no button with %s", want)
		}
	}
	other := r.ReplyVia("projects+other@northlight.example")
	if strings.Contains(other, "0k3v9x2m4t7qabcd") || strings.Count(other, "projects+other@") != strings.Count(r.HTML, "projects+0k3v9x2m4t7qabcd@") {
		t.Error("ReplyVia leaves the address of another recipient")
	}
}

func TestWithoutAReplyAddressThereAreNoButtons(t *testing.T) {
	d, _ := ReadDraft("week.md", []byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n\n```decisions\n- decision: Go?\n```\n\n```rating\n```\n"))
	in := sampleInput(t, d)
	in.ReplyTo = ""
	if r, _ := Render(d, in); strings.Contains(r.HTML, "mailto:") || !strings.Contains(r.Text, "D-1:") {
		t.Errorf("%s", r.Text)
	}
}

func TestSubjectsStayTheSameOverASeries(t *testing.T) {
	for front, want := range map[string]string{
		"project: HARBOUR-WEB\nperiod: 2026-W48":                                  "[HARBOUR-WEB] Weekly report: Web shop",
		"project: HARBOUR-WEB\nperiod: 2026-W49":                                  "[HARBOUR-WEB] Weekly report: Web shop",
		"project: HARBOUR-WEB\nperiod: 2026-11":                                   "[HARBOUR-WEB] Monthly report: Web shop",
		"project: HARBOUR-WEB\nperiod: 2026-11-01..2026-11-03":                    "[HARBOUR-WEB] Report: Web shop",
		"project: YUNSHAN-APP\nperiod: 2026-W48":                                  "[YUNSHAN-APP] 周报：云杉商城",
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
		"<b>bold</b>":                                           "raw-html raw-html",
		"<table><tr><td>x</td></tr></table>":                    "raw-html",
		"- <script>x</script>":                                  "raw-html",
		"```status\noverall: green\nsummary: \"<b>x</b>\"\n```": "raw-html raw-html",
	} {
		if _, findings := renderText(t, body); codes(findings) != want {
			t.Errorf("%q finds %q, want %q", body, codes(findings), want)
		}
	}
}

func TestNothingLeavesTheHouseByALink(t *testing.T) {
	r, _ := renderText(t, "[a](javascript:alert(1)) [b](http://a.example) [c](data:text/html,x) [d](  JaVaScRiPt:x ) [e](file:///etc/passwd) <script:x>")
	if strings.Count(r.HTML, "<a ") != 0 || strings.Contains(r.HTML, "javascript:") || strings.Contains(r.Text, "file:") {
		t.Errorf("%s", r.Text)
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
	if codes(findings) != "html-size" || findings[0].Severity != Warning || len(r.HTML) > maxHTML {
		t.Fatalf("%v, %d bytes", findings, len(r.HTML))
	}
	for _, want := range []string{"this is long", "Is this too long?", "D-1", "The full report is attached"} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("the short letter lacks %q", want)
		}
	}
	last := r.Files[len(r.Files)-1]
	if len(r.Files) != 1 || last.Name != "HARBOUR-WEB-2026-W48.html" || last.Type != "text/html" || !strings.Contains(string(last.Body), "data:image/png;base64,") || strings.Contains(string(last.Body), "cid:") {
		t.Errorf("%d files, the last %s %s", len(r.Files), last.Name, last.Type)
	}
	if strings.Count(r.Text, "A line of a list") != 1500 {
		t.Error("the text part is not complete")
	}
}

func TestLineChartsAreTheSameEachTime(t *testing.T) {
	r := render(t, "testdata/letters/line.md")
	again := render(t, "testdata/letters/line.md")
	if len(r.Files) != 1 || string(r.Files[0].Body) != string(again.Files[0].Body) || len(r.Files[0].Body) > 20<<10 || !strings.Contains(r.HTML, "cid:"+r.Files[0].ContentID) {
		t.Fatalf("%d files", len(r.Files))
	}
	for yaml, want := range map[string]string{
		"kind: pie\nvalues: [{label: a, value: 1}]":                                    "bad-word",
		"kind: line\nvalues: [{label: a, value: 1}]":                                   "",
		"kind: line\nvalues: [{label: a, value: 5}, {label: b, value: 5}]":             "",
		"kind: line\nvalues: [{label: a, value: 0}, {label: b, value: 1000000000000}]": "",
		"values: [{label: a, value: -1}]":                                              "bad-number missing-key",
		"title: x":                                                                     "missing-key",
	} {
		if _, findings := renderText(t, "```chart\n"+yaml+"\n```\n"); codes(findings) != want {
			t.Errorf("%q finds %q, want %q", yaml, codes(findings), want)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	src, err := os.ReadFile("testdata/letters/long.md")
	if err != nil {
		b.Fatal(err)
	}
	in := sampleInput(b, &Draft{Front: Front{Project: "HARBOUR-WEB"}})
	in.Now = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		d, _ := ReadDraft("long.md", src)
		if r, _ := Render(d, in); len(r.HTML) == 0 {
			b.Fatal("nothing rendered")
		}
	}
}

func BenchmarkRenderBlocks(b *testing.B) {
	src, err := os.ReadFile("testdata/letters/weekly.md")
	if err != nil {
		b.Fatal(err)
	}
	in := sampleInput(b, &Draft{Front: Front{Project: "HARBOUR-WEB"}})
	b.ReportAllocs()
	for b.Loop() {
		d, _ := ReadDraft("weekly.md", src)
		Render(d, in)
	}
}
