package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rapport/threads"
)

// turning makes all after it, on the same line, be read from right to left.
const turning = "\u202e"

// turned lets clients turn the direction of writing wherever they can write.
func (w *world) turned() {
	address := func(a *threads.Address) { a.Name, a.Address = turning+a.Name, turning+a.Address }
	for i := range w.messages {
		m := &w.messages[i]
		m.Subject = turning + m.Subject
		address(&m.From)
		for j := range m.To {
			address(&m.To[j])
		}
		for j := range m.Cc {
			address(&m.Cc[j])
		}
		for j := range m.Attachments {
			m.Attachments[j].Name = turning + m.Attachments[j].Name
		}
		for j := range m.Evidence {
			m.Evidence[j].Detail = turning + m.Evidence[j].Detail
		}
		for j := range m.Faults {
			m.Faults[j].Detail = turning + m.Faults[j].Detail
		}
		if m.ClassReason != "" {
			m.ClassReason = turning + m.ClassReason
		}
	}
	for i := range w.threads {
		t := &w.threads[i]
		t.Subject = turning + t.Subject
		for j := range t.People {
			address(&t.People[j])
		}
	}
	for i := range w.items {
		if w.items[i].About != "" {
			w.items[i].About = turning + w.items[i].About
		}
	}
}

// What turns the direction of writing stays within itself: else a name could
// rewrite the address beside it.
func TestNothingTurnsTheWordsBesideIt(t *testing.T) {
	w := newWorld(t)
	w.turned()
	s, found := serve(t, w), 0
	for _, page := range []string{
		"/", "/p/HARBOUR-WEB", "/p/HARBOUR-WEB/items", "/items", "/t/t0000000000000001", "/t/t0000000000000002", "/m/m0000000000000001", "/m/m0000000000000003", "/m/m0000000000000004",
		"/m/m0000000000000003/source", "/search?q=the", "/search?q=kind:person", "/tray", "/mailboxes", "/log", "/p/HARBOUR-WEB/i/F-1", "/r/r0000000000000001",
	} {
		root, err := html.Parse(strings.NewReader(body(t, s, page)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.TextNode && strings.Contains(n.Data, turning) {
				found++
				if block := turnedBy(n); block != "" {
					t.Errorf("%s: %q turns what stands beside it: %q", page, n.Data, block)
				}
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d places were looked at", found)
	}
}

// turnedBy is the text of the block in which a text stands that turns it, "" if
// the text stands there alone or within bounds of its own.
func turnedBy(n *html.Node) string {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Data {
		case "bdi", "title", "option", "textarea", "pre":
			return ""
		case "p", "li", "dd", "dt", "td", "h1", "h2", "h3", "h4", "div", "blockquote", "summary", "section", "body", "figcaption", "label", "nav":
			if words := textOf(p); strings.TrimSpace(words) != strings.TrimSpace(n.Data) {
				return words
			}
			return ""
		}
		if attr(p, "dir") != "" || strings.Contains(" "+attr(p, "class")+" ", " words ") {
			return ""
		}
	}
	return "no block"
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
