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
