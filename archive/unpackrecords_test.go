package archive_test

import (
	"encoding/json"
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
	answered := func(e *archive.Export) *threads.Item {
		for i := range e.Items {
			if e.Items[i].Answer != nil {
				return &e.Items[i]
			}
		}
		t.Fatal("no item has an answer")
		return nil
	}
	answer := func(e *archive.Export) *threads.Answer {
		i := answered(e)
		a := *i.Answer
		i.Answer = &a
		return &a
	}
	undone := func(e *archive.Export) *threads.Change {
		for i := range e.Changes {
			if !e.Changes[i].UndoneAt.IsZero() {
				return &e.Changes[i]
			}
		}
		t.Fatal("no decision was undone")
		return nil
	}
	lie := func(name, place string, tell func(*archive.Export)) variant {
		return variant{name, place, w.packed(tell)}
	}
	refused(t, w, []variant{
		lie("another word in an item", "item i", func(e *archive.Export) { answered(e).Text = "Please make the logo smaller" }),
		lie("another kind", "item i", func(e *archive.Export) { answered(e).Kind = threads.Praise }),
		lie("another number", "item i", func(e *archive.Export) { answered(e).Number = 99 }),
		lie("an item of another time", "item i", func(e *archive.Export) { i := answered(e); i.At = i.At.Add(time.Second) }),
		lie("another due day", "item i", func(e *archive.Export) { answered(e).Due = "2027-01-01" }),
		lie("another reason", "answer to item i", func(e *archive.Export) { answer(e).Reason = "We never promised that" }),
		lie("another word of an answer", "answer to item i", func(e *archive.Export) { answer(e).Word = threads.Rejected }),
		lie("somebody else's answer", "answer to item i", func(e *archive.Export) { answer(e).By = "eve" }),
		lie("an answer of another time", "answer to item i", func(e *archive.Export) { a := answer(e); a.At = a.At.Add(time.Hour) }),
		lie("somebody else's decision", "change c", func(e *archive.Export) { e.Changes[0].By = "eve" }),
		lie("a decision about another mail", "change c", func(e *archive.Export) { e.Changes[0].Messages = []string{"m0"} }),
		lie("undone by somebody else", "undoing of change c", func(e *archive.Export) { undone(e).UndoneBy = "eve" }),
	})
}

// Of each item, answer, decision, report, letter and delivery the bundle has the
// proof.
func TestABundleHasProofsOfAllThatBelongsToItsMail(t *testing.T) {
	w := newWorld(t).fill()
	var m archive.Manifest
	for _, f := range unzip(t, w.bundle()) {
		if f.name == "manifest.json" {
			w.must(json.Unmarshal(f.content, &m))
		}
	}
	found := map[threads.EntryType]int{}
	words := false
	for _, r := range m.Records {
		found[r.Type]++
		words = words || r.Type == threads.EntryDelivery && strings.Contains(r.Value, "250 taken")
	}
	for _, of := range []threads.EntryType{threads.EntryItem, threads.EntryAnswer, threads.EntryChange, threads.EntryUndo,
		threads.EntryReportApproved, threads.EntryLetter, threads.EntryDelivery} {
		if found[of] == 0 {
			t.Errorf("no proof of any %s; there are %v", of, found)
		}
	}
	if !words || found[threads.EntryItem] != len(m.Items) || found[threads.EntryChange] != len(m.Changes) {
		t.Errorf("%d items, %d changes, the server's words %v: %v", len(m.Items), len(m.Changes), words, found)
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
