package extract

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rapport/mail"
	"rapport/threads"
)

// checkResult tells what no mail may break: items and remarks are exact pieces
// of the new text in their order, folds lie in it, all is valid UTF-8.
func checkResult(t *testing.T, r Result) {
	t.Helper()
	if !utf8.ValidString(r.NewText) {
		t.Errorf("the new text is no UTF-8: %q", r.NewText)
	}
	last := 0
	for _, it := range r.Items {
		if it.Start < last || it.End <= it.Start || it.End > len(r.NewText) || r.NewText[it.Start:it.End] != it.Text {
			t.Errorf("item %d:%d behind %d is %q in a text of %d bytes", it.Start, it.End, last, it.Text, len(r.NewText))
			return
		}
		if it.Due != "" {
			if _, err := time.Parse(time.DateOnly, it.Due); err != nil {
				t.Errorf("due %q: %v", it.Due, err)
			}
		}
		if it.Sure == (it.Why != "") {
			t.Errorf("%q is sure: %v, because %q", it.Text, it.Sure, it.Why)
		}
		last = it.Start
	}
	last = 0
	for _, s := range r.Remarks {
		if s.Start < last || s.End <= s.Start || s.End > len(r.NewText) {
			t.Errorf("remark %d:%d behind %d in a text of %d bytes", s.Start, s.End, last, len(r.NewText))
			return
		}
		last = s.End
	}
	for _, f := range r.Folds {
		if f.At < 0 || f.At > len(r.NewText) || f.Reason == "" || !utf8.ValidString(f.Text) {
			t.Errorf("fold %q at %d in a text of %d bytes: %q", f.Reason, f.At, len(r.NewText), f.Text)
		}
	}
}

func FuzzRead(f *testing.F) {
	paths, err := filepath.Glob("testdata/gold/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for i, p := range paths {
		if i%8 != 0 {
			continue
		}
		raw, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "- A point of ours.\n")
	}
	fixtures, err := filepath.Glob("../testdata/mails/*/*.eml")
	if err != nil || len(fixtures) == 0 {
		f.Fatalf("no fixtures: %v", err)
	}
	for _, p := range fixtures {
		raw, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "- The new shop pages are ready for your approval.\n")
	}
	l := &testLetters[0]
	for _, p := range mailPrograms {
		m := l.message(p)
		body, kind := m.Text, "plain"
		if m.HTML != "" {
			body, kind = m.HTML, "html"
		}
		f.Add([]byte("From: "+l.them[1]+"\r\nDate: Tue, 24 Nov 2026 09:30:00 +0100\r\nContent-Type: text/"+kind+"; charset=utf-8\r\n\r\n"+body), l.text())
	}
	f.Fuzz(func(t *testing.T, raw []byte, sent string) {
		m := mail.Parse(raw, mail.Limits{})
		in := Input{Mail: m, Class: threads.ClassPerson}
		if sent != "" {
			in.Sent = []threads.SentLetter{{Report: "r1", Text: sent, Points: []threads.Point{{ID: "P1", Text: strings.SplitN(sent, "\n", 2)[0]}}}}
		}
		r := Read(in)
		checkResult(t, r)
		if again := Read(in); !reflect.DeepEqual(r, again) {
			t.Errorf("the same mail was read differently:\n%+v\n%+v", r, again)
		}
	})
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"One. Two!", "请改一下。谢谢！", "1. first\n2. second", "See www.a.example/b. Then go on, e.g. now.", "他说“好。”然后走了。", "…", "a\n\n\nb", "- x\n  y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		last := 0
		for _, x := range Sentences(s) {
			if x.Start < last || x.End <= x.Start || x.End > len(s) || !utf8.ValidString(s[x.Start:x.End]) {
				t.Fatalf("sentence %d:%d behind %d of %q", x.Start, x.End, last, s)
			}
			last = x.End
		}
	})
}

func FuzzDueDate(f *testing.F) {
	for _, s := range []string{"by Friday, 5 May", "bis zum 31.2.", "12月32日前", "下周五之前", "by 2026-02-30", "in 99 weeks", "29/2/27", "end of february", "十十月十十日前", "до 5 декабря, в пятницу", "até o dia 31", "entro il 31 febbraio"} {
		for _, l := range []string{"en", "zh", "de", "ja", "ru", "pt"} {
			f.Add(s, l, int64(1795000000))
		}
	}
	f.Fuzz(func(t *testing.T, s, language string, at int64) {
		written := time.Unix(at%(1<<33), 0).UTC()
		for _, accept := range []func(dayFound) bool{anyDay, agreedDay, deadlineDay} {
			if d := dueDate(s, language, written, accept); d != "" {
				if _, err := time.Parse(time.DateOnly, d); err != nil {
					t.Errorf("%q on %v is %q: %v", s, written, d, err)
				}
			}
		}
	})
}

func FuzzKnown(f *testing.F) {
	for i := range testLetters {
		f.Add(testLetters[i].text(), testLetters[i].text(), "D-1")
		f.Add("> "+strings.ReplaceAll(testLetters[i].text(), "\n", "\n> "), testLetters[i].text(), testLetters[i].intro)
	}
	f.Fuzz(func(t *testing.T, text, sent, point string) {
		if !utf8.ValidString(text) {
			return
		}
		lines := plainLines(text)
		out, _ := cutKnown(lines, []threads.SentLetter{{Report: "r", Text: sent, Points: []threads.Point{{ID: "P1", Text: point}}}})
		before, after := "", ""
		for _, l := range lines {
			before += letters(l.text)
		}
		for _, l := range out {
			after += letters(l.text)
		}
		if before != after {
			t.Errorf("words were lost: %q became %q", before, after)
		}
	})
}
