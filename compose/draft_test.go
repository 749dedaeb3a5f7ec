package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport/threads"
)

func TestFrontMatterIsRead(t *testing.T) {
	_, findings := ReadDraft("week.md", []byte("\ufeff---\r\nproject: HARBOUR-WEB\r\nperiod: 2026-W48\r\nstatus: Yellow\r\nsubject: Weekly: all is \"well\"\r\nlanguage: ZH\r\nto: Ellen Whitcombe <ellen@HarbourLane.example>\r\ncc:\r\n  - tom@harbourlane.example\r\n  - '\"Lei, Li\" <lei@harbourlane.example>'\r\nattachments: [plan.csv, ./a/../b.pdf]\r\nsilence:\r\n  long-sentence: the client's own words\r\n---\r\nBody\r\n"))
	// A value with ": " must be quoted in YAML; the finding says so.
	if codes(findings) != "yaml-syntax" || findings[0].Line != 5 {
		t.Fatalf("findings %v", findings)
	}
	d, findings := ReadDraft("week.md", []byte("\ufeff---\r\nproject: HARBOUR-WEB\r\nperiod: 2026-W48\r\nstatus: Yellow\r\nsubject: \"Weekly: all is well\"\r\nlanguage: ZH\r\nto: Ellen Whitcombe <ellen@HarbourLane.example>\r\ncc:\r\n  - tom@harbourlane.example\r\n  - '\"Lei, Li\" <lei@harbourlane.example>'\r\nattachments: [plan.csv, ./a/../b.pdf]\r\nsilence:\r\n  long-sentence: the client's own words\r\n---\r\nBody\r\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	f := d.Front
	if f.Project != "HARBOUR-WEB" || f.Period != "2026-W48" || f.Status != "yellow" || f.Subject != "Weekly: all is well" || f.Language != "zh" {
		t.Errorf("%+v", f)
	}
	if len(f.To) != 1 || f.To[0] != (threads.Address{Name: "Ellen Whitcombe", Address: "ellen@harbourlane.example"}) || len(f.Cc) != 2 || f.Cc[1].Name != "Lei, Li" {
		t.Errorf("%+v %+v", f.To, f.Cc)
	}
	if strings.Join(f.Attachments, " ") != "plan.csv b.pdf" || f.Silence["long-sentence"] == "" {
		t.Errorf("%+v", f)
	}
	if d.Line != 15 || string(d.Body) != "Body\n" {
		t.Errorf("body %q begins on line %d", d.Body, d.Line)
	}
}

func TestWhatIsWrongWithADraftIsFoundWithItsLine(t *testing.T) {
	const head = "---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n"
	for src, want := range map[string]string{
		"":                                                           "front-missing:1",
		"# No front matter":                                          "front-missing:1",
		"---\nproject: X\n":                                          "front-missing:1",
		"---\n---\n":                                                 "front-missing:1",
		"---\nproject: A\n---\n":                                     "front-period:1",
		"---\nperiod: 2026-W48\n---\n":                               "front-project:1",
		head + "periode: x\n---\n":                                   "unknown-key:4",
		head + "status: blue\n---\n":                                 "bad-word:4",
		head + "to: nobody\n---\n":                                   "bad-address:4",
		head + "to: [a@b.example, \"c\"]\n---\n":                     "bad-address:4",
		head + "subject: [a, b]\n---\n":                              "wrong-type:4",
		head + "to: {a: b}\n---\n":                                   "bad-address:4",
		head + "attachments: ../secret\n---\n":                       "bad-path:4",
		head + "attachments: /etc/passwd\n---\n":                     "bad-path:4",
		head + "silence: jargon\n---\n":                              "wrong-type:4",
		head + "silence:\n  jargon:\n---\n":                          "silence-reason:5",
		head + "subject: *a\n---\n":                                  "wrong-type:4",
		head + "subject: &a x\n---\n":                                "wrong-type:4",
		head + "project: Y\n---\n":                                   "yaml-syntax:4",
		head + "x: [\n---\n":                                         "yaml-syntax:4",
		"---\nproject: A\nperiod: 2026-W54\n---\n":                   "front-period:3",
		"---\nproject: A\nperiod: 2025-W53\n---\n":                   "front-period:3",
		"---\nproject: A\nperiod: 2026-13\n---\n":                    "front-period:3",
		"---\nproject: A\nperiod: 2026-11-22..2026-11-16\n---\n":     "front-period:3",
		"---\nproject: A\nperiod: 2026-W48\n---\na\xffb":             "draft-encoding:5",
		head + "subject: " + strings.Repeat("[", 300) + "\n---\n":    "yaml-size:1",
		head + "to: a@b.example, c@d.example\nfoo: 1\nbar: 2\n---\n": "unknown-key:5 unknown-key:6",
	} {
		_, findings := ReadDraft("week.md", []byte(src))
		var got []string
		for _, f := range findings {
			got = append(got, f.Code+":"+number(float64(f.Line)))
			if f.Path != "week.md" || f.Words == "" || f.Proposal == "" {
				t.Errorf("%q: %+v lacks something", src, f)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q finds %q, want %q", clip(src, 120), s, want)
		}
	}
}

// What stands in a draft is on the manager's screen; it does not belong into
// an error message that may end in a log.
func TestErrorsOfYAMLDoNotQuoteTheDraft(t *testing.T) {
	_, findings := ReadDraft("week.md", []byte("---\nproject: A\nsubject: \"hunter2\nperiod: 2026-W48\n  x: [\n---\n"))
	for _, f := range findings {
		if strings.Contains(f.String(), "hunter2") {
			t.Errorf("%s", f)
		}
	}
	if len(findings) == 0 {
		t.Error("an unclosed quotation is no finding")
	}
}

func TestPeriods(t *testing.T) {
	en, zh := wordsOf("en", 2026), wordsOf("zh", 2026)
	for s, want := range map[string][2]string{
		"2026-W48":               {"23–29 November 2026", "2026年11月23日至29日"},
		"2026-W53":               {"28 December 2026 – 3 January 2027", "2026年12月28日至2027年1月3日"},
		"2026-W01":               {"29 December 2025 – 4 January 2026", "2025年12月29日至2026年1月4日"},
		"2026-W49":               {"30 November – 6 December 2026", "2026年11月30日至12月6日"},
		"2026-02":                {"February 2026", "2026年2月"},
		"2026-11-16..2026-11-22": {"16–22 November 2026", "2026年11月16日至22日"},
		"2026-11-16..2026-11-16": {"16 November 2026", "2026年11月16日"},
	} {
		p, err := ParsePeriod(s)
		if err != nil || p.words(en) != want[0] || p.words(zh) != want[1] {
			t.Errorf("%s is %q, %q, %v", s, p.words(en), p.words(zh), err)
		}
	}
}

func FuzzDraft(f *testing.F) {
	drafts, err := filepath.Glob("testdata/letters/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range drafts {
		if src, err := os.ReadFile(path); err == nil && len(src) < 6000 {
			f.Add(src)
		}
	}
	f.Add([]byte("---\nproject: HARBOUR-WEB\nperiod: 2026-W48\n---\n```chart\nvalues: [{label: a, value: 1e11, was: .inf}]\n```\n**：**。~~a~~\n\n[^1]\n\n[^1]: x\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 8<<10 {
			return
		}
		d, findings := ReadDraft("fuzz.md", src)
		in := sampleInput(t, d)
		r, more := Render(d, in)
		again, _ := Render(d, in)
		if r.HTML != again.HTML || r.Text != again.Text {
			t.Error("not the same bytes twice")
		}
		if !utf8.ValidString(r.HTML) || !utf8.ValidString(r.Text) || strings.ContainsAny(r.Text+r.Subject, "\x00\r") {
			t.Error("no clean UTF-8")
		}
		if strings.Contains(strings.ToLower(r.HTML), "<script") || strings.Contains(r.Subject, "\n") {
			t.Error("something got through")
		}
		tooWide(t, "fuzz", r.Text)
		for _, f := range append(findings, more...) {
			if f.Line < 0 || f.Line > strings.Count(string(src), "\n")+strings.Count(string(src), "\r")+2 {
				t.Errorf("line %d of %d: %s", f.Line, strings.Count(string(src), "\n")+1, f)
			}
		}
		project, _, past := sampleProject(d.Front.Project)
		Check(d, r, CheckInput{Project: project, Past: past})
	})
}
