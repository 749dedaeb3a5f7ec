package extract_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"rapport/ingest/extract/eval"
)

// fresh are the mails of testdata/fresh or testdata/more. With the sentences
// they were written and annotated before the rules were looked at, so that they
// tell how mail is read that nobody tuned for. Every second one, language by
// language, is kept aside.
func fresh(t testing.TB, folder string) (open, kept []eval.Case) {
	t.Helper()
	cases, err := eval.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	return everySecond(cases)
}

func everySecond(cases []eval.Case) (open, kept []eval.Case) {
	for i, c := range cases {
		if i%2 == 0 {
			open = append(open, c)
		} else {
			kept = append(kept, c)
		}
	}
	return open, kept
}

// freshSentences makes a mail of each sentence of the table (kind, facet,
// urgent, due, language, sentence), written on Wednesday, 18 November 2026.
func freshSentences(t testing.TB) (open, kept []eval.Case) {
	t.Helper()
	const table = "testdata/fresh/sentences.tsv"
	data, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	var cases []eval.Case
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n")[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			t.Fatalf("%s:%d: %d columns", table, i+2, len(f))
		}
		c := eval.Case{
			Name: fmt.Sprintf("line %d", i+2),
			Raw: []byte("From: <client@client.example>\r\nTo: <us@agency.example>\r\nSubject: -\r\n" +
				"Date: Wed, 18 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n" +
				"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + f[5] + "\r\n"),
			Want: eval.Answer{Auto: "none", Language: f[4], NewText: f[5]},
		}
		if f[0] != "none" {
			item := eval.Item{Kind: f[0], Facet: f[1], Urgent: f[2] == "1", Text: f[5]}
			if f[3] != "" {
				item.Due = &f[3]
			}
			c.Want.Items = []eval.Item{item}
		}
		cases = append(cases, c)
	}
	return everySecond(cases)
}

// TestFreshFigures prints the figures with -v, and with -misses what was read
// wrong of the halves that may be read.
func TestFreshFigures(t *testing.T) {
	mails, mailsAside := fresh(t, "testdata/fresh")
	more, moreAside := fresh(t, "testdata/more")
	sentences, sentencesAside := freshSentences(t)
	for _, part := range []struct {
		name  string
		cases []eval.Case
		least floors
		aside bool
	}{
		{"mails, read while mending", mails, floors{items: 0.86, decisions: 0.90, questions: 0.88, text: 0.95, auto: 1, facet: 0.62, urgent: 0.97, due: 0.80, about: 0.95}, false},
		{"mails, kept aside", mailsAside, floors{items: 0.78, decisions: 0.88, questions: 0.80, text: 0.95, auto: 1, facet: 0.66, urgent: 0.97, due: 0.75, about: 0.95}, true},
		{"more mails, read while mending", more, floors{items: 0.89, decisions: 0.92, text: 0.95, auto: 1, facet: 0.62, urgent: 0.97, due: 0.90, about: 0.95}, false},
		{"more mails, kept aside", moreAside, floors{items: 0.77, decisions: 0.92, questions: 0.90, text: 0.90, auto: 1, facet: 0.66, urgent: 0.97, due: 0.90, about: 0.95}, true},
		{"sentences, read while mending", sentences, floors{items: 0.91, decisions: 0.88, questions: 0.92, text: 1, auto: 1, facet: 0.65, urgent: 0.97, due: 0.90}, false},
		{"sentences, kept aside", sentencesAside, floors{items: 0.90, decisions: 0.88, questions: 0.85, text: 1, auto: 1, facet: 0.68, urgent: 0.97, due: 0.85}, true},
	} {
		t.Run(part.name, func(t *testing.T) {
			f := eval.Score(part.cases, read)
			t.Logf("\n%s", f)
			if *misses && !part.aside {
				for _, m := range f.Misses {
					t.Log(m)
				}
			}
			check(t, f, part.least)
		})
	}
}
