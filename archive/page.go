package archive

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"time"

	"rapport/threads"
)

//go:embed page.html page.go pagewrite.go
var pageMade embed.FS

// pageForm tells versions of this program apart that make other pages of the
// same list: SHA-256 of all that the page is made with.
var pageForm = hashOf(slices.Concat(pageSource("page.html"), pageSource("page.go"), pageSource("pagewrite.go")))

func pageSource(name string) []byte {
	b, err := pageMade.ReadFile(name)
	if err != nil {
		panic(err) // it is embedded
	}
	return b
}

// page is read offline, in any browser: no script, nothing from elsewhere. It is
// made of pieces, so that never more than one mail is in memory.
var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"when":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	"day":   func(t time.Time) string { return t.UTC().Format(time.DateOnly) },
	"count": count, "short": short, "steps": stepsOf, "did": did, "reading": wasRead,
	"counts": func(i *threads.Item, a *threads.Answer) bool { return i != nil && i.Answer != nil && *i.Answer == *a },
}).Parse(string(pageSource("page.html"))))

// count tells a number of things.
func count(n any, one string) string {
	if number := fmt.Sprint(n); number != "1" {
		return number + " " + one + "s"
	}
	return "1 " + one
}

// short is the beginning of a text.
func short(s string) string {
	if r := []rune(s); len(r) > 160 {
		return string(r[:158]) + " …"
	}
	return s
}

// step is a line about a report, in words.
type step struct {
	BundledRecord
	Words string
}

// stepsOf tells what became of a report and of each of its letters.
func stepsOf(report []BundledRecord) (out []step) {
	letters := map[string]string{}
	for _, r := range report {
		if r.To != nil {
			letters[r.Subject] = "letter to " + r.To.String()
		}
	}
	for _, r := range report {
		words := cmp.Or(letters[r.Subject], "letter "+r.Subject)
		switch r.Type {
		case threads.EntryReportApproved:
			words = "approved as report " + r.Subject
		case threads.EntryReportReleased:
			words = "let go" + by(r.By)
		case threads.EntryReportCancelled:
			words = "withdrawn" + by(r.By)
		case threads.EntryLetter:
			words += " fixed, as approved" + by(r.By)
		default:
			if words += ": " + r.Said().State; r.Value != "" {
				words += ", “" + r.Value + "”"
			}
		}
		out = append(out, step{r, words})
	}
	return out
}

// by names who did something, where the log says it: lines did not always.
func by(login string) string {
	if login == "" {
		return ""
	}
	return " by " + login
}

// did tells what somebody decided.
func did(kind threads.ChangeKind) string {
	words := map[threads.ChangeKind]string{threads.ChangeFile: "filed by hand", threads.ChangeContact: "its sender made a contact",
		threads.ChangeDismiss: "dismissed from the tray", threads.ChangeReread: "read again", threads.ChangeSplit: "split off into a conversation of its own",
		threads.ChangeMerge: "joined with another conversation", threads.ChangeCorrect: "its items corrected"}[kind]
	if words == "" {
		words = string(kind)
	}
	return words
}

// wasRead tells what a line says of an item, as far as it is no longer so.
func wasRead(r BundledReading, now *threads.Item) string {
	words := "found"
	switch {
	case r.Type == threads.EntryItemGone:
		return "taken away"
	case r.Item == nil:
		return "corrected, and taken back later; what it was then was not kept"
	case r.Type == threads.EntryItemCorrected:
		words = "corrected"
	}
	if now == nil || now.Kind != r.Item.Kind || now.Text != r.Item.Text {
		words += fmt.Sprintf(", as %s “%s”", r.Item.Kind, r.Item.Text)
	}
	return words
}
