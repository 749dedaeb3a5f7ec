package compose

import (
	"strings"
	"testing"
	"time"

	"rapport/mail"
	"rapport/threads"
)

// inTwo is a report in English and Chinese with these parts.
func inTwo(t *testing.T, front, english, chinese string) (*Rendered, []Finding) {
	t.Helper()
	text := "---\nproject: MERIDIAN-PORTAL\nperiod: 2026-W48\n" + front + "---\n\n" + english + "\n\n```language\nzh\n```\n\n" + chinese + "\n"
	d, findings := ReadDraft("week.md", []byte(text))
	in := sampleInput(t, d)
	in.Past.Open = nil
	r, more := Render(d, in)
	findings = append(findings, more...)
	return r, append(findings, Check(d, r, CheckInput{Project: in.Project, Now: in.Now})...)
}

func TestTwoLanguagesSayTheSame(t *testing.T) {
	for _, c := range []struct{ name, front, english, chinese, want string }{
		{"both", "", "All is well.", "一切顺利。", ""},
		{"one in so many words", "language: en\n", "All is well.", "一切顺利。", "language-unknown"},
		{"a part is empty", "", "All is well.", "", "language-missing"},
		{"twice", "", "All is well.", "一切顺利。\n\n```language\nen\n```\n\nMore.", "language-twice"},
		{"no language", "", "All is well.", "一切顺利。\n\n```language\nfr\n```\n\nPlus.", "language-unknown"},
		{"other state", "", "```status\noverall: green\n```", "```status\noverall: red\n```", "status-differs language-differs"},
		{"other figure", "", "```progress\n- work: Lists\n  done: 40\n```", "```progress\n- work: 列表\n  done: 60\n```", "language-differs"},
		{"other day", "", "```milestones\n- milestone: Lists\n  date: 2026-12-04\n```", "```milestones\n- milestone: 列表\n  date: 2026-12-05\n```", "language-differs"},
		{"a decision less", "", "```decisions\n- decision: Shall we?\n- decision: And this?\n```", "```decisions\n- decision: 可以吗？\n```", "language-differs"},
		{"only in one", "", "```rating\n```\n\nThanks.", "谢谢。", "language-differs"},
		{"left in English", "", "All is well, as we said.", "一切顺利。\n\n- The lists can be saved now.", "language-mixed"},
		{"left in Chinese", "", "所有列表都可以保存为表格文件了。", "一切顺利。", "language-mixed"},
		{"names stay as they are", "", "All is well.", "- Meridian\n- 一切顺利。", ""},
		{"a heading of its own with nothing below", "", "All is well.\n\n## Next", "一切顺利。", "section-empty"},
		{"two at once", "language: en\nlanguages: [en, zh]\n", "All is well.", "一切顺利。", "front-language language-unknown"},
	} {
		_, findings := inTwo(t, c.front, c.english, c.chinese)
		if got := codes(findings); got != c.want {
			t.Errorf("%s: found %q, want %q\n%v", c.name, got, c.want, findings)
		}
	}
}

// TestADecisionHasOneLabelInAllLanguages: whoever answers, in whichever
// language, answers the same point.
func TestADecisionHasOneLabelInAllLanguages(t *testing.T) {
	r, findings := inTwo(t, "", "```decisions\n- decision: Shall we?\n```\n\n```rating\n```", "```decisions\n- decision: 可以吗？\n```\n\n```rating\n```")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	for _, want := range []string{"body=D-1:%20yes", "body=D-1%EF%BC%9A%E5%90%8C%E6%84%8F", "body=Rating:%204", "body=%E8%AF%84%E5%88%86%EF%BC%9A4", `<div lang="zh">`, `<p lang="zh"`} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("the letter lacks %s", want)
		}
	}
	if strings.Contains(r.HTML, "D-2") || r.Subject != "[MERIDIAN-PORTAL] Weekly report · 周报: Client portal" {
		t.Errorf("subject %q", r.Subject)
	}
	letters := mustLetters(t, r, input(t))
	if got := mail.Parse(letters[0].Raw, mail.Limits{}).Header.Get("Content-Language"); got != "en, zh" {
		t.Errorf("Content-Language is %q", got)
	}
}

func TestANewDraftHasAPartForEachLanguage(t *testing.T) {
	text := newSample(t, "MERIDIAN-PORTAL", func(in *SkeletonInput) {
		in.Past.Reports = []threads.Report{{
			Status: "yellow", Language: "en", ApprovedAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
			Draft: "---\nproject: MERIDIAN-PORTAL\nperiod: 2026-W47\n---\n\n## Next\n\n- Lists\n\n```language\nzh\n```\n\n## 下一步\n\n- 列表\n",
		}}
	})
	golden(t, "testdata/skeleton.meridian-portal.md", text)
	d, findings := ReadDraft("new.md", []byte(text))
	r, more := Render(d, sampleInput(t, d))
	for _, f := range append(findings, more...) {
		if f.Code != "answer-word" {
			t.Error(f)
		}
	}
	if len(r.Also) != 1 || r.Also[0] != "zh" {
		t.Errorf("the draft is in %s and %v", r.Language, r.Also)
	}
}
