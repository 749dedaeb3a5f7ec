package llm

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFindMapsBackToTheText(t *testing.T) {
	const text = "价格\u3000太高。\n\n  One\ttwo\r\n three. One two three.  "
	for _, c := range []struct {
		words string
		from  int
		want  string
	}{
		{"价格 太高。", 0, "价格\u3000太高。"},
		{"One two three.", 0, "One\ttwo\r\n three."},
		{" One\n two three. ", 25, "One two three."},
		{"One two three.", 39, "One\ttwo\r\n three."}, // not behind: the first
		{"one two three.", 0, ""},
		{"One two four.", 0, ""},
		{"", 0, ""},
		{" \n", 0, ""},
	} {
		start, end, _ := fold(text).find(c.words, c.from)
		if got := text[start:end]; got != c.want {
			t.Errorf("%q from %d is %q, want %q", c.words, c.from, got, c.want)
		}
	}
}

func TestNoMoreItemsThanTaken(t *testing.T) {
	items := strings.Repeat(`{"kind": "praise", "text": "a"},`, 10*maxItems)
	content, err := json.Marshal(`{"items": [` + strings.TrimSuffix(items, ",") + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	got, err := answered([]byte(`{"choices": [{"message": {"content": `+string(content)+`}}]}`), strings.Repeat("a ", 10*maxItems))
	if err != nil || len(got) != maxItems {
		t.Errorf("%d items, %v", len(got), err)
	}
}

func FuzzAnswered(f *testing.F) {
	f.Add(`{"items": [{"kind": "problem", "text": "It is back.", "facet": "technical", "urgent": true, "due": "2026-11-27"}]}`, "Hi,\n\nIt is\nback.")
	f.Add("```json\n{\"items\": [{\"kind\": \"praise\", \"text\": \"很好\"}]}\n```", "很好\u3000很好")
	f.Add("<think>{</think>}{", "\xff\xa0 a")
	f.Fuzz(func(t *testing.T, content, text string) {
		body, err := json.Marshal(map[string]any{"choices": []any{map[string]any{"message": message{"assistant", content}}}})
		if err != nil {
			t.Skip()
		}
		got, err := answered(body, text)
		if err != nil && got != nil {
			t.Errorf("readings %+v with error %v", got, err)
		}
		for _, r := range got {
			if r.Start < 0 || r.End <= r.Start || r.End > len(text) || utf8.ValidString(text) && !utf8.ValidString(text[r.Start:r.End]) {
				t.Errorf("no piece of the text: %+v", r)
			}
		}
	})
}
