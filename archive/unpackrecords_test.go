package archive_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/archive"
	"rapport/threads"
)

// Whoever holds the key can sign any manifest, but not make it fit the log.
func TestABundleSaysOfItemsAnswersAndDecisionsWhatTheLogSays(t *testing.T) {
	w := newWorld(t).fill()
	whole := w.bundle()
	item := func(name, old, new string) variant { // of the item that has the number 1
		return variant{name, "item i", w.edited(whole, func(m string) string {
			at := strings.Index(m, `"number":1,`)
			return m[:at] + strings.Replace(m[at:], old, new, 1)
		})}
	}
	answer := func(tell func(*threads.Answer)) func(*threads.Record) {
		return func(r *threads.Record) {
			if r.Answer != nil && r.Answer.Word == threads.Done {
				tell(r.Answer)
			}
			if r.Item != nil && r.Item.Answer != nil && r.Item.Answer.Word == threads.Done {
				tell(r.Item.Answer)
			}
		}
	}
	change := func(tell func(*threads.Change)) func(*archive.Export) {
		return func(e *archive.Export) {
			for i := range e.Changes {
				tell(&e.Changes[i])
			}
		}
	}
	lie := func(name, place string, l lies) variant { return variant{name, place, w.packed(l)} }
	refused(t, w, []variant{
		{"a letter approved by somebody else", "proof/", w.edited(whole, func(m string) string { return strings.Replace(m, `"},"by":"lin"`, `"},"by":"eve"`, 1) })},
		{"a letter approved by nobody", "proof/", w.edited(whole, func(m string) string { return strings.Replace(m, `"},"by":"lin"`, `"}`, 1) })},
		{"a report let go by somebody else", "proof/", w.edited(whole, func(m string) string {
			return strings.Replace(m, `"value":"mara","by":"mara"`, `"value":"mara","by":"eve"`, 1)
		})},
		item("another word in an item", "logo bigger", "logo smaller"),
		item("another kind", `"kind":"request"`, `"kind":"praise"`),
		item("another number", `"number":1,`, `"number":99,`),
		item("another facet", `"facet":"technical"`, `"facet":"business"`),
		item("an item that is urgent", `"urgent":false`, `"urgent":true`),
		item("a guess", `"sure":true`, `"sure":false`),
		item("a doubt", `"sure":true,`, `"sure":true,"why":"one word",`),
		item("words that stand elsewhere", `"start":0`, `"start":1`),
		item("an item that was dismissed", `"state":"open"`, `"state":"dismissed"`),
		item("another due day", `"urgent":false,`, `"urgent":false,"due":"2027-01-01",`),
		{"an item of another time", "item i", w.edited(whole, func(m string) string {
			at := strings.Index(m, `"number":1,`)
			at += strings.Index(m[at:], `},"history"`) - len(`:00Z"`)
			return m[:at-1] + "9" + m[at:]
		})},
		{"what was corrected", "item i", w.edited(whole, func(m string) string {
			at := strings.Index(m, `"type":"item.corrected"`)
			return m[:at] + strings.Replace(m[at:], `"text":"Please`, `"text":"Never`, 1)
		})},
		lie("another reason", "answer to item i", lies{record: answer(func(a *threads.Answer) { a.Reason = "We never promised that" })}),
		lie("another word of an answer", "answer to item i", lies{record: answer(func(a *threads.Answer) { a.Word = threads.Rejected })}),
		lie("somebody else's answer", "answer to item i", lies{record: answer(func(a *threads.Answer) { a.By = "eve" })}),
		lie("an answer of another time", "answer to item i", lies{record: answer(func(a *threads.Answer) { a.At = a.At.Add(time.Hour) })}),
		lie("somebody else's decision", "change c", lies{export: change(func(c *threads.Change) { c.By = "eve" })}),
		lie("a decision about another mail", "change c", lies{export: change(func(c *threads.Change) { c.Messages = []string{"m0"} })}),
		lie("undone by somebody else", "undoing of change c", lies{export: change(func(c *threads.Change) {
			if c.UndoneBy != "" {
				c.UndoneBy = "eve"
			}
		})}),
	})
}

// Of each item, answer, decision, report, letter and delivery the bundle has the
// proof.
func TestABundleHasProofsOfAllThatBelongsToItsMail(t *testing.T) {
	w := newWorld(t).fill()
	m := listOf(t, w.bundle())
	found, words := map[threads.EntryType]int{}, false
	for _, c := range m.Changes {
		for _, r := range c.Records {
			found[r.Type]++
		}
	}
	for _, mail := range m.Messages {
		for _, r := range mail.Report {
			found[r.Type]++
			words = words || r.Type == threads.EntryDelivery && strings.Contains(r.Value, "250 taken")
		}
		for _, i := range mail.Items {
			for _, h := range i.History {
				found[h.Type]++
			}
			for _, a := range i.Answers {
				found[a.Type]++
			}
		}
	}
	for _, of := range []threads.EntryType{threads.EntryItem, threads.EntryItemCorrected, threads.EntryAnswer, threads.EntryChange, threads.EntryUndo,
		threads.EntryReportApproved, threads.EntryReportReleased, threads.EntryLetter, threads.EntryDelivery} {
		if found[of] == 0 {
			t.Errorf("no proof of any %s; there are %v", of, found)
		}
	}
	if !words || found[threads.EntryChange] != len(m.Changes) {
		t.Errorf("%d changes, the server's words %v: %v", len(m.Changes), words, found)
	}
}

// Who approved a letter, and who let its report go, stands on the page.
func TestABundleSaysWhoApproved(t *testing.T) {
	w := newWorld(t).fill()
	bundle := w.bundle()
	agreed(t, w, bundle)
	for _, f := range unzip(t, bundle) {
		if page := string(f.content); f.name == "index.html" && !(strings.Contains(page, "fixed, as approved by lin</bdi>") && strings.Contains(page, "let go by mara</bdi>")) {
			t.Errorf("the page does not say who approved it and who let it go")
		}
	}
}

// Each link of the page leads to a place on it or to a file of the bundle.
func TestLinksOfABundlesPageLeadSomewhere(t *testing.T) {
	w := newWorld(t).fill()
	files, page := map[string]bool{}, ""
	for _, f := range unzip(t, w.bundle()) {
		files[f.name] = true
		if f.name == "index.html" {
			page = string(f.content)
		}
	}
	links := regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1)
	if len(links) < 20 {
		t.Errorf("the page has %d links", len(links))
	}
	for _, l := range links {
		place, here := strings.CutPrefix(l[1], "#")
		if here && !strings.Contains(page, `id="`+place+`"`) || !here && !files[l[1]] {
			t.Errorf("%s leads nowhere", l[1])
		}
	}
}
