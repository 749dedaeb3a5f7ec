package compose

import (
	"strings"
	"testing"

	"rapport/threads"
)

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
