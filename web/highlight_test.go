package web

import (
	"strings"
	"testing"

	"rapport/threads"
)

// drawn writes blocks in one line: {kind:words}F-1 for an item, [reason] for a
// fold, with + if it stands open, | between blocks.
func drawn(blocks []block) string {
	var out []string
	for _, b := range blocks {
		if b.Fold != nil {
			open := ""
			if b.Fold.Open {
				open = "+"
			}
			out = append(out, "["+open+b.Fold.Reason+":"+strings.ReplaceAll(b.Fold.Text, "\n", "/")+"]")
			continue
		}
		var s strings.Builder
		for _, r := range b.Runs {
			if text := strings.ReplaceAll(r.Text, "\n", "/"); r.Kind != "" {
				s.WriteString("{" + strings.Join(append([]string{r.ID}, r.More...), "+") + " " + string(r.Kind) + ":" + text + "}")
			} else {
				s.WriteString(text)
			}
			for _, m := range r.Ends {
				s.WriteString(m.Label)
			}
		}
		out = append(out, s.String())
	}
	return strings.Join(out, "|")
}

func item(number int, kind threads.Kind, text, words string) threads.Item {
	at := strings.Index(text, words)
	return threads.Item{Number: number, Kind: kind, Text: words, Start: at, End: at + len(words)}
}

func TestBlocks(t *testing.T) {
	const text = "Hello,\n\nit is broken. When is it mended?\n\nBye"
	broken, when := item(1, threads.Problem, text, "it is broken."), item(2, threads.Question, text, "When is it mended?")
	all := item(3, threads.Concern, text, "it is broken. When is it mended?")
	moved := broken
	moved.Start, moved.End = moved.Start+1, moved.End+1
	at := func(words string) int { return strings.Index(text, words) }
	for _, c := range []struct {
		name  string
		text  string
		items []threads.Item
		folds []threads.Fold
		want  string
	}{
		{"words alone", text, nil, nil, "Hello,//it is broken. When is it mended?//Bye"},
		{"two items", text, []threads.Item{when, broken}, nil, "Hello,//{f1 problem:it is broken.}F-1 {f2 question:When is it mended?}F-2//Bye"},
		{"one inside another", text, []threads.Item{all, broken}, nil, "Hello,//{f3+f1 concern:it is broken.}F-1{ concern: When is it mended?}F-3//Bye"},
		{"words that do not stand where they should", text, []threads.Item{moved}, nil, "Hello,//it is broken. When is it mended?//Bye"},
		{"the same number twice", text, []threads.Item{broken, broken}, nil, "Hello,//{f1 problem:it is broken.}F-1 When is it mended?//Bye"},
		{"offsets beyond the text", text, []threads.Item{{Number: 1, Start: -1, End: 4}, {Number: 2, Start: 5, End: 999}}, nil, "Hello,//it is broken. When is it mended?//Bye"},
		{"a signature at the end", text, nil, []threads.Fold{{Reason: "signature", Text: "\nX\n", At: len(text)}}, "Hello,//it is broken. When is it mended?//Bye|[signature:X]"},
		{"a fold within an item", text, []threads.Item{all}, []threads.Fold{{Reason: "banner", Text: "X", At: at("When")}}, "Hello,//{f3 concern:it is broken. }|[banner:X]|{ concern:When is it mended?}F-3//Bye"},
		{"folds far outside", text, nil, []threads.Fold{{Reason: "banner", Text: "A", At: -9}, {Reason: "banner", Text: "B", At: 9999}}, "[banner:A]|Hello,//it is broken. When is it mended?//Bye|[banner:B]"},
		{"a fold between the bytes of a character", "你好", nil, []threads.Fold{{Reason: "banner", Text: "A", At: 4}}, "你|[banner:A]|好"},
		{"a short quotation stands open over its answer", text, nil, []threads.Fold{{Reason: "quote", Text: "> a\n> b", At: at("it is")}}, "Hello,|[+quote:a/b]|it is broken. When is it mended?//Bye"},
		{"a long one does not", text, nil, []threads.Fold{{Reason: "quote", Text: "> a\n> b\n>\n> c", At: at("it is")}}, "Hello,|[quote:a/b//c]|it is broken. When is it mended?//Bye"},
		{"nor one that nothing answers", text, nil, []threads.Fold{{Reason: "quote", Text: "> a", At: len(text)}}, "Hello,//it is broken. When is it mended?//Bye|[quote:a]"},
		{"quotations that follow each other", text, nil, []threads.Fold{{Reason: "quote", Text: "On Monday", At: at("it is")}, {Reason: "our letter", Text: "> a\n> b", At: at("it is")}, {Reason: "our letter", Text: "> c", At: at("it is")}},
			"Hello,|[our letter:On Monday/a/b]|[+our letter:c]|it is broken. When is it mended?//Bye"},
		{"a text that only begins like a quotation", text, nil, []threads.Fold{{Reason: "quote", Text: "> a\nb", At: len(text)}}, "Hello,//it is broken. When is it mended?//Bye|[quote:> a/b]"},
		{"nothing but a fold", "", nil, []threads.Fold{{Reason: "machine mail", Text: "away\nuntil Monday"}}, "[+machine mail:away/until Monday]"},
		{"nothing", "", nil, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, cut := blocks(&threads.Message{NewText: c.text, Folds: c.folds}, c.items, messageLimits)
			if drawn(got) != c.want || cut {
				t.Errorf("got  %s (cut %v)\nwant %s", drawn(got), cut, c.want)
			}
		})
	}
}

func TestLongMailsAreCut(t *testing.T) {
	m := &threads.Message{NewText: strings.Repeat("你", 100), Folds: []threads.Fold{{Reason: "quote", Text: strings.Repeat("好", 100), At: 300}}}
	got, cut := blocks(m, []threads.Item{item(1, threads.Problem, m.NewText, m.NewText)}, limits{text: 100, fold: 50})
	want := strings.Repeat("你", 33) + "|[quote:" + strings.Repeat("好", 16) + "]"
	if drawn(got) != want || !cut || !got[1].Fold.Cut {
		t.Errorf("got %s, cut %v", drawn(got), cut)
	}
}

func FuzzBlocks(f *testing.F) {
	f.Add("Hello, it is broken.\n> quoted", 7, 20, 7, "a\nb", 3)
	f.Add("你好，坏了。", 3, 9, 4, "> x", 6)
	f.Fuzz(func(t *testing.T, text string, from, to, at int, folded string, at2 int) {
		text = strings.ToValidUTF8(text, "?")
		m := &threads.Message{NewText: text, Folds: []threads.Fold{{Reason: "quote", Text: folded, At: at}, {Reason: "signature", Text: folded, At: at2}}}
		i := threads.Item{Number: 1, Kind: threads.Problem, Start: from, End: to}
		if from >= 0 && from < to && to <= len(text) {
			i.Text = text[from:to]
		}
		got, _ := blocks(m, []threads.Item{i}, messageLimits)
		var words strings.Builder
		for _, b := range got {
			for _, r := range b.Runs {
				words.WriteString(r.Text)
			}
		}
		squeeze := strings.NewReplacer("\n", "", " ", "")
		if squeeze.Replace(words.String()) != squeeze.Replace(text) {
			t.Errorf("the words %q are shown as %q", text, words.String())
		}
	})
}

func TestPiecesOfASnippet(t *testing.T) {
	for _, c := range []struct {
		marks [][2]int
		want  string
	}{
		{nil, "on the basket"},
		{[][2]int{{7, 13}}, "on the [basket]"},
		{[][2]int{{7, 13}, {0, 2}}, "[on] the [basket]"},
		{[][2]int{{0, 6}, {3, 13}}, "[on the] basket"},
		{[][2]int{{-5, 2}, {9, 99}, {4, 4}, {12, 3}}, "[on] the ba[sket]"},
	} {
		var s strings.Builder
		for _, p := range pieces("on the basket", c.marks) {
			if p.Mark {
				s.WriteString("[" + p.Text + "]")
			} else {
				s.WriteString(p.Text)
			}
		}
		if s.String() != c.want {
			t.Errorf("marks %v: %s, want %s", c.marks, s.String(), c.want)
		}
	}
}
