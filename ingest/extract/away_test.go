package extract

import (
	"testing"
	"time"

	"rapport/threads"
)

func TestAway(t *testing.T) {
	written := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) // a Wednesday
	for _, c := range []struct{ subject, text, from, until, back string }{
		{"", "I am out of the office and will be back on 3 March.", "", "", "2027-03-03"},
		{"", "I'm away until December 15th. For urgent matters, call Tom.", "", "2026-12-15", ""},
		{"", "Thank you for your mail. I am on leave from 1/12 to 5/12.", "2026-12-01", "2026-12-05", ""},
		{"", "I will be out of the office from Monday, 30 November until Friday, 4 December 2026.", "2026-11-30", "2026-12-04", ""},
		{"", "I will be away 1 to 5 December and will answer when I return.", "2026-12-01", "2026-12-05", ""},
		{"", "Out Dec 1-5.", "2026-12-01", "2026-12-05", ""},
		{"", "I am travelling and return to the office on Monday.", "", "", "2026-11-30"},
		{"", "I am on holiday, returning Tuesday 1st December.", "", "", "2026-12-01"},
		{"", "I am out from 2026-12-01 through 2026-12-05.", "2026-12-01", "2026-12-05", ""},
		{"Out of office until 4 December Re: Report of 1 January", "I read no mail.", "", "2026-12-04", ""},
		{"", "Ich bin bis zum 15.12. nicht im Büro.", "", "2026-12-15", ""},
		{"", "Ich bin vom 1.12. bis 5.12.2026 im Urlaub und ab dem 7. Dezember wieder erreichbar.", "2026-12-01", "2026-12-05", "2026-12-07"},
		{"", "Vielen Dank für Ihre Nachricht. Ich bin vom 1. bis 5. Dezember abwesend.", "2026-12-01", "2026-12-05", ""},
		{"", "Ich bin ab Montag wieder für Sie da.", "", "", "2026-11-30"},
		{"", "Je suis absent du 1er au 5 décembre.", "2026-12-01", "2026-12-05", ""},
		{"", "Je suis en congé jusqu'au 4 décembre. Je serai de retour le 7 décembre.", "", "2026-12-04", "2026-12-07"},
		{"", "Estoy fuera de la oficina hasta el 4 de diciembre.", "", "2026-12-04", ""},
		{"", "我将于12月1日至5日休假，期间无法及时回复邮件。", "2026-12-01", "2026-12-05", ""},
		{"", "您好，本人2026年12月28日到2027年1月3日出差，有急事请联系王工。", "2026-12-28", "2027-01-03", ""},
		{"", "我正在休假，12月7日回来上班。", "", "", "2026-12-07"},
		{"", "本人外出，12月4日之前无法回复邮件，请谅解。", "", "2026-12-04", ""},
		{"", "本周出差，下周一返岗。", "", "", "2026-11-30"},
		{"", "12月1日から12月5日まで休暇をいただいております。", "2026-12-01", "2026-12-05", ""},

		{"", "I am out of the office. I will answer as soon as I can.", "", "", ""},
		{"", "We have received your mail of 24 November and answer within 2 days.", "", "", ""},
		{"", "I was away until 3 March 2024.", "", "", ""},
		{"", "我不在办公室，会尽快回复您。", "", "", ""},
	} {
		got := Away(c.subject, c.text, written)
		if got == nil {
			got = &threads.Away{}
		}
		if want := (threads.Away{From: c.from, Until: c.until, Back: c.back}); *got != want {
			t.Errorf("%s %q: got %+v, want %+v", c.subject, c.text, *got, want)
		}
	}
	if Away("", "back on 3 March", time.Time{}) != nil {
		t.Error("without a day to start from, a day was found")
	}
}

func FuzzAway(f *testing.F) {
	for _, s := range []string{"from 1/12 to 5/12", "vom 1.-5.12. im Urlaub", "12月1日至5日", "back on Monday", "\xff\xfe12月"} {
		f.Add(s, s)
	}
	written := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, subject, text string) {
		a := Away(subject, text, written)
		if a != nil && (a.Last() == "" || a.From > a.Last()) {
			t.Errorf("found %+v", a)
		}
	})
}
