package extract_test

import (
	"testing"
	"time"

	"rapport/ingest/extract"
	"rapport/mail"
	"rapport/threads"
)

// Whatever another reader tells: every item is a piece of the new text, in its
// order, and no sure approval is made or taken away.
func FuzzReread(f *testing.F) {
	f.Add("Hi Tom,\n\nWe approve the new layout. But only after the legal check.\n\nThe thing with the dates is back.", uint8(3), 9, 34, uint8(1), 35, 90)
	f.Add("D-1: yes\n\n不同意这个方案。就按方案二做吧，月底前完成。", uint8(3), 0, 8, uint8(3), 13, 34)
	f.Add("> Shall we go live?\n\nOK\n\nApproved, and please send the invoice.", uint8(3), 0, 2, uint8(0), 14, 40)
	f.Add("Yes, go ahead.\n- one\n- two", uint8(7), -1, 9999, uint8(5), 3, 2)
	f.Fuzz(func(t *testing.T, text string, kind1 uint8, start1, end1 int, kind2 uint8, start2, end2 int) {
		m := mail.Parse([]byte("From: ellen@acme.example\r\nDate: Tue, 24 Nov 2026 09:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"+text), mail.Limits{})
		in := extract.Input{Mail: m, Class: threads.ClassPerson, Zone: time.UTC}
		kinds := append([]threads.Kind{"order", "none"}, threads.Kinds...)
		own := extract.Read(in)
		got := extract.Reread(in, []extract.Reading{
			{Kind: kinds[int(kind1)%len(kinds)], Start: start1, End: end1, Due: "2026-11-30"},
			{Kind: kinds[int(kind2)%len(kinds)], Start: start2, End: end2, Urgent: true, Facet: "colour"},
		})
		if got.NewText != own.NewText || got.Rating != own.Rating {
			t.Fatalf("new text or rating differ: %q, %q", got.NewText, own.NewText)
		}
		end := 0
		for _, it := range got.Items {
			if it.Start < end || it.End > len(got.NewText) || it.End <= it.Start || got.NewText[it.Start:it.End] != it.Text {
				t.Fatalf("item %+v behind %d in %q", it, end, got.NewText)
			}
			end = it.End
			if it.Kind == threads.Decision && it.Sure && !within(it, own.Items, true) {
				t.Errorf("a sure approval that was none: %+v in %q", it, got.NewText)
			}
			if !it.Sure && it.Why == "" {
				t.Errorf("unsure without a reason: %+v", it)
			}
		}
		for _, it := range own.Items {
			if it.Kind == threads.Decision && it.Sure && !within(it, got.Items, false) {
				t.Errorf("an approval was taken away: %+v in %q", it, got.NewText)
			}
		}
	})
}

// within reports whether the list has a decision there, a sure one if so asked.
func within(it threads.Item, list []threads.Item, sure bool) bool {
	for _, o := range list {
		if o.Kind == threads.Decision && it.Start < o.End && o.Start < it.End && (o.Sure || !sure) {
			return true
		}
	}
	return false
}
