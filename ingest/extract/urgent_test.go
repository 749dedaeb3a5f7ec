package extract

import "testing"

// "Right now" is urgent where something is asked for; else it tells how things
// are today.
func TestRightNow(t *testing.T) {
	for text, want := range map[string]bool{
		"Please fix it right now.":                           true,
		"We need somebody here right now!":                   true,
		"Could you call me right now?":                       true,
		"The export must go out right now.":                  true,
		"Please have a look, there is no rush right now.":    false,
		"Right now we do up to 40 a day.":                    false,
		"Right now the list shows 20 rows per page.":         false,
		"We use a spreadsheet for this right now.":           false,
		"Right now nobody can sign in, we need help at once": true,
	} {
		if got := urgent(ruleFlags(text, "en")); got != want {
			t.Errorf("%q: urgent %v, want %v", text, got, want)
		}
	}
	got := Read(Input{Mail: textMail("Can it be done in bulk? Right now we do up to 40 a day.\n")})
	if len(got.Items) != 1 || got.Items[0].Text != "Can it be done in bulk?" || got.Items[0].Urgent {
		t.Errorf("a question and how it is today: %+v", got.Items)
	}
}

// The sentence behind says that something cannot wait.
func TestHasteOfTheNextSentence(t *testing.T) {
	for text, want := range map[string]string{
		"By the way, the Bath printer is broken again. That is urgent, we open at nine tomorrow!": "problem urgent",
		"支付联调已经推迟两次了，我们很失望。这个很急！":                                                                 "concern urgent",
		"The printer is broken again. It is not urgent.":                                          "problem",
		"The printer is broken again.\n\nThat is urgent for Tom's team as well, we hear.":         "problem",
	} {
		var got []string
		for _, it := range readMail(t, Input{Mail: textMail(text + "\n")}).Items {
			words := string(it.Kind)
			if it.Urgent {
				words += " urgent"
			}
			got = append(got, words)
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
