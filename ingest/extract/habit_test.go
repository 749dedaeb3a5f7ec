package extract

import (
	"testing"

	"rapport/threads"
)

// How things are done today is no item; what has to be done now is one.
func TestHowThingsAreToday(t *testing.T) {
	for text, want := range map[string]threads.Kind{
		"目前我们每天最多处理40单":                                  none,
		"Currently we enter up to 40 a day by hand.":     none,
		"Right now we do up to 40 a day.":                none,
		"Zurzeit erfassen wir etwa 40 am Tag von Hand.":  none,
		"Currently nobody can log in.":                   threads.Problem,
		"Right now the page is blank.":                   threads.Problem,
		"目前后台登不上去。":                                      threads.Problem,
		"Someone has to look at this right now.":         threads.Request,
		"At the moment we would like a smaller picture.": threads.Request,
	} {
		r := Read(Input{Mail: textMail(text + "\n")})
		got := none
		if len(r.Items) > 0 {
			got = r.Items[0].Kind
		}
		if got != want || len(r.Items) > 1 {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// A sentence in another language than its mail is read in its own.
func TestSentenceLanguage(t *testing.T) {
	for _, c := range []struct{ text, mail, want string }{
		{"Our colleagues would like to have it in the other hall.", "de", "en"},
		{"Passt so, danke.", "de", "de"},
		{"The menu does not open on my phone.", "zh", "en"},
		{"OK, thanks", "zh", "zh"},
		{"这个页面打不开。", "en", "zh"},
		{"議事録添付。", "ja", "ja"},
		{"Позвоните Ивану из Müller GmbH", "de", "de"},
		{"La page de Mr Smith est vide.", "fr", "fr"},
	} {
		if got := sentenceLanguage(c.text, c.mail); got != c.want {
			t.Errorf("%q in a mail in %s: %s, want %s", c.text, c.mail, got, c.want)
		}
	}
}
