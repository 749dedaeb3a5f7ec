package compose

import (
	"strings"
	"testing"
	"time"

	"rapport/threads"
)

func newSample(t *testing.T, key string, change func(*SkeletonInput)) string {
	t.Helper()
	project, manager, past := sampleProject(key)
	in := SkeletonInput{Project: project, Manager: manager, Past: past, Now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	if change != nil {
		change(&in)
	}
	out, err := NewDraft(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func codes(findings []Finding) string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Code)
	}
	return strings.Join(out, " ")
}

// A new draft must be readable as it is; what is left to fill in is found.
func TestANewDraftReadsAndAsksToBeFilledIn(t *testing.T) {
	for _, key := range []string{"HARBOUR-WEB", "YUNSHAN-APP"} {
		text := newSample(t, key, nil)
		golden(t, "testdata/skeleton."+strings.ToLower(key)+".md", text)
		d, findings := ReadDraft("new.md", []byte(text))
		if len(findings) > 0 {
			t.Errorf("%s: the skeleton itself is wrong: %v\n%s", key, findings, text)
		}
		r, findings := Render(d, sampleInput(t, d))
		for _, f := range findings {
			if f.Code != "answer-word" {
				t.Errorf("%s: %s", key, f)
			}
		}
		if len(findings) == 0 {
			t.Errorf("%s: answers without a word must be found", key)
		}
		project, _, past := sampleProject(key)
		if got := codes(Check(d, r, CheckInput{Project: project, Past: past})); !strings.Contains(got, "placeholder") || strings.Contains(got, "answer-missing") {
			t.Errorf("%s: check of a new draft finds %q; want placeholders and no missing answer", key, got)
		}
	}
}

func TestAClientsWordsCannotLeaveTheirComment(t *testing.T) {
	text := newSample(t, "HARBOUR-WEB", func(in *SkeletonInput) {
		in.Past.Open = []threads.Item{{Number: 1, Kind: threads.Request, State: threads.Open, Text: "one\n```\n# Heading\u2028---\r\nproject: OTHER {{.Key}} \x00"}}
	})
	d, findings := ReadDraft("new.md", []byte(text))
	if len(findings) > 0 || d.Front.Project != "HARBOUR-WEB" {
		t.Errorf("findings %v, project %q", findings, d.Front.Project)
	}
	doc, findings := readBody(d)
	if got := len(answersOf(doc.blocks)); got != 1 || len(findings) > 0 {
		t.Errorf("%d answers blocks, findings %v:\n%s", got, findings, text)
	}
}

func TestANewDraftTakesOverWhatIsNotOver(t *testing.T) {
	text := newSample(t, "HARBOUR-WEB", func(in *SkeletonInput) {
		in.Past.Open = nil
		in.Past.Reports = []threads.Report{{
			Status: "yellow", ApprovedAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
			Draft: "---\nproject: HARBOUR-WEB\nperiod: 2026-W47\n---\n\n## Next week\n\n- Texts for York: \"all\" of them\n- [x] Done already\n\n" +
				"```progress\n- work: Checkout\n  done: 60\n- work: Over\n  done: 100\n```\n\n```milestones\n- milestone: Opening\n  date: 2026-12-07\n  state: on-track\n- milestone: Start\n  date: 2026-11-01\n  state: done\n```\n\n```risks\n- risk: \"York: no text\"\n  level: low\n  action: we ask\n```\n",
		}}
	})
	for _, want := range []string{"status: yellow", "- [ ] Texts for York: \"all\" of them\n", "- work: \"Checkout\"\n  done: 60\n  was: 60\n", "- milestone: \"Opening\"\n  date: 2026-12-07\n", "- risk: \"York: no text\"\n  level: low\n  action: \"we ask\"\n  since: 2026-11-20\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("the draft lacks %q:\n%s", want, text)
		}
	}
	for _, not := range []string{"Done already", "\"Over\"", "\"Start\"", "answers"} {
		if strings.Contains(text, not) {
			t.Errorf("the draft has %q, which is over", not)
		}
	}
	if d, findings := ReadDraft("new.md", []byte(text)); len(findings) > 0 || d == nil {
		t.Error(findings)
	}
}

// What the manager should know stands above the draft, and is never sent.
func TestANewDraftTellsWhatTheClientHasSaid(t *testing.T) {
	at := time.Date(2026, 11, 23, 23, 30, 0, 0, time.UTC)
	anna := threads.Address{Name: "Anna\n---\nproject: OTHER", Address: "anna@harbour.example"}
	text := newSample(t, "HARBOUR-WEB", func(in *SkeletonInput) {
		in.Said = []threads.Item{{Number: 7, Kind: threads.Decision, State: threads.Noted, Point: "Q-1", Text: "Q-1: York opens at nine.", At: at},
			{Number: 8, Kind: threads.Commitment, State: threads.Noted, Text: "The photos come\n---\non Friday.", Due: "2026-11-27", At: at}}
		in.Ratings = []threads.Rating{{Rated: threads.Rated{Score: 2, Report: "r1"}, From: anna, At: at}}
	})
	front, _, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	for _, want := range []string{"\n# F-7, a decision (Q-1), 24 November\n# > Q-1: York opens at nine.\n", ", due 27 November\n# > The photos come --- on Friday.\n", "has rated our work 2 of 5; the average is 2.0. Ask what is wrong"} {
		if !strings.Contains(front, want) {
			t.Errorf("the front matter does not tell %q:\n%s", want, front)
		}
	}
	d, findings := ReadDraft("new.md", []byte(text))
	if len(findings) > 0 || d.Front.Project != "HARBOUR-WEB" {
		t.Errorf("findings %v, project %q", findings, d.Front.Project)
	}
	if r, _ := Render(d, sampleInput(t, d)); r != nil && strings.Contains(r.Text+r.HTML, "rated our work") {
		t.Error("the letter tells the client what the manager was told")
	}
}

// What an answer of the last report promised for these days is a promise too;
// who watches a risk goes on to.
func TestANewDraftRemembersWhatAnswersPromised(t *testing.T) {
	last := threads.Report{State: threads.ReportSent, Language: "en", Draft: "---\nproject: HARBOUR-WEB\nperiod: 2026-W47\n---\n\n" +
		"```answers\n- {item: F-1, answer: accepted, reason: Yes., next: You see the page on Monday., date: 2026-11-23}\n" +
		"- {item: F-2, answer: deferred, reason: Not now., next: We build it in January., date: 2027-01-11}\n" +
		"- {item: F-3, answer: adjusted, reason: Smaller., next: We send a drawing.}\n- {item: F-4, answer: deferred, reason: Later., next: We ask again.}\n```\n\n" +
		"```risks\n- {risk: No text., level: low, effect: No page., action: We call., owner: Mara}\n```\n"}
	text := newSample(t, "HARBOUR-WEB", func(in *SkeletonInput) { in.Past.Reports = []threads.Report{last} })
	for want, has := range map[string]bool{"- [ ] You see the page on Monday. (F-1)\n": true, "- [ ] We send a drawing. (F-3)\n": true, "  owner: \"Mara\"\n": true, "January": false, "We ask again": false} {
		if strings.Contains(text, want) != has {
			t.Errorf("%q is there: %v, want %v\n%s", want, !has, has, text)
		}
	}
}
