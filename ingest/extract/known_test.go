package extract

import (
	"strings"
	"testing"

	"rapport/threads"
)

// TestAnswersFindTheirPoint answers letters of ours inline in many mail
// programs: every answer must be matched to its point, and only the client's
// words be left.
func TestAnswersFindTheirPoint(t *testing.T) {
	answers, matched, mails, exact := 0, 0, 0, 0
	for i := range testLetters {
		l := &testLetters[i]
		points := l.points()
		for _, p := range mailPrograms {
			got := Read(Input{Mail: l.message(p), Class: threads.ClassPerson, Sent: []threads.SentLetter{l.sent()}, Language: l.language})
			mails++
			if folded(got.NewText) == folded(l.newText()) {
				exact++
			} else {
				t.Logf("letter %d, %s: new text\n%q\nwant\n%q", i, p.name, folded(got.NewText), folded(l.newText()))
			}
			for k, a := range l.answers {
				if a == "" {
					continue
				}
				answers++
				if it, ok := itemOf(got, a); ok && it.Point == points[k].ID && it.Report == "r1" {
					matched++
				} else {
					t.Logf("letter %d, %s: %q is about %q (%s), want %s: %s", i, p.name, a, it.About, it.Point, points[k].ID, it.Kind)
				}
			}
		}
	}
	t.Logf("%d of %d answers matched to their point, %d of %d new texts exact", matched, answers, exact, mails)
	if float64(matched) < 0.98*float64(answers) {
		t.Errorf("%d of %d answers matched to their point", matched, answers)
	}
	if float64(exact) < 0.95*float64(mails) {
		t.Errorf("%d of %d new texts exact", exact, mails)
	}
}

func folded(s string) string { return strings.Join(strings.Fields(s), " ") }

// itemOf is the item whose words the answer holds.
func itemOf(r Result, answer string) (threads.Item, bool) {
	for _, it := range r.Items {
		if strings.Contains(folded(answer), folded(it.Text)) {
			return it, true
		}
	}
	return threads.Item{}, false
}

// TestAnswerBelowTheHint: the natural place to answer a question of ours is
// below the line that tells how to.
func TestAnswerBelowTheHint(t *testing.T) {
	sent := threads.SentLetter{Report: "r1", Text: strings.Join([]string{
		"We need from you",
		"----------------",
		"",
		"D-1  Shall we build the Irish zone for 6 hours extra?",
		"     Parcels to Dublin cost more than the flat rate covers.",
		"     Answer “yes” or Answer “no”. Or just reply, with a line such as",
		"     “D-1: yes”.",
		"",
		"1. Please send the opening hours of the shop in York.",
		"2. Three.",
		"",
	}, "\n"), Points: []threads.Point{
		{ID: "D-1", Text: "Shall we build the Irish zone for 6 hours extra? Parcels to Dublin cost more than the flat rate covers."},
		{ID: "P1", Text: "Please send the opening hours of the shop in York."},
		{ID: "P2", Text: "Three."},
	}}
	for name, change := range map[string]*strings.Replacer{
		"quoted":        strings.NewReplacer("\n", "\n> ", "York.", "York.\n\nYou will have them on Friday.\n", "yes”.", "yes”.\n\nYes, go ahead.\n"),
		"unmarked":      strings.NewReplacer("York.", "York.\n\nYou will have them on Friday.\n", "yes”.", "yes”.\n\nYes, go ahead.\n"),
		"numbered anew": strings.NewReplacer("1. ", "3. ", "2. ", "4. ", "York.", "York.\n\nYou will have them on Friday.\n", "yes”.", "yes”.\n\nYes, go ahead.\n"),
	} {
		text := change.Replace(sent.Text)
		if name == "quoted" {
			text = "> " + strings.NewReplacer("> \nYou", "\nYou", "> You", "You", "> Yes", "Yes").Replace(text)
		}
		r := readMail(t, Input{Mail: textMail(text), Sent: []threads.SentLetter{sent}})
		if folded(r.NewText) != "Yes, go ahead. You will have them on Friday." {
			t.Errorf("%s: new text %q", name, r.NewText)
			continue
		}
		if len(r.Items) != 2 || r.Items[0].Point != "D-1" || r.Items[1].Point != "P1" {
			t.Errorf("%s: items %+v", name, r.Items)
		}
	}
}

// TestLetterWithoutPoints: of an old letter only the text is known; the answers
// are about its paragraphs and list items all the same.
func TestLetterWithoutPoints(t *testing.T) {
	answers, matched := 0, 0
	for i := range testLetters {
		l := &testLetters[i]
		points := l.points()
		for _, p := range mailPrograms {
			sent := threads.SentLetter{Report: "r1", Text: l.text()}
			got := Read(Input{Mail: l.message(p), Class: threads.ClassPerson, Sent: []threads.SentLetter{sent}, Language: l.language})
			for k, a := range l.answers {
				if a == "" {
					continue
				}
				answers++
				if it, ok := itemOf(got, a); ok && letters(it.About) == letters(points[k].Text) && it.Report == "r1" {
					matched++
				} else {
					t.Logf("letter %d, %s: %q is about %q, want %q", i, p.name, a, it.About, points[k].Text)
				}
			}
		}
	}
	t.Logf("%d of %d answers matched", matched, answers)
	if float64(matched) < 0.98*float64(answers) {
		t.Errorf("%d of %d answers matched to their point", matched, answers)
	}
}
