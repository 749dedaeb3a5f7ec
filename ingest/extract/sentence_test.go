package extract

import (
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"One thing. Another thing! A third?", "One thing.|Another thing!|A third?"},
		{"Mr. Hale comes at 9 a.m. on Monday. Please open.", "Mr. Hale comes at 9 a.m. on Monday.|Please open."},
		{"See www.acme.example/a.b for e.g. the map. It is wrong.", "See www.acme.example/a.b for e.g. the map.|It is wrong."},
		{"It costs 3.50 euros. Too much!", "It costs 3.50 euros.|Too much!"},
		{"Version 2.4 is out. Page no. 7 is blank.", "Version 2.4 is out.|Page no. 7 is blank."},
		{"He said “Stop!” and left. Then I went.", "He said “Stop!” and left.|Then I went."},
		{"Really?! Yes!!! OK...", "Really?!|Yes!!!|OK..."},
		{"- first point\n- second point\n  goes on", "first point|second point|goes on"},
		{"1. Move the logo.\n2. Change the title.", "Move the logo.|Change the title."},
		{"a) the map\nb) the list", "the map|the list"},
		{"打不开了。请尽快修！什么时候能好？", "打不开了。|请尽快修！|什么时候能好？"},
		{"他说“好。”然后走了。下一条。", "他说“好。”然后走了。|下一条。"},
		{"1、首页换图\n2、字体放大", "首页换图|字体放大"},
		{"（1）换图。（2）放大。", "换图。|（2）放大。"},
		{"Bitte am 1. Dezember liefern. Danke.", "Bitte am 1. Dezember liefern.|Danke."},
		{"Love it 😀 Please print.", "Love it 😀|Please print."},
		{"==> yes\n==> no", "yes|no"},
		{"slept on it. take the slider out. see you at 9 a.m. on monday", "slept on it.|take the slider out.|see you at 9 a.m. on monday"},
		{"One ex. of many. Fine, approx. half of them.", "One ex. of many.|Fine, approx. half of them."},
		{"vale, seguid. lo del chat, en cambio, no. mañana os llamo", "vale, seguid.|lo del chat, en cambio, no.|mañana os llamo"},
		{"...\n\n---", ""},
		{"", ""},
	} {
		var got []string
		for _, s := range Sentences(c.text) {
			got = append(got, c.text[s.Start:s.End])
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q is %q, want %q", c.text, strings.Join(got, "|"), c.want)
		}
	}
}

// Lines that a program has wrapped are one sentence; lines that the writer
// ended are not.
func TestWrappedLines(t *testing.T) {
	wrapped := "We have looked at the new checkout with the whole team and nobody could\nfind the field for the voucher, so please move it above the total. The\nrest is fine."
	if got := len(Sentences(wrapped)); got != 2 {
		t.Errorf("%d sentences, want 2", got)
	}
	if got := len(Sentences("map is broken\nlogo too small\nplease fix")); got != 3 {
		t.Errorf("%d sentences, want 3", got)
	}
}
