package extract

import (
	"fmt"
	"strings"
	"testing"

	"rapport/threads"
)

func manyLines(n int, line string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, line+"\n", i+1)
	}
	return b.String()
}

func TestMoreItemsThanAreKept(t *testing.T) {
	const line = "- Please move the logo on page %d to the left."
	for _, c := range []struct {
		name        string
		text        string
		items, left int
		rest        string // the words of the item that stands for the rest
	}{
		{"as many as are kept", manyLines(maxItems, line), maxItems, 0, ""},
		{"one more", manyLines(maxItems+1, line), maxItems + 1, 1, "Please move the logo on page 201 to the left."},
		{"a hostile list", manyLines(5000, line), maxItems + 1, 4800, "Please move the logo on page 201 to the left."},
		{"remarks between them", manyLines(maxItems+10, line+"\n- Page %[1]d is in the second chapter."), maxItems + 1, 20, "Please move the logo on page 201 to the left."},
		{"remarks only, more than are read", strings.Repeat("- Our office is in Leeds.\n", maxRead+5), 1, 5, "Our office is in Leeds."},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Mail: textMail(c.text), Class: threads.ClassPerson}
			read := readMail(t, in)
			var readings []Reading
			for _, it := range read.Items {
				readings = append(readings, Reading{Kind: it.Kind, Start: it.Start, End: it.End})
			}
			for name, r := range map[string]Result{"read": read, "read again by a model": Reread(in, readings)} {
				if len(r.Items) != c.items || r.Left != c.left {
					t.Fatalf("%s: %d items and %d sentences left, want %d and %d", name, len(r.Items), r.Left, c.items, c.left)
				}
				if c.left == 0 {
					continue
				}
				last := r.Items[len(r.Items)-1]
				if last.Text != c.rest || last.Kind != threads.Request || last.State != threads.Open || last.Sure || last.Why != "more points follow than are taken apart" {
					t.Errorf("%s: the rest stands as %+v", name, last)
				}
				if n := len(Sentences(r.NewText)); len(r.Items)+len(r.Remarks) != n {
					t.Errorf("%s: %d items and %d remarks of %d sentences", name, len(r.Items), len(r.Remarks), n)
				}
			}
		})
	}
}

func TestLongQuotedLine(t *testing.T) {
	in := Input{Mail: textMail("> " + strings.Repeat("the plan of the harbour ", 10_000) + "\n" + strings.Repeat("Please move the logo. ", 50))}
	for _, it := range readMail(t, in).Items {
		if len(it.About) > maxAbout+len("…") {
			t.Fatalf("an item is about %d bytes", len(it.About))
		}
	}
}
