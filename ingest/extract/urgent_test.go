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
