package extract

import (
	"testing"

	"rapport/threads"
)

func TestAMailOfOneWord(t *testing.T) {
	for text, item := range map[string]string{
		"ok":                                  "ok",
		"Ok!":                                 "Ok!",
		"No!":                                 "No!",
		"Yes! Thanks!":                        "Yes!",
		"Hi Mara,\n\nSure!\n\nBest regards":   "Sure!",
		"👍🏻":                                  "👍🏻",
		"好的，谢谢！":                              "好的，谢谢！",
		"沒問題":                                 "沒問題",
		"了解です":                                "了解です",
		"Alles klar!":                         "Alles klar!",
		"Ja, gerne!":                          "Ja, gerne!",
		"да, хорошо":                          "да, хорошо",
		"Thanks!":                             "",
		"谢谢":                                  "",
		"🎉":                                   "",
		"!!!":                                 "",
		"Ok, the shop is closed on Mondays.":  "",
		"Sure! Our office is in Leeds, still": "",
		"Nolan":                               "",
	} {
		items := readMail(t, Input{Mail: textMail(text), Class: threads.ClassPerson}).Items
		if item == "" {
			if len(items) > 0 && items[0].Why == "one word does not say what it answers" {
				t.Errorf("%q gives %+v, and is no answer in a word", text, items[0])
			}
			continue
		}
		if len(items) != 1 || items[0].Kind != threads.Decision || items[0].Text != item {
			t.Errorf("%q gives %+v; want the decision %q", text, items, item)
		}
	}
}

// A manager who has said that such a word is no item is heeded.
func TestOneWordThatIsTaught(t *testing.T) {
	in := Input{Mail: textMail("Ok!"), Class: threads.ClassPerson, Corrections: []Example{{Text: "Ok!", Kind: none}}}
	if items := readMail(t, in).Items; len(items) > 0 {
		t.Errorf("%+v", items)
	}
}
