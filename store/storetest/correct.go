package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/threads"
)

// correct makes a correction and wants its undoing to leave everything as it
// was, examples among it; then makes it once more.
func (h *house) correct(c threads.Correction) (after world) {
	h.t.Helper()
	c.By = "mara"
	before, taught := h.world(), h.examples()
	made, err := h.store.Correct(background, c)
	h.must(err)
	after = h.world()
	_, err = h.store.Undo(background, made.ID, "mara")
	h.must(err)
	if diff := cmp.Diff(before, h.world()); diff != "" {
		h.t.Errorf("%s, undone, left a difference:\n%s", c.Step, diff)
	}
	if diff := cmp.Diff(taught, h.examples()); diff != "" {
		h.t.Errorf("%s, undone, left examples:\n%s", c.Step, diff)
	}
	_, err = h.store.Correct(background, c)
	h.must(err)
	return after
}

func (h *house) examples() []threads.Example {
	h.t.Helper()
	out, err := h.store.Examples(background, "ACME")
	h.must(err)
	return out
}

// lastExample is the kind and words of what was taught last.
func (h *house) lastExample() string {
	h.t.Helper()
	all := h.examples()
	if len(all) == 0 {
		return ""
	}
	e := all[len(all)-1]
	return string(e.Kind) + ": " + e.Text
}

// twoSentences is a filed mail of two requests.
func (h *house) twoSentences() []threads.Item {
	f := mailOf("ACME", "a@x", "Move the logo. The search, is slow.")
	f.Items = []threads.Item{{Kind: threads.Request, Text: "Move the logo.", End: 14, Why: "short"}, {Kind: threads.Request, Text: "The search, is slow.", Start: 15, End: 35}}
	h.file(f)
	return h.items()
}

// items are ACME's, in the order of their numbers.
func (h *house) items() []threads.Item {
	h.t.Helper()
	list, err := h.store.Items(background, threads.ItemQuery{Project: "ACME"})
	h.must(err)
	out := make([]threads.Item, len(list))
	for i := range list {
		out[len(list)-1-i] = list[i]
	}
	return out
}

func itemCorrected(t *testing.T, h *house) {
	items := h.twoSentences()
	yes, day := true, "2026-12-01"
	h.correct(threads.Correction{Step: threads.CorrectRead, Item: items[1].ID, Kind: threads.Praise, Facet: threads.Technical, Urgent: &yes, Due: &day})
	got := h.items()[1]
	if got.ID != items[1].ID || got.Number != 2 || got.Kind != threads.Praise || got.Facet != threads.Technical || !got.Urgent || got.Due != day || got.State != threads.Noted || !got.Sure {
		t.Errorf("corrected to %+v", got)
	}
	if w := h.world(); w.Threads[0].Open != 1 {
		t.Errorf("%d items of the thread wait, want 1", w.Threads[0].Open)
	}
	if got := h.lastExample(); got != "praise: The search, is slow." {
		t.Errorf("taught %q", got)
	}
	for _, c := range []threads.Correction{{Kind: "nonsense"}, {Facet: "nonsense"}, {Due: &[]string{"soon"}[0]}} {
		c.Step, c.Item = threads.CorrectRead, items[0].ID
		if _, err := h.store.Correct(background, c); err == nil {
			t.Errorf("taken: %+v", c)
		}
	}
	_, err := h.store.Correct(background, threads.Correction{Step: threads.CorrectRead, Item: "i0", Kind: threads.Praise})
	h.wants(err, threads.ErrNotFound)
}

func itemDismissed(t *testing.T, h *house) {
	items := h.twoSentences()
	h.correct(threads.Correction{Step: threads.CorrectDismiss, Item: items[0].ID})
	if got := h.items()[0]; got.State != threads.Dismissed || got.Kind != threads.Request {
		t.Errorf("dismissed: %+v", got)
	}
	if got := h.lastExample(); got != "none: Move the logo." {
		t.Errorf("taught %q", got)
	}
	h.correct(threads.Correction{Step: threads.CorrectReturn, Item: items[0].ID})
	if got := h.items()[0]; got.State != threads.Open {
		t.Errorf("brought back: %+v", got)
	}
	if got := h.lastExample(); got != "request: Move the logo." {
		t.Errorf("taught %q", got)
	}
}

func itemSplit(t *testing.T, h *house) {
	items := h.twoSentences()
	h.correct(threads.Correction{Step: threads.CorrectSplit, Item: items[1].ID, Words: "is slow", Kind: threads.Problem})
	// The number of the part that was taken back is not given out again.
	got := h.items()
	if len(got) != 3 || got[1].Text != "The search" || got[1].Kind != threads.Request || got[2].Text != "is slow." || got[2].Kind != threads.Problem ||
		got[2].Number != 4 || got[2].Start != 27 || got[2].End != 35 {
		t.Errorf("split into %+v", got)
	}
	_, err := h.store.Correct(background, threads.Correction{Step: threads.CorrectSplit, Item: items[0].ID, Words: "Move"})
	if err == nil {
		t.Error("split before the first word")
	}
}

func itemsMerged(t *testing.T, h *house) {
	items := h.twoSentences()
	h.correct(threads.Correction{Step: threads.CorrectMerge, Item: items[1].ID, Other: items[0].ID})
	got := h.items()
	if len(got) != 1 || got[0].Number != 2 || got[0].Text != "Move the logo. The search, is slow." || got[0].End != 35 {
		t.Errorf("merged into %+v", got)
	}
	if taught := h.examples(); len(taught) != 0 {
		t.Errorf("a merged item taught %+v", taught)
	}
}

func itemAdded(t *testing.T, h *house) {
	filed := h.file(mailOf("ACME", "a@x", "Hello. 图片太小。"), mailOf("", "b@x", "Hello."))
	c := threads.Correction{Step: threads.CorrectAdd, Message: filed[0].Message, Words: "图片太小。", Kind: threads.Problem}
	_, err := h.store.Correct(background, c)
	h.wants(err, threads.ErrConflict) // the one item of the mail has them
	_, err = h.store.Correct(background, threads.Correction{Step: threads.CorrectDismiss, Item: h.items()[0].ID})
	h.must(err)
	plain := mailOf("ACME", "c@x", "Hello. 图片太小。")
	plain.Items = nil
	third := h.file(plain)
	c.Message = third[0].Message
	h.correct(c)
	got := h.items()
	if last := got[len(got)-1]; last.Text != "图片太小。" || last.Start != 7 || last.Kind != threads.Problem || last.State != threads.Open {
		t.Errorf("added: %+v", last)
	}
	for _, wrong := range []threads.Correction{
		{Message: third[0].Message, Words: "not there", Kind: threads.Problem},
		{Message: third[0].Message, Start: 8, End: 12, Kind: threads.Problem}, // inside of a character
		{Message: third[0].Message, Start: -1, End: 3, Kind: threads.Problem},
		{Message: third[0].Message, Start: 0, End: 6},
		{Message: filed[1].Message, Words: "Hello.", Kind: threads.Problem}, // in the tray
	} {
		wrong.Step = threads.CorrectAdd
		if _, err := h.store.Correct(background, wrong); err == nil {
			t.Errorf("added: %+v", wrong)
		}
	}
}

func answeredStays(t *testing.T, h *house) {
	items := h.twoSentences()
	_, err := h.store.AnswerItem(background, threads.Answer{Item: items[0].ID, Word: threads.Done, Reason: "Done.", By: "mara"})
	h.must(err)
	for _, c := range []threads.Correction{
		{Step: threads.CorrectDismiss, Item: items[0].ID},
		{Step: threads.CorrectSplit, Item: items[0].ID, Words: "logo"},
		{Step: threads.CorrectMerge, Item: items[0].ID, Other: items[1].ID},
		{Step: threads.CorrectMerge, Item: items[1].ID, Other: items[0].ID},
	} {
		if _, err := h.store.Correct(background, c); !errors.Is(err, threads.ErrConflict) {
			t.Errorf("%s of an answered item: %v", c.Step, err)
		}
	}
	h.correct(threads.Correction{Step: threads.CorrectRead, Item: items[0].ID, Kind: threads.Problem})
	if got := h.items()[0]; got.State != threads.Answered || got.Answer == nil || got.Kind != threads.Problem {
		t.Errorf("an answered item of another kind: %+v", got)
	}
}

func correctedStays(t *testing.T, h *house) {
	items := h.twoSentences()
	_, err := h.store.Correct(background, threads.Correction{Step: threads.CorrectDismiss, Item: items[0].ID, By: "mara"})
	h.must(err)
	_, err = h.store.Correct(background, threads.Correction{Step: threads.CorrectSplit, Item: items[1].ID, Words: "is slow", Kind: threads.Problem, By: "mara"})
	h.must(err)
	want := h.items()
	f := threads.Filing{Message: h.message(items[0].Message), Items: []threads.Item{
		{Kind: threads.Request, Text: "Move the logo.", End: 14}, {Kind: threads.Concern, Text: "The search, is slow.", Start: 15, End: 35},
	}}
	h.change(threads.Change{Kind: threads.ChangeReread, By: "mara"}, f)
	if diff := cmp.Diff(want, h.items()); diff != "" {
		t.Errorf("reading the mail again has undone corrections:\n%s", diff)
	}
}
