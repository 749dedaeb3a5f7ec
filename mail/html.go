package mail

import (
	"strings"

	"golang.org/x/net/html"
)

// Line is one line of an HTML body as a reader would see it, with what the
// markup said about it.
type Line struct {
	Text   string   // white space folded; "" for a blank line between paragraphs
	Quote  int      // how many blockquotes it stands in
	Marks  []string // what encloses it, by the names in htmlmarks.go; shared between lines, not to be changed
	Color  string   // foreground of most of the text, "#rrggbb", "" if the markup sets none
	Bullet string   // "-" or "1." if a list item begins here
	Links  []string // targets of links whose text does not show them
	Pre    bool     // the line came from preformatted text, white space as written
}

// String is the line as plain text, list marker included.
func (l Line) String() string {
	if l.Bullet != "" {
		return l.Bullet + " " + l.Text
	}
	return l.Text
}

// maxTargets bounds the link targets that are told behind a line.
const maxTargets = 5

// Targets are the pages that links of the line lead to and its text does not
// show, as they are written behind it: " <https://a.example/b>".
func (l Line) Targets() string {
	var b strings.Builder
	n := 0
	for _, link := range l.Links {
		if n < maxTargets && len(link) < 2000 && (strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://")) {
			b.WriteString(" <" + link + ">")
			n++
		}
	}
	return b.String()
}

// Marked reports whether a node of that name encloses the line.
func (l Line) Marked(name string) bool {
	for _, m := range l.Marks {
		if m == name {
			return true
		}
	}
	return false
}

// HTMLLines reads an HTML body, which is hostile input, as lines of text.
// Hidden text, scripts and styles are left out. Time and memory grow with the
// length of the input only, whatever its nesting.
func HTMLLines(src string) []Line {
	w := newWalker()
	w.read(src)
	return w.finish()
}

// HTMLText is the readable text of an HTML body: list items begin with a
// marker, a table row is one line, quoted lines have their ">" marks, and what a
// link leads to stands behind its line.
func HTMLText(src string) string {
	var b strings.Builder
	for _, l := range HTMLLines(src) {
		if q := min(l.Quote, 20); q > 0 {
			b.WriteString(strings.Repeat(">", q))
			if l.Text != "" {
				b.WriteByte(' ')
			}
		}
		b.WriteString(l.String())
		b.WriteString(l.Targets())
		b.WriteByte('\n')
	}
	return strings.Trim(b.String(), "\n")
}

// maxPictures bounds the pictures whose words are told.
const maxPictures = 50

// pictureWords are the words that stand for the pictures of an HTML body, a line
// each: all there is to read in a mail that is one large picture.
func pictureWords(src string) string {
	var all []string
	z := html.NewTokenizer(strings.NewReader(src))
	for len(all) < maxPictures {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		if t := z.Token(); t.Data == "img" {
			for _, a := range t.Attr {
				if words := fold(clean(a.Val)); a.Key == "alt" && words != "" {
					all = append(all, "["+cutText(words, 500)+"]")
				}
			}
		}
	}
	return strings.Join(all, "\n")
}
