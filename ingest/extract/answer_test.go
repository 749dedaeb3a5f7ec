package extract

import (
	"strings"
	"testing"

	"rapport/mail"
	"rapport/threads"
)

// a mail of a client's with plain text
func textMail(text string) *mail.Message {
	return &mail.Message{From: []mail.Address{{Name: "Ellen Marsh", Address: "ellen@acme.example"}}, Text: text, TextFrom: "plain", Date: answerDate}
}

func readMail(t *testing.T, in Input) Result {
	t.Helper()
	in.Class = threads.ClassPerson
	r := Read(in)
	checkResult(t, r)
	return r
}

var asked = threads.SentLetter{Report: "r7", MessageID: "letter7@us.example", Text: "D-1 Shall we build the Irish zone?\nD-2 Which design do you want?\nA Boat\nB Lighthouse\nQ-1 How many people will be trained?\n",
	Points: []threads.Point{{ID: "D-1", Text: "Shall we build the Irish zone?"}, {ID: "D-2", Text: "Which design do you want? A Boat B Lighthouse"}, {ID: "Q-1", Text: "How many people will be trained?"}, {ID: "F-13", Text: "F-13 Gift vouchers"}}}

func TestButtonAnswers(t *testing.T) {
	for _, c := range []struct {
		text  string
		kind  threads.Kind // of the only item, "" for none
		point string
		sure  bool
	}{
		{"D-1: yes", "decision", "D-1", true},
		{"D-1: no", "decision", "D-1", true},
		{"D-1：同意", "decision", "D-1", true},
		{"D-1：不同意", "decision", "D-1", true},
		{"D-2: B", "decision", "D-2", true},
		{"D-2: B, please", "decision", "D-2", true},
		{"F-13: yes", "decision", "F-13", true},
		{"F-13 Gift vouchers: yes", "decision", "F-13", true},
		{"* F-13: yes", "decision", "F-13", true},
		{"D-1: yes, but only after the opening", "decision", "D-1", false},
		{"D-1: yes, provided that it costs nothing", "decision", "D-1", false},
		{"D-1：同意，但要等开业之后", "decision", "D-1", false},
		{"D-1: probably yes", "decision", "D-1", false},
		{"D-1: it depends on the weather", "decision", "D-1", false},
		{"D-1: ", "", "", false},
		{"Q-1: about forty", "decision", "Q-1", true},
		{"Q-1: about forty. In York there are six more.", "decision", "Q-1", true},
		{"Q-1：大约四十人。", "decision", "Q-1", true},
		{"Q-1: probably forty, if all are there", "decision", "Q-1", false},
		{"Q-1: ", "", "", false},
		{"Q-1:\n\nWe count forty people.", "decision", "Q-1", true},
		{"Hi Mara,\n\nWe count forty people.\n\nQ-1: ", "decision", "Q-1", true},
		{"Q-1: how many can you train?", "question", "Q-1", true},
		{"> Q-1 How many people will be trained?\n\nThe forty from the list.", "decision", "Q-1", false},
		{"Q-9: about forty", "", "", false},
		{"Rating: 4", "", "", false},
	} {
		r := readMail(t, Input{Mail: textMail(c.text + "\n\nBest regards,\nEllen Marsh\n"), Sent: []threads.SentLetter{asked}})
		if c.kind == "" {
			if len(r.Items) > 0 {
				t.Errorf("%q: %s %q", c.text, r.Items[0].Kind, r.Items[0].Text)
			}
			continue
		}
		if len(r.Items) != 1 {
			t.Errorf("%q: %d items", c.text, len(r.Items))
			continue
		}
		it := r.Items[0]
		if it.Kind != c.kind || it.Point != c.point || it.Report != "r7" || it.Sure != c.sure {
			t.Errorf("%q is %s about %s %s, sure %v (%s); want %s about %s, sure %v", c.text, it.Kind, it.Report, it.Point, it.Sure, it.Why, c.kind, c.point, c.sure)
		}
	}
}

// Somebody who presses the button and writes over its line has still answered.
func TestSubjectNamesTheQuestion(t *testing.T) {
	for subject, want := range map[string]int{"[ACME-WEB] Q-1: ": 1, "Q-1：": 1, "Re: [ACME-WEB] Q-1: ": 0, "[ACME-WEB] Q-9: ": 0, "The list": 0} {
		m := textMail("Hello Mara,\n\nthe forty people from the list.\n\nEllen\n")
		m.Subject = subject
		r := readMail(t, Input{Mail: m, Sent: []threads.SentLetter{asked}})
		if len(r.Items) != want || want == 1 && (r.Items[0].Point != "Q-1" || r.Items[0].Text != "the forty people from the list.") {
			t.Errorf("%q: items %+v", subject, r.Items)
		}
	}
}

// The label an answer names counts, not where the client typed it.
func TestLabelBeatsPlace(t *testing.T) {
	text := "> D-2 Which design do you want?\n\nD-1: yes\n\n> Q-1 How many people will be trained?\n\nYes to D-2, option B.\n"
	r := readMail(t, Input{Mail: textMail(text), Sent: []threads.SentLetter{asked}})
	if len(r.Items) != 2 || r.Items[0].Point != "D-1" || r.Items[1].Point != "D-2" {
		t.Errorf("items %+v", r.Items)
	}
}

func TestRating(t *testing.T) {
	for text, want := range map[string]int{
		"Rating: 4": 4, "Rating: 5/5, thank you!": 5, "评分：3": 3, "评分: 5分": 5, "rating: 1": 1, "Rating: ★★★★": 4,
		"Rating: 9": 0, "Rating: 10": 0, "Rating: 4.5": 0, "Rating: great": 0, "The rating: 4 of our users left": 0, "D-1: yes": 0,
	} {
		got := 0
		if r := readMail(t, Input{Mail: textMail(text + "\n")}); r.Rating != nil {
			got = r.Rating.Score
		}
		if got != want {
			t.Errorf("%q rates %d, want %d", text, got, want)
		}
	}
}

func TestRatingsKnowTheirReport(t *testing.T) {
	asked := []threads.Point{{ID: "rating", Text: "How satisfied are you?"}}
	sent := []threads.SentLetter{{Report: "r3", MessageID: "r3@us", Text: "News of the third"}, {Report: "r2", MessageID: "r2@us", Text: "News", Points: asked}, {Report: "r1", MessageID: "r1@us", Points: asked}}
	for name, c := range map[string]struct {
		mail *mail.Message
		want string
	}{
		"a button":        {textMail("Rating: 4\n"), "r2"},
		"a reply":         {&mail.Message{Text: "Rating: 4\n", InReplyTo: []string{"r1@us"}}, "r1"},
		"among our words": {textMail("> News of the third\n\nRating: 4\n"), "r3"},
	} {
		if r := readMail(t, Input{Mail: c.mail, Sent: sent}); r.Rating == nil || r.Rating.Report != c.want {
			t.Errorf("%s: %+v, want %s", name, r.Rating, c.want)
		}
	}
}

// A decision with a condition or a hedge is never a plain approval.
func TestNoPlainApproval(t *testing.T) {
	for _, c := range []struct {
		text, why string
	}{
		{"Approved, but only after legal has signed.", "condition"},
		{"We accept your offer, provided that travel is included.", "condition"},
		{"Approved. But only once the board has seen it.", "condition follows"},
		{"同意，但是要先经过法务。", "condition"},
		{"原则上同意方案二。", "hedged"},
		{"Approved in principle.", "hedged"},
	} {
		r := readMail(t, Input{Mail: textMail(c.text)})
		if len(r.Items) == 0 || r.Items[0].Kind != threads.Decision || r.Items[0].Sure || !strings.Contains(r.Items[0].Why, c.why) {
			t.Errorf("%q: %+v, want an unsure decision because of: %s", c.text, r.Items, c.why)
		}
	}
	for _, text := range []string{"Approved.", "We accept your offer.", "同意。", "就按方案二做。"} {
		if r := readMail(t, Input{Mail: textMail(text)}); len(r.Items) != 1 || r.Items[0].Kind != threads.Decision || !r.Items[0].Sure {
			t.Errorf("%q: %+v, want a plain decision", text, r.Items)
		}
	}
}

// An approval above the quotation is bound to the letter that it answers.
func TestApprovalIsBoundToTheLetter(t *testing.T) {
	m := textMail("Approved.\n")
	other := threads.SentLetter{Report: "r6", MessageID: "letter6@us.example", Text: "Another report of ours.\n"}
	m.InReplyTo = []string{"letter7@us.example"}
	if r := readMail(t, Input{Mail: m, Sent: []threads.SentLetter{other, asked}}); len(r.Items) != 1 || r.Items[0].Report != "r7" {
		t.Errorf("items %+v, want the decision about r7", r.Items)
	}
	m.InReplyTo = nil
	if r := readMail(t, Input{Mail: m, Sent: []threads.SentLetter{other, asked}}); len(r.Items) != 1 || r.Items[0].Report != "" {
		t.Errorf("items %+v, want a decision about no letter", r.Items)
	}
}

func TestRemarksStay(t *testing.T) {
	const text = "Hi Tom,\n\nthe parcel came on Monday. Please send the invoice again. We open at nine.\n"
	r := readMail(t, Input{Mail: textMail(text)})
	var got []string
	for _, s := range r.Remarks {
		got = append(got, r.NewText[s.Start:s.End])
	}
	const want = "Hi Tom, | the parcel came on Monday. | We open at nine."
	if len(r.Items) != 1 || strings.Join(got, " | ") != want {
		t.Errorf("items %+v, remarks %q, want one request and %q", r.Items, got, want)
	}
}

func TestCorrectionsActAtOnce(t *testing.T) {
	const text = "The thing with the dates is back. Our spring fair was on Sunday. D-1: yes\n"
	corrections := []Example{
		{Kind: threads.Problem, Facet: threads.Schedule, Text: "The thing with the times is back."},
		{Kind: "none", Text: "The thing with the dates is back."},
		{Kind: threads.Praise, Facet: threads.Business, Text: "Our spring fair was on Sunday!"},
		{Kind: threads.Concern, Text: "D-1: yes"},
		{Kind: threads.Problem, Facet: threads.Schedule, Text: "The thing with the dates is back."}, // changed once more
	}
	r := readMail(t, Input{Mail: textMail(text), Corrections: corrections})
	var got []string
	for _, it := range r.Items {
		got = append(got, string(it.Kind)+" "+string(it.Facet)+" "+it.Text)
	}
	want := "problem schedule The thing with the dates is back.; praise business Our spring fair was on Sunday.; decision "
	if !strings.HasPrefix(strings.Join(got, "; "), want) || !r.Items[0].Sure {
		t.Errorf("got %q, want %q", got, want)
	}
	dismissed := readMail(t, Input{Mail: textMail("Please send the invoice again."), Corrections: []Example{{Kind: "none", Text: "please send the invoice again"}}})
	if len(dismissed.Items) != 0 || len(dismissed.Remarks) != 1 {
		t.Errorf("a dismissed sentence is an item again: %+v", dismissed.Items)
	}
}

// Endings that repeat are a signature that no rule knows.
func TestRepeatedEndings(t *testing.T) {
	const ending = "Harbour and Sea\nWhere ships come home\n"
	earlier := []threads.Message{
		{NewText: "The first mail.\n\nHarbour and Sea\nWhere ships come home"},
		{NewText: "The second mail.", Folds: []threads.Fold{{Reason: "signature", Text: "Harbour and Sea\nWhere ships come home", At: 16}}},
	}
	in := Input{Mail: textMail("Please move the map to the top.\n\nThe logo stays.\n" + ending)}
	if r := readMail(t, in); !strings.Contains(r.NewText, "Harbour") {
		t.Skipf("the ending is known without earlier mails: %q", r.NewText)
	}
	in.Earlier = earlier
	r := readMail(t, in)
	if r.NewText != "Please move the map to the top.\n\nThe logo stays." || len(r.Folds) != 1 || r.Folds[0].Reason != "signature" {
		t.Errorf("new text %q, folds %+v", r.NewText, r.Folds)
	}
	asks := Input{Mail: textMail("The map is fine.\n\nPlease confirm\n"), Earlier: []threads.Message{{NewText: "A.\n\nPlease confirm"}, {NewText: "B.\n\nPlease confirm"}}}
	if r := readMail(t, asks); !strings.Contains(r.NewText, "Please confirm") {
		t.Errorf("a repeated request was taken for a signature: %q", r.NewText)
	}
}
