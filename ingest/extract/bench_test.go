package extract_test

import (
	"strings"
	"testing"

	"rapport/ingest/extract"
	"rapport/ingest/extract/eval"
	"rapport/mail"
	"rapport/threads"
)

// BenchmarkRead reads the annotated mails, each whole: bytes in, items out.
func BenchmarkRead(b *testing.B) {
	open, kept := gold(b)
	cases := append(open, kept...)
	sentences, at := 0, 0
	for b.Loop() {
		r, _ := eval.Read(cases[at%len(cases)].Raw)
		sentences += len(r.Items) + len(r.Remarks)
		at++
	}
	b.ReportMetric(float64(sentences)/b.Elapsed().Seconds(), "sentences/s")
}

// BenchmarkSentences reads the items of one long mail, already parsed.
func BenchmarkSentences(b *testing.B) {
	open, _ := gold(b)
	var text strings.Builder
	for _, c := range open {
		if c.Want.Language == "en" && c.Want.Auto == "none" {
			text.WriteString(c.Want.NewText + "\n\n")
		}
	}
	in := extract.Input{Mail: &mail.Message{Text: text.String(), TextFrom: "plain"}, Class: threads.ClassPerson}
	sentences := 0
	for b.Loop() {
		r := extract.Read(in)
		sentences += len(r.Items) + len(r.Remarks)
	}
	b.ReportMetric(float64(sentences)/b.Elapsed().Seconds(), "sentences/s")
}

// BenchmarkGoldFigures reads all annotated mails each time and reports how well:
// those that were read while rules were written, and those kept aside.
func BenchmarkGoldFigures(b *testing.B) {
	open, kept := gold(b)
	for _, part := range []struct {
		name  string
		cases []eval.Case
	}{{"open", open}, {"aside", kept}} {
		b.Run(part.name, func(b *testing.B) {
			var f eval.Figures
			for b.Loop() {
				f = eval.Score(part.cases, read)
			}
			b.ReportMetric(f.Tally("all").F1(), "items-F1")
			b.ReportMetric(f.Tally("decision").Precision(), "decision-precision")
			b.ReportMetric(f.Tally("question").F1(), "question-F1")
			b.ReportMetric(f.Exact.Share(), "text-exact")
			b.ReportMetric(f.Auto.Share(), "auto")
			b.ReportMetric(f.Field("facet").Share(), "facet")
			b.ReportMetric(f.Field("urgent").Share(), "urgent")
			b.ReportMetric(f.Field("due").Share(), "due")
			b.ReportMetric(f.Field("about").Share(), "about")
		})
	}
}
