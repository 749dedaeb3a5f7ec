package extract_test

import (
	"flag"
	"strconv"
	"testing"

	"rapport/ingest/extract/eval"
)

var misses = flag.Bool("misses", false, "list every miss and false item of the mails that may be read (not of those kept aside)")

// aside tells the third of the annotated mails that nobody reads while rules
// and sentences are written: only its figures are looked at.
func aside(c eval.Case) bool {
	n, err := strconv.Atoi(c.Name)
	return err == nil && n%3 == 0
}

// gold are the annotated mails, those that may be read and those kept aside.
func gold(t testing.TB) (open, kept []eval.Case) {
	t.Helper()
	cases, err := eval.Load("testdata/gold")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if aside(c) {
			kept = append(kept, c)
		} else {
			open = append(open, c)
		}
	}
	return open, kept
}

func read(c eval.Case) eval.Answer { return eval.Report(eval.Read(c.Raw)) }

// floors are a little below what was measured; the figures are the same on
// every machine.
type floors struct {
	items, decisions, questions, text, auto, facet, urgent, due, about float64
}

// TestGoldFigures prints the figures with -v.
func TestGoldFigures(t *testing.T) {
	open, kept := gold(t)
	for _, part := range []struct {
		name  string
		cases []eval.Case
		least floors
	}{
		{"read while writing", open, floors{0.95, 0.97, 0.95, 0.98, 0.97, 0.76, 0.97, 0.93, 0.95}},
		{"kept aside", kept, floors{0.82, 0.95, 0.85, 0.95, 0.97, 0.80, 0.97, 0.90, 0.95}},
	} {
		t.Run(part.name, func(t *testing.T) {
			f := eval.Score(part.cases, read)
			t.Logf("\n%s", f)
			if *misses && part.name != "kept aside" {
				for _, m := range f.Misses {
					t.Log(m)
				}
			}
			check(t, f, part.least)
		})
	}
}

func check(t *testing.T, f eval.Figures, least floors) {
	t.Helper()
	for _, c := range []struct {
		what       string
		got, least float64
	}{
		{"items f1", f.Tally("all").F1(), least.items},
		{"decision precision", f.Tally("decision").Precision(), least.decisions},
		{"question f1", f.Tally("question").F1(), least.questions},
		{"new text exact", f.Exact.Share(), least.text},
		{"auto right", f.Auto.Share(), least.auto},
		{"facet right", f.Field("facet").Share(), least.facet},
		{"urgent right", f.Field("urgent").Share(), least.urgent},
		{"due right", f.Field("due").Share(), least.due},
		{"about right", f.Field("about").Share(), least.about},
	} {
		if c.got < c.least {
			t.Errorf("%s is %.3f, was at least %.3f", c.what, c.got, c.least)
		}
	}
}
