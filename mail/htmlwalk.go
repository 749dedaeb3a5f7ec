package mail

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxNesting bounds the open elements that are remembered; deeper ones are
// read as text of their parent.
const maxNesting = 256

// maxLinks bounds the link targets kept for one line.
const maxLinks = 20

// element is one open element with what it hands down to its text.
type element struct {
	tag    atom.Atom
	marks  uint64
	quote  int
	color  string
	link   string
	hidden bool
	pre    bool
	loose  bool // a blank line stands before and after it
	number int  // of the next item of an ordered list; -1 unordered, 0 no list
	from   int  // index of a row's first line
	cells  int  // of a row
}

// walker turns a stream of tags into lines. It uses the tokenizer and not the
// tree builder, whose rules for misnested tags cost quadratic time.
type walker struct {
	stack []element
	open  map[atom.Atom]int // open elements by tag, so that a stray end tag costs nothing
	lines []Line

	text   strings.Builder
	blank  bool // a blank is due before the next word
	bullet string
	marks  uint64
	quote  int
	colors map[string]int // bytes of text by colour
	links  []string
	pre    bool
	sets   map[uint64][]string
}

func newWalker() *walker {
	return &walker{
		stack:  []element{{}},
		open:   map[atom.Atom]int{},
		colors: map[string]int{},
		sets:   map[uint64][]string{0: nil},
	}
}

func (w *walker) read(src string) {
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if !w.top().hidden {
				w.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			w.start(t)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
}

func (w *walker) top() *element { return &w.stack[len(w.stack)-1] }

func (w *walker) start(t html.Token) {
	switch t.DataAtom {
	case atom.Br:
		w.lineBreak()
		return
	case atom.Hr:
		w.rule(t)
		return
	case atom.Img, atom.Input, atom.Meta, atom.Link, atom.Base, atom.Col, atom.Wbr, atom.Area, atom.Source, atom.Param:
		return
	case atom.Script, atom.Style, atom.Title, atom.Textarea, atom.Xmp, atom.Iframe, atom.Noembed, atom.Noframes:
		// The tokenizer gives their content as one text token.
		w.push(element{tag: t.DataAtom, hidden: t.DataAtom != atom.Textarea && t.DataAtom != atom.Xmp, quote: w.top().quote})
		return
	case atom.Body, atom.Html:
		w.closeAll(atom.Head)
	}
	w.closeImplied(t.DataAtom)
	parent := *w.top()
	e := inherit(parent, t)
	if blockTags[t.DataAtom] {
		w.breakBlock(e.loose)
	}
	switch t.DataAtom {
	case atom.Td, atom.Th:
		if w.text.Len() > 0 {
			w.flush()
		}
		if w.top().tag == atom.Tr {
			w.top().cells++
		}
	case atom.Tr:
		e.from = len(w.lines)
	case atom.Li:
		w.bullet = w.nextBullet()
	}
	if t.DataAtom != 0 && t.Type != html.SelfClosingTagToken {
		w.push(e)
	}
}

// inherit computes what an element hands down from its parent and attributes.
func inherit(parent element, t html.Token) element {
	e := parent
	e.tag, e.number, e.loose, e.from, e.cells = t.DataAtom, 0, false, 0, 0
	e.marks |= marksOf(t.Data, t.Attr)
	style := ""
	for _, a := range t.Attr {
		switch a.Key {
		case "style":
			style = a.Val
		case "color":
			e.color = cssColor(a.Val)
		case "hidden":
			e.hidden = true
		case "href":
			if t.DataAtom == atom.A {
				e.link = a.Val
			}
		}
	}
	css := readStyle(style)
	if css.color != "" {
		e.color = css.color
	}
	e.hidden = e.hidden || css.hidden || t.DataAtom == atom.Head || t.DataAtom == atom.Template
	switch t.DataAtom {
	case atom.Blockquote:
		e.quote++
		e.loose = true
	case atom.Pre:
		e.pre = true
		e.loose = true
	case atom.Ul, atom.Menu, atom.Dir:
		e.number = -1
		e.loose = parent.tag != atom.Li
	case atom.Ol:
		e.number = startNumber(t)
		e.loose = parent.tag != atom.Li
	case atom.P:
		e.loose = !css.tight && !hasClass(t, "MsoNormal") && !hasClass(t, "MsoListParagraph")
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Table, atom.Dl:
		e.loose = true
	}
	e.pre = e.pre || css.pre
	return e
}

func startNumber(t html.Token) int {
	for _, a := range t.Attr {
		if a.Key == "start" {
			if n, err := strconv.Atoi(a.Val); err == nil && n > 0 && n < 1e6 {
				return n
			}
		}
	}
	return 1
}

func hasClass(t html.Token, class string) bool {
	for _, a := range t.Attr {
		if a.Key == "class" && strings.Contains(a.Val, class) {
			return true
		}
	}
	return false
}

// nextBullet is the marker of the next item of the innermost open list.
func (w *walker) nextBullet() string {
	for i := len(w.stack) - 1; i >= 0; i-- {
		switch n := w.stack[i].number; {
		case n > 0:
			w.stack[i].number++
			return strconv.Itoa(n) + "."
		case n < 0:
			return "-"
		}
	}
	return "-"
}

func (w *walker) push(e element) {
	if len(w.stack) < maxNesting {
		w.stack = append(w.stack, e)
		w.open[e.tag]++
	}
}

// end closes the innermost open element of that tag and all inside it. A table
// cell or list keeps stray end tags from closing what is outside of it.
func (w *walker) end(tag atom.Atom) {
	if tag == atom.P && w.open[tag] == 0 {
		w.breakBlock(true)
		return
	}
	if tag == 0 || w.open[tag] == 0 {
		return
	}
	for i := len(w.stack) - 1; i > 0; i-- {
		e := w.stack[i]
		if e.tag == tag {
			w.pop(i)
			return
		}
		if barrier(e.tag) && !barrier(tag) && tag != atom.Tr && tag != atom.Tbody && tag != atom.Body && tag != atom.Html {
			return
		}
	}
}

func barrier(tag atom.Atom) bool {
	return tag == atom.Table || tag == atom.Td || tag == atom.Th || tag == atom.Blockquote
}

// pop closes the open elements from i on.
func (w *walker) pop(i int) {
	for len(w.stack) > i {
		e := w.top()
		if e.link != "" && e.tag == atom.A && len(w.links) < maxLinks {
			w.links = append(w.links, e.link)
		}
		if blockTags[e.tag] && !e.hidden {
			w.breakBlock(e.loose)
		}
		if e.tag == atom.Tr && e.cells > 1 {
			w.joinRow(e.from, e.cells)
		}
		w.open[e.tag]--
		w.stack = w.stack[:len(w.stack)-1]
	}
}

func (w *walker) closeAll(tag atom.Atom) {
	for i := len(w.stack) - 1; i > 0; i-- {
		if w.stack[i].tag == tag {
			w.pop(i)
		}
	}
}

// closeImplied closes what a start tag ends by HTML's rules: a paragraph at the
// next block, a list item at the next one, a cell at the next cell or row.
func (w *walker) closeImplied(tag atom.Atom) {
	switch tag {
	case atom.Li:
		w.closeWithin(atom.Li, atom.Ul, atom.Ol)
	case atom.Td, atom.Th:
		w.closeWithin(atom.Td, atom.Table, atom.Tr)
		w.closeWithin(atom.Th, atom.Table, atom.Tr)
	case atom.Tr:
		w.closeWithin(atom.Tr, atom.Table, atom.Table)
	case atom.Dt, atom.Dd:
		w.closeWithin(atom.Dt, atom.Dl, atom.Dl)
		w.closeWithin(atom.Dd, atom.Dl, atom.Dl)
	default:
		if blockTags[tag] && w.open[atom.P] > 0 {
			w.closeWithin(atom.P, atom.Div, atom.Td)
		}
	}
}

// closeWithin closes the innermost tag unless one of the two limits is nearer.
func (w *walker) closeWithin(tag, limit1, limit2 atom.Atom) {
	if w.open[tag] == 0 {
		return
	}
	for i := len(w.stack) - 1; i > 0; i-- {
		switch w.stack[i].tag {
		case tag:
			w.pop(i)
			return
		case limit1, limit2, atom.Blockquote:
			return
		}
	}
}

var blockTags = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Blockquote: true, atom.Pre: true, atom.Ul: true, atom.Ol: true,
	atom.Li: true, atom.Table: true, atom.Tr: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true,
	atom.H5: true, atom.H6: true, atom.Dl: true, atom.Dt: true, atom.Dd: true, atom.Section: true,
	atom.Article: true, atom.Header: true, atom.Footer: true, atom.Address: true, atom.Center: true,
	atom.Fieldset: true, atom.Form: true, atom.Body: true, atom.Menu: true, atom.Dir: true, atom.Caption: true,
	atom.Main: true, atom.Nav: true, atom.Aside: true, atom.Figure: true, atom.Option: true,
}
