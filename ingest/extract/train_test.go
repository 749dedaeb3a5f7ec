package extract

import (
	"bytes"
	"os"
	"testing"

	"rapport/threads"
)

// sentencesOf gives the labelled sentences of the repository.
func sentencesOf(t testing.TB) []Example {
	t.Helper()
	all, err := ReadTables(os.DirFS("training"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestModelIsTrained trains the model anew: the embedded one is what the
// sentences give, bit by bit, and it is small.
func TestModelIsTrained(t *testing.T) {
	want, err := Train(sentencesOf(t)).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, modelBytes) {
		t.Error("model.bin is not what training/*.tsv gives; run `go generate ./ingest/extract`")
	}
	if len(modelBytes) >= 300_000 {
		t.Errorf("model.bin has %d bytes, and must have less than 300 KB", len(modelBytes))
	}
}

func TestModelReadsWhatItWrote(t *testing.T) {
	var again Model
	if err := again.UnmarshalBinary(modelBytes); err != nil {
		t.Fatal(err)
	}
	data, err := again.MarshalBinary()
	if err != nil || !bytes.Equal(data, modelBytes) {
		t.Errorf("the model changed by reading and writing it: %d bytes, were %d (%v)", len(data), len(modelBytes), err)
	}
	for _, cut := range []int{0, 3, 10, len(modelBytes) / 2, len(modelBytes) - 1} {
		if new(Model).UnmarshalBinary(modelBytes[:cut]) == nil {
			t.Errorf("a model of %d bytes instead of %d was taken", cut, len(modelBytes))
		}
	}
}

// BenchmarkCrossValidation trains on four fifths of the sentences and reads the
// last one, five times over. Its figures are for choosing features.
func BenchmarkCrossValidation(b *testing.B) {
	all := sentencesOf(b)
	kinds, facets, items := 0, 0, 0
	for b.Loop() {
		kinds, facets, items = 0, 0, 0
		for fold := range 5 {
			var rest, held []Example
			for i, e := range all {
				if i%5 == fold {
					held = append(held, e)
				} else {
					rest = append(rest, e)
				}
			}
			m := Train(rest)
			for _, e := range held {
				k, f := m.classify(e)
				if k == e.Kind {
					kinds++
				}
				if e.Kind == none {
					continue
				}
				items++
				if f == e.Facet {
					facets++
				}
			}
		}
	}
	b.ReportMetric(float64(len(all)), "sentences")
	b.ReportMetric(float64(kinds)/float64(len(all)), "kind-right")
	b.ReportMetric(float64(facets)/float64(items), "facet-right")
}

// classify reads one sentence without its mail; the facet that of the true kind.
func (m *Model) classify(e Example) (threads.Kind, threads.Facet) {
	var f features
	var k [8]float64
	var g [5]float64
	f.of(e.Text, e.Language, ruleFlags(e.Text, e.Language))
	m.Kinds.scores(&f, k[:])
	f.kinded(e.Kind)
	m.Facets.scores(&f, g[:])
	return classes[best(k[:])], facets[best(g[:])]
}
