package ingest_test

import (
	"testing"

	"rapport/demo"
	"rapport/threads"
)

// What a manager has decided about a sender counts for the sender's next mail.
func TestManagersChoicesAreRemembered(t *testing.T) {
	priya := mailOf("From: priya@raman-consulting.example", "To: projects@northlight.example", "Subject: Accessibility review")
	stranger := mailOf("From: jo@papermill.example", "To: projects@northlight.example", "Subject: A shop")
	for _, c := range []struct {
		name, raw string
		choices   threads.Choices
		project   string
		cause     string
		inTray    int
		dismissed int
	}{
		{"nothing decided, two projects", priya, threads.Choices{}, "", "ambiguous", 1, 0},
		{"filed by hand before", priya, threads.Choices{Filed: map[string]string{"priya@raman-consulting.example": demo.Meridian}}, demo.Meridian, "", 0, 0},
		{"filed in a project of which they are no contact", priya, threads.Choices{Filed: map[string]string{"priya@raman-consulting.example": demo.Yunshan}}, "", "ambiguous", 1, 0},
		{"a stranger", stranger, threads.Choices{}, "", "unknown-sender", 1, 0},
		{"a stranger who was made a contact", stranger, threads.Choices{Contacts: []threads.ChosenContact{{Project: demo.Harbour, Name: "Jo", Address: "jo@papermill.example"}}}, demo.Harbour, "", 0, 0},
		{"a stranger who is not ours", stranger, threads.Choices{NotOurs: map[string]bool{"jo@papermill.example": true}}, "", threads.TrayNotOurs, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.people = w.people.With(c.choices)
			m := w.file(c.raw)[0]
			cause := ""
			if m.Tray != nil {
				cause = m.Tray.Cause
			}
			if m.Project != c.project || cause != c.cause {
				t.Errorf("filed in %q, tray %q; want %q and %q", m.Project, cause, c.project, c.cause)
			}
			tray, err := w.store.Tray(t.Context(), 10)
			w.must(err)
			outside, err := w.store.Dismissed(t.Context(), 10)
			w.must(err)
			if len(tray) != c.inTray || len(outside) != c.dismissed {
				t.Errorf("%d in the tray and %d dismissed, want %d and %d", len(tray), len(outside), c.inTray, c.dismissed)
			}
		})
	}
}

// What a person always ends with is a signature, though nothing marks it.
func TestAnEndingIsLearnedFromEarlierMail(t *testing.T) {
	w := newWorld(t)
	mail := func(id, words string) string {
		return "From: ellen@harbourlane.example\nTo: projects@northlight.example\nSubject: " + id + "\nMessage-ID: <" + id + "@h>\n" +
			"Date: Fri, 20 Nov 2026 08:00:00 +0000\n\n" + words + "\n\nOnwards and upwards, the bookish lot\n"
	}
	var last threads.Message
	for id, words := range []string{"Please move the logo.", "The search does not work.", "When is the launch?"} {
		last = w.file(mail(string(rune('a'+id)), words))[0]
	}
	if last.NewText != "When is the launch?" {
		t.Errorf("the new text is %q", last.NewText)
	}
}
