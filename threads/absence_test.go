package threads

import (
	"strings"
	"testing"
	"time"
)

func TestWhoGetsAReportInsteadOfWhoIsAway(t *testing.T) {
	p := Project{Domains: []string{"acme.example"}, Contacts: []Contact{{Name: "Anna", Addresses: []string{"anna@acme.example"}, Report: true}, {Name: "Bert", Addresses: []string{"bert@home.example"}}}}
	went := time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC)
	anna := Address{Name: "Anna", Address: "anna@acme.example"}
	sent := Delivery{Recipient: anna, State: Taken, Changed: went}
	note := func(after time.Duration, away *Away, text string) Message {
		return Message{ID: "note", From: anna, Class: ClassOutOfOffice, Direction: In, Received: went.Add(after), Away: away, NewText: text}
	}
	hand := func(after time.Duration) Message {
		return Message{ID: "hand", From: anna, Class: ClassPerson, Direction: In, Received: went.Add(after)}
	}
	week, text := &Away{From: "2026-11-18", Until: "2026-11-27"}, "Ask bert@home.example or office@acme.example."
	for name, c := range map[string]struct {
		mails []Message // the latest first
		now   time.Duration
		also  []Delivery
		want  string
	}{
		"answered":                   {[]Message{note(time.Minute, week, text)}, time.Hour, nil, "Bert bert@home.example, office@acme.example"},
		"told before":                {[]Message{note(-50*time.Hour, week, text)}, time.Hour, nil, "Bert bert@home.example, office@acme.example"},
		"told before, of later days": {[]Message{note(-50*time.Hour, &Away{From: "2026-11-25", Until: "2026-11-27"}, text)}, time.Hour, nil, ""},
		"back":                       {[]Message{note(time.Minute, week, text)}, 10 * 24 * time.Hour, nil, ""},
		"no day":                     {[]Message{note(time.Minute, nil, text)}, time.Hour, nil, "Bert bert@home.example, office@acme.example"},
		"no day, long ago":           {[]Message{note(time.Minute, nil, text)}, 15 * 24 * time.Hour, nil, ""},
		"another clock":              {[]Message{note(-2*time.Second, nil, text)}, time.Hour, nil, "Bert bert@home.example, office@acme.example"},
		"no day, an hour before":     {[]Message{note(-time.Hour, nil, text)}, time.Hour, nil, ""},
		"has written":                {[]Message{hand(time.Hour), note(time.Minute, week, text)}, 2 * time.Hour, nil, ""},
		"had written before":         {[]Message{note(time.Minute, week, text), hand(-time.Hour)}, time.Hour, nil, "Bert bert@home.example, office@acme.example"},
		"one has it":                 {[]Message{note(time.Minute, week, text)}, time.Hour, []Delivery{{Recipient: Address{Address: "BERT@home.example"}, State: Taken, Changed: went}}, " office@acme.example"},
		"names nobody of the client": {[]Message{note(time.Minute, week, "Ask me (anna@acme.example), or eve@elsewhere.example.")}, time.Hour, nil, ""},
		"Chinese":                    {[]Message{note(time.Minute, week, "急事请联系王芳office@acme.example，谢谢。")}, time.Hour, nil, " office@acme.example"},
		"no note":                    {[]Message{hand(time.Minute)}, time.Hour, nil, ""},
	} {
		r := Report{Deliveries: append([]Delivery{sent}, c.also...)}
		var got []string
		if a := p.Absentee(&r, c.mails, went.Add(c.now)); a != nil {
			for _, to := range a.Instead {
				got = append(got, to.Name+" "+to.Address)
			}
		}
		if strings.Join(got, ",") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, ","), c.want)
		}
	}
}
