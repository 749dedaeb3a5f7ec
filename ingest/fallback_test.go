package ingest_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"rapport/ingest"
	"rapport/ingest/extract"
	"rapport/threads"
)

// What another reader could not do stands beside the mail, and mail that nobody
// takes items from is not shown to it.
func TestAnotherReader(t *testing.T) {
	w := newWorld(t)
	unlisted := map[string]bool{}
	var err error
	w.pipeline, err = ingest.NewPipeline(ingest.PipelineConfig{
		Archive: w.store, Directory: func() *threads.Directory { return w.people }, Key: w.key,
		Extract: func(in extract.Input) extract.Result {
			unlisted[in.Mail.MessageID] = in.Unlisted
			out := extract.Read(in)
			if !in.Unlisted {
				out.Note = "read without the language model small: it cannot be reached"
			}
			return out
		},
	})
	w.must(err)
	letter := func(id, from string) string {
		return strings.ReplaceAll("From: "+from+"\nTo: harbour@northlight.example\nSubject: Shop\nDate: Wed, 18 Nov 2026 09:00:00 +0000\nMessage-ID: <"+id+">\n\nPlease move the logo.\n", "\n", "\r\n")
	}
	for id, c := range map[string]struct {
		from     string
		unlisted bool
	}{
		"client@x.example":   {"ellen@harbourlane.example", false},
		"ours@x.example":     {"mara@northlight.example", true},
		"stranger@x.example": {"sales@elsewhere.example", true},
	} {
		f, err := w.pipeline.Prepare(context.Background(), received(letter(id, c.from)))
		w.must(err)
		if unlisted[id] != c.unlisted {
			t.Errorf("%s: unlisted %v", id, unlisted[id])
		}
		noted := false
		for _, fault := range f.Message.Faults {
			noted = noted || fault == threads.Fault{Code: "reader-fallback", Detail: "read without the language model small: it cannot be reached"}
		}
		if noted == c.unlisted {
			t.Errorf("%s: faults %+v", id, f.Message.Faults)
		}
	}
}

// A mail with more points than are taken apart says so beside it.
func TestTooManyPoints(t *testing.T) {
	w := newWorld(t)
	letter := "From: ellen@harbourlane.example\r\nTo: harbour@northlight.example\r\nSubject: Shop\r\nDate: Wed, 18 Nov 2026 09:00:00 +0000\r\nMessage-ID: <many@x.example>\r\n\r\n" +
		strings.Repeat("- Please move the logo.\r\n", 300)
	f, err := w.pipeline.Prepare(context.Background(), received(letter))
	w.must(err)
	want := threads.Fault{Code: "points-too-many", Detail: "after 200 items, 100 more sentences were not taken apart; the last item stands for them"}
	if !slices.Contains(f.Message.Faults, want) || len(f.Items) != 201 {
		t.Errorf("%d items, faults %+v", len(f.Items), f.Message.Faults)
	}
}
